"""What pages share is read once, and never shown a moment longer than a page made without it."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import catalogue, workflow
from articles.models import Section
from articles.views import cards
from comments.models import ClosingRule
from newsroom import freshness, parts, stamps
from newsroom.models import SiteSettings
from tests import factories
from tests.comments import makers
from tests.page_cache import kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site():
    with kept.site() as made:
        yield made


def queries(site, path):
    with CaptureQueriesContext(connection) as asked:
        assert site.get(path).status == 200
    return [
        one["sql"]
        for one in asked
        if not one["sql"].startswith(("BEGIN", "SET TRANSACTION", "ROLLBACK"))
    ]


def of_equal_sections(number):
    section = factories.SectionFactory()
    return [factories.published(section=section) for _ in range(number)]


class TestCost:
    def test_the_second_article_asks_for_nothing_that_the_first_has_asked(self, site):
        first, second = of_equal_sections(2)
        for article in (first, second):
            makers.many_shown(article, 30)
        site.get("/")
        before = len(queries(site, first.get_absolute_url()))
        after = queries(site, second.get_absolute_url())
        # The text, its photos, names and tags, three for the comments, and the versions.
        assert len(after) <= 8 < before
        assert sum("newsroom_stamp" in one for one in after) == 1

    def test_the_second_list_asks_for_what_stands_in_it(self, site):
        first, second = (of_equal_sections(1)[0].section for _ in range(2))
        site.get(first.get_absolute_url())
        # The numbers, the cards, and twice the versions: of what is shared, and of the list.
        assert len(queries(site, second.get_absolute_url())) <= 4

    def test_the_front_page_asks_anew_for_the_section_that_changed(self, site):
        articles = [of_equal_sections(3)[0] for _ in range(3)]
        before = queries(site, "/")
        factories.published(section=articles[0].section, headline="Tin sau cùng")
        after = queries(site, "/")
        assert site.get("/").body == site.fresh("/").body
        listed = [one for one in after if '"articles_revision"."headline"' in one]
        # The newest of all, and those of the one section.
        assert len(listed) == 2
        assert len(after) <= len(before)


class TestTruth:
    """Each change is seen on the page of another article than those that were kept before it."""

    def other_page(self, site, change):
        first, second = of_equal_sections(2)
        site.get(first.get_absolute_url())
        change(first)
        shown = site.get(second.get_absolute_url())
        assert shown.body == site.fresh(second.get_absolute_url()).body
        return shown.text

    def test_a_section_that_was_renamed(self, site):
        def rename(article):
            section = Section.objects.get(pk=article.section_id)
            section.name = "Nông thôn"
            catalogue.save_section(actor=None, section=section)

        assert "Nông thôn" in self.other_page(site, rename)

    def test_a_newer_article(self, site):
        assert "Tin sau cùng" in self.other_page(
            site, lambda first: factories.published(headline="Tin sau cùng", section=first.section)
        )

    def test_one_that_was_withdrawn(self, site):
        gone = factories.published(headline="Tin đã gỡ")
        assert "Tin đã gỡ" not in self.other_page(
            site,
            lambda _first: workflow.withdraw(actor=None, article=gone, reason="Sai."),
        )

    def test_a_rule_that_closes_comments(self, site):
        def close(_article):
            with transaction.atomic():
                ClosingRule.objects.create(kind=ClosingRule.Kind.ALWAYS, sentence="Tạm nghỉ.")
                stamps.bump({stamps.SITE})

        assert "Tạm nghỉ." in self.other_page(site, close)

    def test_the_name_of_the_site(self, site):
        def rename(_article):
            with transaction.atomic():
                SiteSettings(pk=1, name="Báo Mới").save()
                stamps.bump({stamps.SITE})

        assert "Báo Mới" in self.other_page(site, rename)


class TestMoments:
    """What is kept is asked for as of moments; nothing begins, ends or is seen too early."""

    def latest(self, kept_parts, at):
        with freshness.making(freshness.Freshness(parts=kept_parts)):
            return [line.headline for line in cards.latest(at, at.date())]

    def test_a_scheduled_article_appears_and_goes_on_the_second(self):
        hour, second = dt.timedelta(hours=1), dt.timedelta(seconds=1)
        factories.published(headline="Sẵn")
        one = factories.scheduled(headline="Hẹn").publications.get()
        start, end = one.starts_at, one.starts_at + hour
        one.ends_at = end
        one.save()
        found: dict = {}
        moments = (timezone.now(), start - second, start, end - second, end)
        assert [len(self.latest(found, at)) for at in moments] == [1, 1, 2, 2, 1]

    def test_a_clock_that_goes_back_sees_nothing_that_is_to_come(self):
        start = factories.scheduled(headline="Hẹn").publications.get().starts_at
        found: dict = {}
        assert self.latest(found, start) == ["Hẹn"]
        assert self.latest(found, start - dt.timedelta(seconds=1)) == []


class TestBounds:
    def test_no_more_is_kept_than_there_is_room_for(self):
        found: dict = {}
        with freshness.making(freshness.Freshness(parts=found)):
            for number in range(2 * parts.KEPT):
                parts.shared(number, timezone.now(), lambda: "")
        assert len(found) <= parts.KEPT

    def test_what_nothing_tells_of_is_made_each_time(self):
        found: dict = {}
        with freshness.making(freshness.Freshness(parts=found)) as page:
            parts.shared("x", timezone.now(), freshness.is_unforeseeable)
        assert not found
        assert not page.may_be_kept
