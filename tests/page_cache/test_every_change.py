"""After each change that readers can see, every kept page is the page that Django would make.

What a page shows and does not say it shows (`freshness.shows`), and what a verb changes and does
not announce (`stamps.bump`), is found here: the change is made, and the kept page stays as it was.
"""

import datetime as dt
import random
import re
from urllib.parse import quote

import pytest
from django.db import transaction
from django.utils import timezone

from articles import catalogue, clusters, topics, workflow
from articles.mergers import merge_units, undo_merger
from articles.models import Article, ClusterMember, ClusterTerm, Province
from comments import consent, moderation, own_data
from comments.models import ClosingRule, Comment, ConsentText
from comments.moderation import redacting
from newsroom import administration, stamps
from newsroom.models import SiteSettings
from tests import factories
from tests.articles import units
from tests.comments import makers
from tests.page_cache import kept
from tests.page_cache.kept import elsewhere, until

pytestmark = pytest.mark.django_db(transaction=True)

HANOI, SAIGON = "01@pre", "79@pre"


class Town:
    """A small newsroom: two sections one in the other, tags of each kind, comments."""

    def __init__(self, seed=1, waiting=8):
        self.random = random.Random(seed)
        self.number, self.batch = 0, ""
        self.moderator = makers.moderator()
        self.section = factories.SectionFactory(name="Đời sống", slug="doi-song")
        self.within = catalogue.save_section(
            actor=None,
            section=factories.SectionFactory.build(name="Nhà", slug="nha", parent=self.section),
        )
        self.topic = topics.save_topic(
            actor=None, topic=factories.TopicFactory.build(), other_names=["Lối đi cũ"]
        )
        self.other_topic = factories.TopicFactory()
        self.cluster, self.author = factories.cluster(), factories.AuthorFactory(name="Bá Phúc")
        self.places = list(Province.objects.filter(valid_to=None).order_by("pk")[:3])
        self.articles = [self.article(self.section), self.article(self.within), self.article()]
        # The first article keeps its place and its readers' comments, most of which wait.
        self.waiting = [makers.pending(self.articles[0]) for _each in range(waiting)]
        self.comments = [self.shown()]
        ClusterMember.objects.create(
            cluster=self.cluster,
            name="Sở Xây dựng",
            province=self.places[0],
            valid_from=dt.date(2020, 1, 1),
        )

    def word(self):
        self.number += 1
        return f"Đổi {self.number}"

    def article(self, section=None):
        tags = [self.topic, self.cluster, self.places[0]]
        return factories.published(
            section=section or self.section,
            tags=tags,
            byline=[self.author],
            headline=self.word(),
        )

    def shown(self):
        """A comment that readers see from now on."""
        return moderation.approve(actor=self.moderator, comment=self.waiting.pop())

    def addresses(self):
        """One of each kind of page; those of things that are gone, or still to come, too."""
        lists = [self.section, self.within, self.topic, self.other_topic, self.cluster, self.author]
        paths = [found.get_absolute_url() for found in (*lists, self.places[0], self.places[-1])]
        stories = {story.get_absolute_url() for story in (self.articles[0], *self.articles[-2:])}
        return [
            "/",
            *paths,
            *(f"{path}rss.xml" for path in paths[1:]),
            *sorted(stories),
            *(f"/binh-luan/y-kien/{comment.pk}/" for comment in self.comments[-2:]),
            f"/binh-luan/{self.articles[0].pk}/y-kien/?xep=moi",
            "/binh-luan/quy-tac/",
            "/binh-luan/du-lieu/",
            "/rss.xml",
            "/sitemap.xml",
            "/robots.txt",
            "/favicon.svg",
            "/tim-kiem/",
            f"/tim-kiem/?q={quote('đổi')}",
            f"/tim-kiem/?q={quote('lối đi cũ')}",
            "/x/chuyen-di-999999.html",
            "/moi-mo/",
            "/chu-de/moi-co/",
        ]


def publish(town):
    town.articles.append(town.article(town.random.choice([town.section, town.within])))


def correct(town):
    story = town.articles[0]
    edited = factories.edited(Article.objects.get(pk=story.pk), headline=town.word())
    workflow.publish(actor=None, revision=edited.newest_revision)


def withdraw(town):
    shown = Article.objects.public(timezone.now()).exclude(pk=town.articles[0].pk)
    story = shown.filter(pk__in=[one.pk for one in town.articles]).first() or town.article()
    workflow.withdraw(actor=None, article=story, reason="Sai.")
    town.articles.append(story)
    publish(town)
    town.articles = town.articles[:1] + town.articles[-3:]


def place(town):
    story = town.articles[-1]
    tags = [town.other_topic, town.places[1]] if town.random.random() < 0.5 else [town.topic]
    workflow.place(
        actor=None,
        article=Article.objects.get(pk=story.pk),
        placement=factories.placement(section=town.within, tags=tags),
    )


def schedule_and_think_again(town):
    story = factories.scheduled(section=town.section, headline=town.word())
    town.articles.insert(1, story)
    workflow.unschedule(actor=None, article=story)


def rename_section(town):
    town.section.name = town.word()
    catalogue.save_section(actor=None, section=town.section)


def move_section(town):
    town.within.slug = f"nha-{town.number}"
    town.number += 1
    catalogue.save_section(actor=None, section=town.within)


def add_and_delete_section(town):
    made = catalogue.save_section(
        actor=None, section=factories.SectionFactory.build(name=town.word(), slug="moi-mo")
    )
    catalogue.delete_section(actor=None, section=made)


def rename_topic(town):
    town.topic.name = town.word()
    topics.save_topic(actor=None, topic=town.topic)


def name_topic_otherwise(town):
    topics.save_topic(actor=None, topic=town.other_topic, other_names=["Lối đi cũ " + town.word()])


def merge_topic(town):
    gone = factories.TopicFactory(slug=f"moi-co-{town.number}")
    town.articles.append(
        factories.published(section=town.section, tags=[gone], headline=town.word())
    )
    topics.merge_topics(actor=None, topic=gone, into=town.topic)


def rename_author(town):
    town.author.name = town.word()
    catalogue.save_author(actor=None, author=town.author)


def rename_cluster(town):
    town.cluster.owner = f"Bộ {town.word()}"
    catalogue.save_cluster(actor=None, cluster=town.cluster)


def change_members(town):
    member = town.cluster.members.first()
    member.name = f"Sở {town.word()}"
    clusters.save_roster(actor=None, cluster=town.cluster, members=[member])


def begin_year(town):
    last = town.cluster.terms.order_by("year").last()
    year = last.year + 1 if last else 2021
    clusters.save_roster(
        actor=None, cluster=town.cluster, terms=[ClusterTerm(cluster=town.cluster, year=year)]
    )


def merge_places(town):
    change = units.plain_change(
        town.places[0].unit_id, town.places[1].unit_id, day=dt.date(2026, 1, 1)
    )
    merged = merge_units(actor=None, change=change)
    undo_merger(actor=None, unit=merged)
    for story in town.articles:
        story.refresh_from_db()


def merge_places_for_good(town):
    merged = merge_units(
        actor=None,
        change=units.plain_change(town.places[0].unit_id, town.places[1].unit_id),
    )
    town.places.append(Province.objects.get(pk=merged.pk))
    town.places = [Province.objects.get(pk=unit.pk) for unit in town.places]


def change_the_site(town):
    site = SiteSettings.load()
    site.name, site.hotline = town.word(), f"09{town.number:08d}"
    administration.save_site_settings(actor=None, settings=site)


def close_comments_everywhere(town):
    site = SiteSettings.load()
    site.comments_open = not site.comments_open
    administration.save_site_settings(actor=None, settings=site)


def close_by_rule(town):
    rule = ClosingRule(kind="always", section=town.section, sentence=town.word())
    moderation.save_closing_rule(actor=None, rule=rule)


def delete_rule(town):
    if rule := ClosingRule.objects.first():
        moderation.delete_closing_rule(actor=None, rule=rule)


def change_consent(town):
    row = ConsentText(
        text=f"{town.word()}\n\nMới.", valid_from=timezone.now() + dt.timedelta(seconds=0.4)
    )
    consent.save(actor=None, consent=row)
    while timezone.now() < row.valid_from:
        pass


def approve(town):
    town.comments.append(town.shown())


def reply(town):
    town.comments.append(
        moderation.answer_as_desk(
            actor=factories.user("secretary"), comment=a_shown(town), text=town.word(), desk="TS"
        )
    )


def a_shown(town):
    """A comment readers see; there is always one."""
    return Comment.objects.public().filter(desk="").order_by("pk").last() or town.shown()


def remove(town):
    town.batch = town.word()
    moderation.remove(
        actor=town.moderator,
        comment=a_shown(town),
        reason="insult",
        note="",
        batch=town.batch,
    )


def undo_removal(town):
    if town.batch:
        moderation.undo(actor=town.moderator, batch=town.batch)
    town.batch = ""


def pick(town):
    comment = a_shown(town)
    verb = moderation.unpick if comment.picked_at else moderation.pick
    verb(actor=None, comment=comment)


def redact(town):
    comment = a_shown(town)
    if comment.redacted_at is None:
        text = redacting.masked(comment.text, {0})
        moderation.redact(actor=town.moderator, comment=comment, text=text, approve=False)


def take_back(town):
    moderation.withdraw(comment=a_shown(town))


def erase(town):
    own_data.erase(a_shown(town))


CHANGES = [
    publish,
    correct,
    withdraw,
    place,
    schedule_and_think_again,
    rename_section,
    move_section,
    add_and_delete_section,
    rename_topic,
    name_topic_otherwise,
    merge_topic,
    rename_author,
    rename_cluster,
    change_members,
    begin_year,
    merge_places,
    change_the_site,
    close_comments_everywhere,
    close_by_rule,
    delete_rule,
    change_consent,
    approve,
    reply,
    remove,
    undo_removal,
    pick,
    redact,
    take_back,
    erase,
    merge_places_for_good,
]


def settled(site):
    """Wait until all that was committed so far was heard."""
    with transaction.atomic():
        stamps.bump(["test:settled"])
    mark = stamps.versions(["test:settled"])["test:settled"]
    until(lambda: site.cache.hearing.state() and site.marks.get("test:settled", 0) >= mark)


@pytest.fixture
def site():
    with kept.site(limit=64 * kept.MEGABYTE) as made:
        made.marks = {}
        hear = made.cache.shelf.hear

        def noted(changes):
            changes = list(changes)
            made.marks.update(changes)
            hear(changes)

        made.cache.shelf.hear = noted
        yield made


def differing(site, addresses):
    """Return the addresses whose kept page is not what Django would answer, with both."""
    found = {}
    for path in addresses:
        before = len(site.rendered)
        given = site.get(path)
        if len(site.rendered) > before:
            continue  # made just now, by Django
        fresh = site.fresh(path)
        if (given.status, without_clock(given)) != (fresh.status, without_clock(fresh)):
            found[path] = (given.status, fresh.status)
    return found


def without_clock(answer):
    """The body without the moment an empty feed was made at."""
    return re.sub(rb"<lastBuildDate>.*?</lastBuildDate>", b"", answer.body)


def try_changes(site, town, changes):
    for change in changes:
        elsewhere(lambda change=change: change(town))
        settled(site)
        assert differing(site, town.addresses()) == {}, change.__name__
        # What is now on the shelf is what the next change must take off.
        site.rendered.clear()


def test_each_kind_of_change(site):
    try_changes(site, Town(), CHANGES)


def test_most_pages_stay_after_most_changes(site):
    """Else the test above would prove nothing."""
    town = Town()
    differing(site, town.addresses())
    site.rendered.clear()
    differing(site, town.addresses())
    assert site.rendered == [], "every page is kept"
    elsewhere(lambda: approve(town))
    settled(site)
    differing(site, town.addresses())
    assert 0 < len(set(site.rendered)) <= 6


@pytest.mark.long
def test_three_hundred_changes_in_any_order(site):
    town = Town(waiting=150)  # comments may be closed when more are wanted
    once = (merge_places, merge_places_for_good)
    usual = [change for change in CHANGES if change not in once]
    try_changes(site, town, town.random.choices(usual, k=300))
