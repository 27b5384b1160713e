"""The archive that is measured is one the newsroom could have made."""

import datetime as dt
import hashlib
import json
import random
from collections import Counter
from importlib import import_module

import pytest
from captcha.models import CaptchaStore
from django.apps import apps
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from articles import listing
from articles.models import Article, Byline, Publication, Revision, Tag
from articles.search import fts5, indexing
from articles.workflow.placing import MAX_SLUG_CHARS
from comments import moderation
from comments.models import Comment, Discussion
from comments.spam import doubles
from newsroom import database_rules, rich_text, stamps, vietnamese
from newsroom.models import LogIn, Stamp, User
from tests import factories
from tests.articles import signing
from tests.bench import (
    bulk,
    discussing,
    filling,
    furnishing,
    keeping,
    pages,
    rows,
    run,
    stories,
    texts,
    writes,
)
from tests.bench.furnishing import MODERATOR
from tests.bench.rows import Archive, Making

TOTAL = 60


def made(seed, total=TOTAL):
    """The rows of a small archive, without a database."""
    at = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    photo = factories.Photo(pk=1, alt="a", caption="b", credit="c")
    archive = Archive(
        at, dt.timedelta(hours=1), [1, 2], [1, 2, 3], [9], [7], [(1, "A"), (2, "B")], [photo], [1],
        moderator=1, consent=1,
    )  # fmt: skip
    chance = random.Random(seed)
    making = Making(archive, stories.pool(total, chance), chance)
    tables, _texts = rows.articles(making, 1, TOTAL + 1)
    discussed = discussing.comments(making, tables[Article])
    return tables | discussed | {Stamp: tables[Stamp] + discussed[Stamp]}


def test_the_same_seed_makes_the_same_archive():
    first, again, other = made(1), made(1), made(2)
    assert first == again
    assert first[Revision] != other[Revision]


def test_what_is_made_is_of_this_edition(monkeypatch):
    """If not, count `keeping.EDITION` on: then archives that were kept are made anew.

    What a migration brings to those that are kept needs no other edition.
    """
    monkeypatch.setattr(stories, "LARGE", TOTAL // 2)  # long texts and short ones
    tables = made(1, TOTAL)
    told = {model.__name__: rows for model, rows in sorted(tables.items(), key=str)}
    del told["Sketch"]  # of the last thirty days
    digest = hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()[:16]
    assert (keeping.EDITION, digest) == (2, "ce4e17bac3902f1e")


def test_texts_are_stored_as_the_editor_would_leave_them():
    tables = made(1)
    for row in tables[Revision]:
        assert rich_text.sanitise(row["body"]) == row["body"]
        assert vietnamese.clean(row["headline"]) == row["headline"]
    words = [len(rich_text.plain_text(row["body"]).split()) for row in tables[Revision]]
    assert 450 < sum(words) / len(words) < 850
    for row in tables[Comment]:
        assert vietnamese.clean(row["text"]) == row["text"]
        assert vietnamese.search_text(row["name"], row["text"]) == row["search_words"]
        assert doubles.text_hash(row["text"]) == row["text_hash"]


def test_nine_of_ten_texts_of_a_large_archive_are_short(monkeypatch):
    monkeypatch.setattr(stories, "LARGE", TOTAL // 2)
    words = [len(rich_text.plain_text(row["body"]).split()) for row in made(1)[Revision]]
    assert sum(number < 150 for number in words) == TOTAL - TOTAL // stories.EVERY + 6
    assert max(words) > 450


def test_texts_come_again_but_their_words_are_many():
    chance = random.Random(1)
    words = Counter(
        word.exact for _ in range(200) for word in stories._story(0, stories.LONG, chance).words
    )
    assert words.total() > 100_000
    assert len(words) == len({*texts.COMMON, *texts.SELDOM})
    assert max(words.values()) < 0.05 * words.total()  # as of the commonest syllables
    assert min(words.values()) < 0.001 * words.total()


def test_some_articles_have_fifty_comments_and_the_others_a_few():
    numbers = [row["approved"] for row in made(1)[Discussion]]
    assert numbers.count(discussing.MANY) == 2  # the first one and number 51
    assert max(number for number in numbers if number != discussing.MANY) <= 8


def test_what_is_rare_stands_in_about_a_hundred_articles_whatever_their_number():
    chance, endings = random.Random(1), [stories._ending(phrase) for phrase in texts.RARE]
    for total, number in ((10_000, 100), (100_000, 10)):
        pool = stories.Pool(total, [], [], [], endings)
        found = Counter(pool.ending(chance).html for _ in range(10_000))
        assert len(found) == 1 + len(texts.RARE)
        assert number * 0.8 < (10_000 - found[""]) / len(texts.RARE) < number * 1.2


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="colour"):
        list(bulk._values({"id": None}, [{"colour": "red"}]))


@pytest.fixture
def archive(db, monkeypatch):
    """A filled database, with fewer photos: to make their sizes takes longer than all the rest."""
    monkeypatch.setattr(furnishing, "PHOTOS", 2)
    filling.fill(TOTAL, random.Random(1))
    bulk.go_on_counting(*filling.NUMBERED)


def catalogue():
    """All indexes, constraints and triggers of the database, as it spells them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master")
        else:
            cursor.execute(
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid "
                "FROM pg_index UNION ALL "
                "SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
                "UNION ALL SELECT tgname, '', tgenabled = 'O' FROM pg_trigger "
                "WHERE NOT tgisinternal UNION ALL "
                "SELECT relname, relpersistence::text, false FROM pg_class WHERE relkind = 'r'"
            )
        return {*cursor.fetchall()}


def test_indexes_constraints_and_triggers_stand_as_before(db, monkeypatch):
    monkeypatch.setattr(furnishing, "PHOTOS", 2)
    before = catalogue()
    filling.fill(TOTAL, random.Random(1))
    assert catalogue() == before
    assert not database_rules.missing()


def test_what_is_kept_beside_texts_and_comments_is_true(archive):
    counted = Comment.objects.public().values_list("article").annotate(Count("pk"))
    assert dict(counted) == dict(Discussion.objects.values_list("article", "approved"))
    stamped = dict(Stamp.objects.values_list("key", "version"))
    for article in Article.objects.prefetch_related("taggings", "revisions"):
        newest = max(article.revisions.all(), key=lambda revision: revision.number)
        assert article.newest_revision == newest
        assert article.slug == vietnamese.slug(newest.headline, MAX_SLUG_CHARS)
        assert {one.first_public_at for one in article.taggings.all()} == {article.first_public_at}
        assert stamped[stamps.article(article.pk)] >= 1
    for discussion in Discussion.objects.all():
        assert stamped[stamps.comments(discussion.pk)] == discussion.approved


def test_a_pen_name_lists_what_stands_under_it(archive):
    signing.check(timezone.now())
    signing.check_dates()
    made = list(Byline.objects.order_by("pk").values())
    Byline.objects.update(first_public_at=None)
    import_module("articles.migrations.0011_date_of_names").fill(apps, None)
    assert list(Byline.objects.order_by("pk").values()) == made


def test_readers_see_an_archive_made_in_bulk(archive, client):
    connection.check_constraints()
    assert Article.objects.public(timezone.now()).count() == TOTAL
    found = pages.find(TOTAL, run.QUICK, seed=1)
    hot = client.get(found.hot).content.decode()
    assert "(50)</h2>" in hot
    shown = Comment.objects.filter(article=1, thread=None).order_by("-likes", "-pk").first()
    assert shown.text.split(".")[0] in hot
    for path in ("/", found.usual[0], found.sections[0], found.tags[0], found.common[0]):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.content.count(b".html") > 3, path
    first, deep = (client.get(path).content.decode() for path in (found.sections[0], found.deep[0]))
    assert first != deep


def test_the_search_finds_in_it_what_its_own_index_would(archive):
    def entries():
        with connection.cursor() as cursor:
            order = "rowid" if connection.vendor == "sqlite" else "place"
            cursor.execute(f"SELECT * FROM {fts5.TABLE} ORDER BY {order}")
            return cursor.fetchall()

    before = entries()
    assert indexing.rebuild() == TOTAL
    assert entries() == before
    assert len(before) == Revision.objects.count() > TOTAL


def test_writes_that_no_page_shows_are_writes(db):
    before = Stamp.objects.count()
    for number in range(4):
        writes._write(number)
    assert (LogIn.objects.count(), CaptchaStore.objects.count()) == (2, 2)
    assert Stamp.objects.count() == before


def test_the_verbs_go_on_where_it_ends(archive):
    assert Stamp.objects.get(key=stamps.FRONT).version >= TOTAL
    article = factories.published()
    assert (article.pk, Publication.objects.latest("pk").article_id) == (TOTAL + 1, article.pk)
    comment = moderation.submit(article=article, name="Lợi", text="Đúng thế.")
    moderation.approve(actor=User.objects.get(username=MODERATOR), comment=comment)
    assert Discussion.objects.get(article=article).approved == 1
    many = Comment.objects.filter(article=1).first()
    moderation.remove(actor=User.objects.get(username=MODERATOR), comment=many, reason="insult")
    assert Discussion.objects.get(article=1).approved == discussing.MANY - 1


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_tags_in_use_are_found_along_their_index(archive):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_articletag (article_id, tag_id, first_public_at) "
            "SELECT article.id, tag.id, article.first_public_at "
            "FROM articles_article article, articles_tag tag ON CONFLICT DO NOTHING"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")
    used = listing.public_tags(timezone.now()).values("pk")
    plan = Tag.objects.filter(Q(kind=Tag.Kind.PROVINCE) | Q(pk__in=used)).explain()
    assert "Scan using article_of_tag" in plan
    assert "Seq Scan on articles_articletag" not in plan
