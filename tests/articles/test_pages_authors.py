"""Lists of authors: whatever the desk does they hold what is public, at the cost of one page."""

import datetime as dt
import json
import random
from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import listing, workflow
from articles.models import Article, Byline, Publication, Revision
from articles.paging import PAGE_SIZE
from newsroom import database_rules
from newsroom.keyset import Key
from newsroom.refusals import Refused
from tests import factories
from tests.articles import signing
from tests.articles.reader import day, listed, open_page

pytestmark = pytest.mark.django_db
MIGRATION = import_module("articles.migrations.0011_date_of_names")
NOON = day(2026, 11, 23, 12)
HOUR = dt.timedelta(hours=1)


class Desk:
    """A desk that does one thing after another at random, under three names."""

    ARTICLES = 5

    def __init__(self, chance, clock):
        self.chance, self.clock, self.now = chance, clock, NOON
        self.names = [factories.AuthorFactory() for _name in range(3)]
        self.section = factories.SectionFactory()
        self.done = Counter()

    def work(self, steps):
        """Do so many things; the lists are right after each, and at any moment in the end."""
        for _step in range(steps):
            self.now = self.clock(self.now + self.chance.randrange(90) * HOUR / 60)
            self.step()
            signing.check(self.now)
            signing.check_dates()
        for moment in self.moments()[::5]:
            signing.check(moment)

    def step(self):
        """Do one thing, or nothing where the newsroom refuses it."""
        verb = self.chance.choice(
            [self.begin, self.save, self.save, self.publish, self.publish, self.publish_again]
            + [self.schedule, self.schedule, self.unschedule, self.unschedule]
            + [self.withdraw, self.import_]
        )
        articles = list(Article.objects.order_by("pk"))
        try:
            verb(self.chance.choice(articles) if articles else self.begin())
        except Refused:
            return
        self.done[verb.__name__] += 1

    def moments(self):
        """All at which something begins or ends, and those just before."""
        sides = Publication.objects.values_list("starts_at", "ends_at")
        found = {moment for both in sides for moment in both if moment}
        return sorted(found | {moment - dt.timedelta(microseconds=1) for moment in found})

    def text(self):
        """By one to three names, of which one may stand there twice."""
        byline = self.chance.choices(self.names, k=self.chance.randint(1, 3))
        return factories.text(headline=f"Bài {self.chance.random()}", byline=byline)

    def begin(self, _other=None):
        if Article.objects.count() == self.ARTICLES:
            raise Refused
        placement = factories.placement(section=self.section)
        made = workflow.create_article(actor=None, text=self.text(), placement=placement)
        return made.article

    def save(self, article):
        base = article.newest_revision.number
        workflow.save_revision(actor=None, article=article, text=self.text(), base=base)

    def publish(self, article):
        workflow.publish(actor=None, revision=article.newest_revision)

    def schedule(self, article):
        at = self.now + self.chance.randint(1, 9) * HOUR
        workflow.publish(actor=None, revision=article.newest_revision, at=at)

    def publish_again(self, article):
        old = list(article.publications.order_by("pk"))
        if not old:
            raise Refused
        workflow.publish(actor=None, revision=self.chance.choice(old).revision)

    def unschedule(self, article):
        workflow.unschedule(actor=None, article=article)

    def withdraw(self, article):
        workflow.withdraw(actor=None, article=article, reason="Sai.")

    def import_(self, article):
        if article.first_public_at:
            raise Refused
        backdate = workflow.Backdate(self.now - self.chance.randint(1, 99) * HOUR)
        workflow.publish(actor=None, revision=article.newest_revision, backdate=backdate)


VERBS = "begin save publish schedule publish_again unschedule withdraw import_".split()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_desk_does_a_name_lists_what_is_public_under_it(seed, clock, record_property):
    desk = Desk(random.Random(seed), clock)
    desk.work(70)
    for author in desk.names:
        wanted = signing.plainly(author, desk.now)
        answer = open_page(author.get_absolute_url())
        assert answer.status_code == (200 if wanted else 404)
        assert not wanted or listed(answer.content.decode()) == wanted
    assert set(VERBS) == set(desk.done)
    moments = len(desk.moments())
    said = f"{desk.done.total()} changes, {moments} moments: each list is what a plain query finds"
    record_property("measured", said)


# What a page costs, told by the database itself.


def archive(author, count):
    """Articles an hour apart under the name, past the verbs, and as many under another's.

    Each has a draft over it, every tenth an older version that was public; every thirtieth has
    another name under it since.
    """
    section, other = factories.SectionFactory(), factories.AuthorFactory()
    start = timezone.now() - dt.timedelta(days=1)
    articles = Article.objects.bulk_create(
        Article(section=section, slug="bai", first_public_at=start - number * HOUR)
        for number in range(2 * count)
    )
    names, publications = [], []
    for number, article in enumerate(articles):
        signers = [author if number % 2 else other] * (3 if number % 20 == 1 else 2)
        if number % 60 == 1:
            signers[1] = other
        texts = [_text(article, version, start) for version in range(1, len(signers) + 1)]
        names += zip(texts, signers, strict=True)
        publications += _publications(article, texts[:-1])
    Revision.objects.bulk_create(text for text, _signer in names)
    Publication.objects.bulk_create(publications)
    Byline.objects.bulk_create(
        Byline(revision=text, article=text.article, author=signer, name=signer.name, position=1)
        for text, signer in names
    )
    MIGRATION.fill(apps, None)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def _text(article, version, at):
    values = {"headline": "Bài", "state": "approved", "saved_at": at}
    return Revision(article=article, number=version, **values)


def _publications(article, texts):
    """One after the other, half an hour each but the last."""
    starts = [article.first_public_at + number * HOUR / 2 for number in range(len(texts))]
    for text, starts_at, ends_at in zip(texts, starts, [*starts[1:], None], strict=True):
        yield Publication(article=article, revision=text, starts_at=starts_at, ends_at=ends_at)


def asked(path):
    """The statements about names under texts with which the page was made, and how many in all."""
    with CaptureQueriesContext(connection) as queries:
        answer = open_page(path)
    assert answer.status_code == 200
    found = [query["sql"] for query in queries]
    return [sql for sql in found if Byline._meta.db_table in sql], len(found)


def explained(sql):
    """The plan of a statement, in lines."""
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql.replace('%', '%%')}", [])
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def work_of(sql):
    """What the database does for a statement: rows it takes up; of SQLite steps of its machine."""
    sql = sql.replace("%", "%%")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", [])
            (found,) = cursor.fetchone()
        found = found if isinstance(found, list) else json.loads(found)
        return _rows(found[0]["Plan"])
    steps = Counter()
    with connection.cursor() as cursor:
        connection.connection.set_progress_handler(lambda: steps.update(["step"]), 1)
        try:
            cursor.execute(sql, [])
            cursor.fetchall()
        finally:
            connection.connection.set_progress_handler(None, 0)
    return steps.total()


def _rows(node):
    removed = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    own = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return own + sum(map(_rows, node.get("Plans", ())))


def addresses(author, place):
    """The first page of a list, one in the midst of it from either side, and the feed."""
    path = author.get_absolute_url()
    names = Byline.objects.filter(author=author, first_public_at__isnull=False)
    middle = names.order_by("-first_public_at")[place]
    key = Key(middle.first_public_at, middle.article_id).spelt()
    return [path, f"{path}?truoc={key}", f"{path}?sau={key}", f"{path}rss.xml"]


def test_a_page_costs_the_same_under_a_hundred_texts_and_under_thousands(record_property):
    few, many = factories.AuthorFactory(), factories.AuthorFactory()
    archive(few, 100)
    before = costs(few, 40)
    archive(many, 3000)
    after = costs(many, 1500)
    assert [number for number, _work in after] == [number for number, _work in before]
    # PostgreSQL reads a small table whole.
    assert all(work <= cheap for (_, work), (_, cheap) in zip(after, before, strict=True))
    if connection.vendor == "postgresql":
        assert max(work for _, work in after[:3]) <= 5 * (PAGE_SIZE + 1)
    what = "rows read" if connection.vendor == "postgresql" else "steps"
    figures = ", ".join(str(work) for _, work in after)
    said = f"under 3,000 texts: {figures} {what} for the first page, two in the midst, the feed"
    record_property("measured", said)


def costs(author, place):
    """How many queries each page takes, and what the database does for those about names."""
    found = []
    for path in addresses(author, place):
        statements, number = asked(path)
        found.append((number, sum(map(work_of, statements))))
    return found


def test_the_database_walks_along_the_index():
    author = factories.AuthorFactory()
    archive(author, 3000)
    for path in addresses(author, 1500):
        plans = [explained(sql) for sql in asked(path)[0]]
        assert len(plans) == 2
        for plan in plans:
            assert "article_of_author" in plan
            for costly in ("Sort", "Hash Join", "Hash Semi", "hashed", "TEMP B-TREE"):
                assert costly not in plan, plan
            for model in (Byline, Publication):
                assert f"Seq Scan on {model._meta.db_table}" not in plan, plan
            assert "SCAN" not in plan, plan


def test_the_pen_names_with_a_page_are_one_step_each():
    few, many = factories.AuthorFactory(), factories.AuthorFactory()
    archive(few, 100)
    archive(many, 3000)
    with CaptureQueriesContext(connection) as queries:
        found = set(listing.public_authors(timezone.now()))
    assert {few, many} < found
    (query,) = queries
    assert "article_of_author" in explained(query["sql"])
    assert work_of(query["sql"]) < 100 * len(found)


# The databases that are out there.


def names():
    """Every name under a text, with where and when it is listed."""
    return list(Byline.objects.order_by("pk").values())


def rules_of_table():
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, Byline._meta.db_table)


@pytest.mark.django_db(transaction=True)
def test_what_was_published_before_the_upgrade_is_listed_after_it(clock):
    desk = Desk(random.Random(7), clock)
    desk.work(40)
    before, rules = names(), rules_of_table()
    assert len({name["first_public_at"] for name in before}) > 3
    try:
        call_command("migrate", "articles", "0010", verbosity=0)
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "articles_byline")
        assert {"article_id", "first_public_at"}.isdisjoint(column.name for column in columns)
    finally:
        call_command("migrate", verbosity=0)
    assert names() == before
    assert rules_of_table() == rules
    assert database_rules.missing() == []
    signing.check(desk.now)


def test_many_names_are_dated_some_at_a_time(monkeypatch):
    monkeypatch.setattr(MIGRATION, "BATCH", 2)
    author = factories.AuthorFactory()
    for _number in range(5):
        factories.published(byline=[author, author])
    factories.withdrawn(byline=[author])
    factories.draft(byline=[author])
    before = names()
    Byline.objects.update(first_public_at=None)
    MIGRATION.fill(apps, None)
    assert names() == before
