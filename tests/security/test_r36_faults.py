"""The database stands still, is locked or full: pages are read on, and no typed word goes lost."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.test import Client

from comments.models import Comment
from tests import factories
from tests.articles.reader import words
from tests.comments.makers import sent_by
from tests.page_cache.clusters import Cluster
from tests.page_cache.servers import Answer, Node, nodes, until
from tests.security.strangers import p95, times_of_readers

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "Mong các Sở dùng chung một bản đồ."
ANSWERED_SECONDS = 6
BACK_SECONDS = 10
# Between two looks of a page cache at a database that is away.
HIT_SECONDS = 0.6


@pytest.fixture
def article():
    return factories.published()


def send(node: Node, path: str, fields: dict[str, object]) -> tuple[Answer, float]:
    """Send a comment; return the answer and the seconds it took."""
    begun = time.monotonic()
    answer = node.post(path, fields)
    return answer, time.monotonic() - begun


def all_at_once(*asked) -> list:
    """What each of these returns, done at the same time."""
    got: list = []
    doing = [threading.Thread(target=lambda one=one: got.append(one())) for one in asked]
    for one in doing:
        one.start()
    for one in doing:
        one.join()
    return got


def refused_honestly(answer: Answer, seconds: float) -> None:
    assert answer.status == 503
    assert seconds <= ANSWERED_SECONDS
    assert "không mất chữ nào" in words(answer.body.decode())
    assert TYPED in answer.body.decode()


def asked(node: Node, path: str) -> tuple[int, float]:
    begun = time.monotonic()
    return node.get(path).status, time.monotonic() - begun


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a server that can stand still")
def test_a_frozen_server_costs_readers_nothing_and_writers_no_word(tmp_path, article):
    path, form = article.get_absolute_url(), f"/binh-luan/{article.pk}/"
    cluster = Cluster()
    with nodes(tmp_path, workers=1, database=cluster.url) as [node]:
        kept = ["/", path, "/rss.xml"]
        before = {one: node.get(one).body for one in kept}
        page = node.get(form).body.decode()
        with cluster.here():
            sent = sent_by(page, text=TYPED)
        with cluster.frozen():
            new = [lambda one=one: asked(node, f"/chua-ai-xem-{one}/") for one in range(8)]
            first, *others = all_at_once(lambda: ("sent", *send(node, form, sent)), *new)
            times = times_of_readers(node, kept, 60)
            assert {one: node.get(one).body for one in kept} == before
            results = [first, *others]
            refused_honestly(*next(one[1:] for one in results if one[0] == "sent"))
            waited = [one for one in results if one[0] != "sent"]
            assert {status for status, _seconds in waited} == {503}
            assert max(seconds for _status, seconds in waited) <= ANSWERED_SECONDS
            assert p95(times) < HIT_SECONDS
        until(lambda: node.get("/chua-ai-xem/").status == 404, BACK_SECONDS)
        assert send(node, form, sent)[0].status == 303
        with cluster.here():
            assert [comment.text for comment in Comment.objects.all()] == [TYPED]


def locked_for(node: Node, article, seconds: float) -> None:
    """Somebody else writes for so long; what is read meanwhile, and sent, and sent again."""
    path, form = article.get_absolute_url(), f"/binh-luan/{article.pk}/"
    kept = ["/", path, "/rss.xml"]
    times_of_readers(node, kept, 6)
    sent = sent_by(node.get(form).body.decode(), text=TYPED)
    database = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    with closing(database):
        database.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            [(answer, took), times] = sorted(
                all_at_once(
                    lambda: send(node, form, sent), lambda: times_of_readers(node, kept, 40)
                ),
                key=lambda one: isinstance(one, list),
            )
            refused_honestly(answer, took)
            assert p95(times) < HIT_SECONDS
            assert node.get("/chua-ai-xem/").status == 404
    assert send(node, form, sent)[0].status == 303
    assert [comment.text for comment in Comment.objects.all()] == [TYPED]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one lock for all who write")
def test_a_locked_file_is_read_on_and_writers_are_told_in_time(node, article):
    locked_for(node, article, 1)


@pytest.mark.long
@pytest.mark.skipif(connection.vendor != "sqlite", reason="one lock for all who write")
def test_also_where_it_stays_locked_for_twenty_seconds(node, article):
    locked_for(node, article, 20)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file that may not grow")
def test_a_full_disk_is_read_on_and_writers_keep_their_text(article):
    form, reader = f"/binh-luan/{article.pk}/", Client(raise_request_exception=False)
    long = TYPED + " ường" * 330  # more than fits beside what is there
    sent = sent_by(reader.get(form).content.decode(), text=long)
    before = connection.cursor().execute("PRAGMA max_page_count").fetchone()[0]
    connection.cursor().execute("CREATE TABLE filling (stuff)")
    connection.cursor().execute("PRAGMA max_page_count = 1")  # no page more than it has
    try:
        _fill(connection)
        answer = reader.post(form, sent, headers={"Origin": "http://testserver"})
        assert answer.status_code == 503
        assert TYPED in answer.content.decode()
        assert reader.get(article.get_absolute_url()).status_code == 200
        assert not Comment.objects.exists()
    finally:
        connection.cursor().execute(f"PRAGMA max_page_count = {before}")
        connection.cursor().execute("DROP TABLE IF EXISTS filling")
    assert reader.post(form, sent, headers={"Origin": "http://testserver"}).status_code == 303
    assert Comment.objects.get().text == long
    assert connection.cursor().execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _fill(database) -> None:
    """Use up what room there is within the pages the file has; other tests leave some."""
    for size in (100_000, 1_000, 10):
        with pytest.raises(OperationalError, match="full"):
            _fill_with(size, database.cursor())


def _fill_with(size: int, cursor) -> None:
    while True:
        cursor.execute(f"INSERT INTO filling VALUES (zeroblob({size}))")
