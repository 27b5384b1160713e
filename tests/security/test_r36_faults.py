"""The database stands still, is locked or full: pages are read on, and no typed word goes lost."""

import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.test import Client

from articles.models import Revision
from comments.models import Comment
from newsroom.roles import Role
from tests import factories, postgres
from tests.articles.reader import words
from tests.articles.test_admin_form import ADD, typed
from tests.comments.makers import sent_by
from tests.page_cache.clusters import Cluster
from tests.page_cache.servers import Answer, Node, nodes, until
from tests.security import disks
from tests.security.at_work import BYLINE, session_of
from tests.security.ledger import check_the_database
from tests.security.strangers import p95, times_of_readers

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "Mong các Sở dùng chung một bản đồ."
ANSWERED_SECONDS = 6
BACK_SECONDS = 10
# Between two looks of a page cache at a database that is away.
HIT_SECONDS = 0.6
DISK_MB, TRIES = 32, 3
HEADLINE = "Chưa có chỗ chứa"
# So much, and so without a pattern, that no room left over somewhere holds it.
LONG = f"{TYPED} " + " ".join(
    "".join(random.Random(number).choices("aăâbcdđeêghiklmnoôơpqrstuưvxy", k=7))
    for number in range(230)
)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of the server's own")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a server apart")


@pytest.fixture
def article():
    return factories.published()


@pytest.fixture
def session():
    """That of a reporter whose pen name is known."""
    factories.AuthorFactory(name=BYLINE)
    return session_of(factories.user(Role.REPORTER))


def send(
    node: Node, path: str, fields: dict[str, object], session: str = ""
) -> tuple[Answer, float]:
    """Send a comment or an article; return the answer and the seconds it took."""
    begun = time.monotonic()
    answer = node.post(path, fields, session)
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


def refused_honestly(answer: Answer, seconds: float, text: str = TYPED) -> None:
    assert answer.status == 503
    assert seconds <= ANSWERED_SECONDS
    assert "không mất chữ nào" in words(answer.body.decode())
    assert text in answer.body.decode()


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


def full_while(
    node: Node, article, session: str, full: Callable[[], AbstractContextManager], told: Callable
) -> None:
    """Read and write on a full disk, and again when there is room."""
    path, form = article.get_absolute_url(), f"/binh-luan/{article.pk}/"
    kept, desk = ["/", path, "/rss.xml"], {"Cookie": f"sessionid={session}"}
    before = {one: node.get(one).body for one in kept}
    comment = sent_by(node.get(form).body.decode(), text=LONG)
    draft = typed(headline=HEADLINE, body=f"<p>{LONG}</p>" * 20)
    assert node.get("/admin/", **desk).status == 200
    took = []
    with full():
        for sent in TRIES * [(form, comment), (ADD, draft, session)]:
            answer, seconds = send(node, *sent)
            refused_honestly(answer, seconds, LONG)
            took.append(seconds)
        times = times_of_readers(node, kept, 60)
        assert p95(times) < HIT_SECONDS
        assert {one: node.get(one).body for one in kept} == before
        assert node.get("/chua-ai-xem/").status == 404, "what is not kept is read as well"
        assert node.get("/admin/", **desk).status == 200, "and the desk"
    begun = time.monotonic()
    until(lambda: node.get(form).status == 200, BACK_SECONDS, "still no room")
    back = time.monotonic() - begun
    assert send(node, form, comment)[0].status == 303
    assert send(node, ADD, draft, session)[0].status == 302
    assert [one.text for one in Comment.objects.all()] == [LONG]
    assert Revision.objects.filter(headline=HEADLINE).count() == 1
    check_the_database()
    told(
        "measured",
        f"full disk, {connection.vendor}: {len(took)} writes 503 after {max(took):.2f} s at most, "
        f"reads p95 {p95(times) * 1000:.0f} ms, back after {back:.1f} s",
    )


@on_sqlite
def test_where_no_file_of_the_server_grows(tmp_path, article, session, record_property):
    with nodes(tmp_path, workers=1) as [node]:
        full_while(node, article, session, lambda: disks.no_file_grows(node), record_property)


@contextmanager
def working_in(file):
    """Let this process work in another database meanwhile."""
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = before | {"NAME": str(file)}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


@contextmanager
def truncated_and_filled(disk):
    """Leave not even the room that the log of changes took before."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with disks.filled(disk):
        yield


@pytest.mark.long
@on_sqlite
def test_on_a_disk_without_a_byte_left(tmp_path, article, session, record_property):
    with disks.mounted(tmp_path / "disk", DISK_MB) as disk:
        file = disk / "db.sqlite3"
        connection.cursor().execute("VACUUM INTO %s", [str(file)])
        whole = nodes(tmp_path, workers=1, database=f"sqlite:///{file}")
        with working_in(file), whole as [node]:
            full_while(node, article, session, lambda: truncated_and_filled(disk), record_property)


@on_postgresql
def test_where_postgresql_says_that_it_has_no_room(tmp_path, article, session, record_property):
    cluster = Cluster()
    with nodes(tmp_path, workers=1, database=cluster.url) as [node], cluster.here():
        full_while(node, article, session, disks.refused_by_postgresql, record_property)


@pytest.mark.long
@on_postgresql
def test_where_the_disk_of_postgresql_has_no_byte_left(tmp_path, article, session, record_property):
    cluster = Cluster()
    with disks.mounted(cluster.home / "disk", DISK_MB) as disk, cluster.here():
        (disk / "tables").mkdir()
        shutil.chown(disk / "tables", postgres.OTHER_USER if os.geteuid() == 0 else None)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLESPACE tiny LOCATION '{disk}/tables'")
            for table in (Comment._meta.db_table, Revision._meta.db_table):
                cursor.execute(f"ALTER TABLE {table} SET TABLESPACE tiny")
        with nodes(tmp_path, workers=1, database=cluster.url) as [node]:
            full_while(node, article, session, partial(disks.filled, disk), record_property)
