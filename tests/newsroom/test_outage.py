"""The database is locked or away: everybody is told so, and what was typed is not lost."""

import re
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.admin import article_verbs
from articles.models import Article
from comments import moderation
from comments.models import Comment
from newsroom import outage
from newsroom.page_cache import SECONDS_AWAY
from tests import factories
from tests.articles.reader import words
from tests.articles.test_admin_form import ADD, typed
from tests.comments import makers
from tests.comments.desk import form, state_of, url
from tests.comments.makers import sent_by
from tests.page_cache import kept

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = "Mong các Sở dùng chung một bản đồ."
OURS = {"HTTP_ORIGIN": "http://testserver"}
FIELD = re.compile(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', re.DOTALL)


def a_client():
    return Client(raise_request_exception=False)


@contextmanager
def locked():
    """Somebody else writes, and does not come to an end."""
    if connection.vendor == "postgresql":
        with away():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")  # else each waits five seconds
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def away():
    """Nobody gets a connection."""
    connection.close()
    gone = server_closed if connection.vendor == "postgresql" else file_gone
    with gone(connection.settings_dict):
        yield
    connection.close()


@contextmanager
def file_gone(settings):
    path = Path(settings["NAME"])
    elsewhere = path.rename(path.with_suffix(".elsewhere"))
    path.mkdir()
    try:
        yield
    finally:
        connection.close()
        path.rmdir()
        elsewhere.rename(path)


@contextmanager
def server_closed(settings):
    name = settings["NAME"]
    place = {"host": settings["HOST"], "port": settings["PORT"] or None, "user": settings["USER"]}
    with psycopg.connect(**place, dbname="postgres", autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_a_comment_is_not_lost_and_goes_in_afterwards():
    article, reader = factories.published(), a_client()
    path = f"/binh-luan/{article.pk}/"
    sent = sent_by(reader.get(path).content.decode(), text=TYPED)
    with locked():
        answer = reader.post(path, sent, **OURS)
    shown = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Retry-After"]) > 0
    assert "Chưa lưu được, nhưng không mất chữ nào" in words(shown)
    again = dict(FIELD.findall(shown))
    assert again.items() >= sent.items()
    assert not Comment.objects.exists()
    reader.post(path, again, **OURS)
    assert Comment.objects.get().text == TYPED


def test_a_text_of_the_desk_is_kept_in_the_page():
    writer = a_client()
    writer.force_login(factories.user("reporter"))
    with away():
        answer = writer.post("/admin/articles/article/add/", {"headline": TYPED}, **OURS)
    assert answer.status_code == 503
    assert TYPED in words(answer.content.decode())
    assert 'action="/admin/articles/article/add/"' in answer.content.decode()


@contextmanager
def going_away_at(monkeypatch, module, name):
    """The database is there until this is called."""

    def gone(*args, **kwargs):
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr(module, name, gone)
        yield


@pytest.mark.parametrize("step", ["publish", "done"])
def test_what_is_not_published_is_not_saved_either_and_sent_again_it_is_there_once(
    monkeypatch, step
):
    """Else the text is there, the page says it is not, and pressing again makes a second one."""
    writer, section = a_client(), factories.SectionFactory()
    author = factories.AuthorFactory()
    writer.force_login(factories.user("secretary"))
    form = typed("publish", headline=TYPED, section=section.pk, byline=[author.name])
    where = {"publish": workflow, "done": article_verbs}[step]
    with going_away_at(monkeypatch, where, step):
        answer = writer.post(ADD, form, **OURS)
    assert answer.status_code == 503
    assert "Chưa lưu được, nhưng không mất chữ nào" in words(answer.content.decode())
    assert not Article.objects.exists()
    assert writer.post(ADD, form, **OURS).status_code == 302
    assert Article.objects.public(timezone.now()).get().newest_revision.headline == TYPED


def test_what_was_decided_is_said_to_be_where_no_other_can_be_opened(monkeypatch):
    desk, comment = a_client(), makers.pending()
    makers.pending(comment.article)
    desk.force_login(makers.moderator())
    with going_away_at(monkeypatch, moderation, "claim_first"):
        answer = desk.post(url(comment), form(comment, "approve"), **OURS)
    assert state_of(comment) == Comment.State.APPROVED
    assert answer.status_code == 302
    assert "undo=" in answer["Location"]


def test_a_strangers_form_does_not_come_back():
    with away():
        answer = a_client().post(
            "/admin/login/", {"username": "zqmark"}, HTTP_ORIGIN="http://evil.example"
        )
    assert "zqmark" not in answer.content.decode()


def test_a_password_stays_out():
    with away():
        answer = a_client().post(
            "/admin/login/", {"username": "lan", "password": "zq mark"}, **OURS
        )
    assert answer.status_code == 503
    assert "zq mark" not in answer.content.decode()
    assert "Mật khẩu không được giữ" in words(answer.content.decode())


def test_who_only_reads_is_told_to_come_back():
    with away():
        answer = a_client().get("/")
    assert answer.status_code == 503
    assert "thường qua đi trong một phút" in words(answer.content.decode())


@pytest.mark.skipif(connection.vendor == "sqlite", reason="an open file does not go away")
def test_readers_of_kept_pages_notice_nothing():
    article = factories.published()
    path = article.get_absolute_url()
    with kept.site() as site:
        page = site.get(path)
        with away():
            # Longer than what was heard last may be relied on.
            kept.until(lambda: site.get(path).headers["cache-control"] == "no-store")
            begun, asked = time.monotonic(), site.rendered.count(path)
            assert {site.get(path).body for _time in range(100)} == {page.body}
            # Now and then Django is asked, which may reach what we do not.
            spells = (time.monotonic() - begun) / SECONDS_AWAY
            assert site.rendered.count(path) - asked <= 1 + spells
            assert site.get("/chua-ai-hoi/").status == 503
        kept.until(lambda: site.get(path).headers["cache-control"] == "no-cache")


@pytest.mark.parametrize(
    ("error", "cause", "meant"),
    [
        (OperationalError(), sqlite3.SQLITE_BUSY, True),
        (OperationalError(), sqlite3.SQLITE_BUSY_SNAPSHOT, True),
        (OperationalError(), sqlite3.SQLITE_FULL, True),
        (OperationalError(), sqlite3.SQLITE_ERROR, False),  # no such column
        (OperationalError(), None, True),
        (ProgrammingError(), None, False),
        (ValueError(), None, False),
        (None, None, False),
    ],
)
def test_only_what_passes_is_an_outage(error, cause, meant):
    if cause is not None:
        error.__cause__ = sqlite3.OperationalError()
        error.__cause__.sqlite_errorcode = cause
    assert outage.is_meant(error) is meant
