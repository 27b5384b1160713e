"""The archive that is measured is one the newsroom could have made."""

import datetime as dt
import random

import pytest
from captcha.models import CaptchaStore
from django.db import connection
from django.utils import timezone

from articles.models import Article, Publication, Revision
from articles.search import fts5, indexing
from comments import moderation
from comments.models import Comment, Discussion
from newsroom import rich_text, stamps, vietnamese
from newsroom.models import LogIn, Stamp, User
from tests import factories
from tests.bench import bulk, discussing, filling, furnishing, pages, rows, run, texts, writes
from tests.bench.furnishing import MODERATOR
from tests.bench.rows import Archive, Making

TOTAL = 60


def made(seed):
    """The rows of a small archive, without a database."""
    at = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    photo = factories.Photo(pk=1, alt="a", caption="b", credit="c")
    archive = Archive(
        at, dt.timedelta(hours=1), [1, 2], [1, 2, 3], [9], [7], [(1, "A"), (2, "B")], [photo], [1],
        moderator=1, consent=1,
    )  # fmt: skip
    making = Making(archive, random.Random(seed))
    tables = rows.articles(making, 1, TOTAL + 1, TOTAL)
    return tables | discussing.comments(making, tables[Article])


def test_the_same_seed_makes_the_same_archive():
    first, again, other = made(1), made(1), made(2)
    assert first == again
    assert first[Revision] != other[Revision]


def test_texts_are_stored_as_the_editor_would_leave_them():
    tables = made(1)
    for row in tables[Revision]:
        assert rich_text.sanitise(row["body"]) == row["body"]
        assert vietnamese.clean(row["headline"]) == row["headline"]
    words = [len(rich_text.plain_text(row["body"]).split()) for row in tables[Revision]]
    assert 450 < sum(words) / len(words) < 850


def test_some_articles_have_fifty_comments_and_the_others_a_few():
    numbers = [row["approved"] for row in made(1)[Discussion]]
    assert numbers.count(discussing.MANY) == 2  # the first one and number 51
    assert max(number for number in numbers if number != discussing.MANY) <= 8


def test_what_is_rare_stands_in_about_one_of_a_hundred_articles():
    chance = random.Random(1)
    bodies = [texts.body(chance) for _ in range(1_000)]
    each = [sum(phrase in body for body in bodies) for phrase in texts.RARE]
    assert 5 <= sum(each) / len(each) <= 15


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="colour"):
        list(bulk._values({"id": None}, [{"colour": "red"}]))


@pytest.fixture
def archive(db, monkeypatch):
    """A filled database, with fewer photos: to make their sizes takes longer than all the rest."""
    monkeypatch.setattr(furnishing, "PHOTOS", 2)
    filling.fill(TOTAL, random.Random(1))
    bulk.go_on_counting(*filling.NUMBERED)


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
