"""Processes die and are begun anew, the database goes away and comes back, and readers read on."""

import os
import signal
import time
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from articles import workflow
from articles.models import Article
from newsroom.roles import Role
from tests import factories
from tests.page_cache import servers
from tests.page_cache.clusters import Cluster
from tests.page_cache.servers import Node, until
from tests.page_cache.visitors import Visit, visiting

pytestmark = pytest.mark.django_db(transaction=True)

HEARD_SECONDS = 0.25
GONE_SECONDS = 3
LONG_GONE_SECONDS = 10


@pytest.fixture
def on_postgresql():
    """Skips elsewhere: the run with TEST_DB=postgres does it."""
    if connection.vendor != "postgresql":
        pytest.skip("one PostgreSQL for all nodes: see the run on PostgreSQL")


@pytest.fixture
def on_sqlite():
    """Skips elsewhere: what no database decides is asked in the run on SQLite."""
    if connection.vendor != "sqlite":
        pytest.skip("processes and connections only: see the run on SQLite")


@pytest.fixture
def article():
    return factories.published()


def lost(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if not 0 < visit.status < 500]


def _hit(visit: Visit, deaths: list[tuple[float, float]]) -> bool:
    """Whether the visitor was there when a worker died, be it with a connection in hand."""
    there = visit.start if visit.is_first else visit.opened
    return any(there <= gone and visit.end >= killed for killed, gone in deaths)


@pytest.mark.usefixtures("on_sqlite")
class TestProcesses:
    def test_with_a_worker_only_the_requests_it_was_at_are_lost(self, tmp_path, article):
        paths = ["/", article.get_absolute_url()]
        with servers.nodes(tmp_path) as [node], visiting([node.port], paths) as visits:
            time.sleep(0.5)
            # After the second one only workers that were begun anew are there.
            deaths = [self._dies_and_comes_back(node) for _time in range(2)]
            time.sleep(0.5)
        assert [visit for visit in lost(visits) if not _hit(visit, deaths)] == []
        assert visits[-1].start > deaths[-1][1]

    def _dies_and_comes_back(self, node: Node) -> tuple[float, float]:
        killed = time.time()
        victim = node.kill_worker()
        until(lambda: victim not in node.workers())
        gone = time.time()
        until(lambda: node.listening() == 2)
        return killed, gone

    @pytest.mark.long
    def test_a_server_of_one_worker_is_back_in_five_seconds(self, tmp_path):
        with servers.nodes(tmp_path, workers=1) as [node]:
            node.kill_worker()
            until(node.answers, 5)

    def test_a_reload_loses_nobody_who_tries_a_closed_connection_again(self, tmp_path, article):
        paths = ["/", article.get_absolute_url()]
        with servers.nodes(tmp_path) as [node], visiting([node.port], paths) as visits:
            old = node.workers()
            os.kill(node.pid, signal.SIGHUP)
            until(lambda: not node.workers() & old)
            time.sleep(0.5)
        assert [visit for visit in lost(visits) if visit.is_first] == []
        assert len(visits) > 100


@pytest.mark.usefixtures("on_postgresql")
class TestOneDatabase:
    def test_what_is_published_on_one_node_is_read_on_the_other(self, tmp_path):
        article = factories.draft(headline="Bài từ máy thứ nhất")
        workflow.place(
            actor=None,
            article=article,
            placement=factories.placement(section=article.section, slug="bai"),
        )
        article.refresh_from_db()
        secretary = Client()
        secretary.force_login(factories.user(Role.SECRETARY))
        session = secretary.cookies["sessionid"].value
        with servers.nodes(tmp_path, count=2, workers=1) as [writes, reads]:
            path = article.get_absolute_url()
            assert [reads.get(one).status for one in (path, "/")] == [404, 200]
            answer = writes.post(
                f"/admin/articles/article/{article.pk}/change/", _form(article), session
            )
            assert answer.status == 302, answer.body.decode()
            time.sleep(HEARD_SECONDS)
            for node in (reads, writes):
                assert node.get(path).status == 200
                assert "Bài từ máy thứ nhất" in node.get("/").body.decode()

    @pytest.mark.parametrize("listens", [True, False])
    def test_what_listens_may_have_an_address_of_its_own(self, tmp_path, article, listens):
        url = servers.database_url()
        other = url if listens else urlsplit(url)._replace(netloc="nobody@127.0.0.1:1").geturl()
        told = {"LISTEN_DATABASE_URL": other, "PREPARE_THRESHOLD": "0"}
        with servers.nodes(tmp_path, **told) as [node]:
            path = article.get_absolute_url()
            for _time in range(8):
                assert node.get(path).status == node.get("/").status == 200
            workflow.withdraw(actor=None, article=article, reason="Sai tên.")
            time.sleep(HEARD_SECONDS)
            # Where nothing can be heard nor asked, each page is made; it is never an old one.
            for _time in range(8):
                assert node.get(path).status == 410
                assert "Cầu mới thông xe" not in node.get("/").body.decode()

    def test_readers_read_on_while_it_is_away_and_all_is_well_after(self, tmp_path, article):
        away(tmp_path, article, GONE_SECONDS)

    @pytest.mark.long
    def test_also_when_it_is_away_for_longer(self, tmp_path, article):
        away(tmp_path, article, LONG_GONE_SECONDS)


def _form(article: Article) -> dict[str, object]:
    """What the form of an article sends when somebody presses “Publish”."""
    revision = article.newest_revision
    return {
        "verb": "publish",
        "base": revision.number,
        "place_base": workflow.current_placement(article).mark,
        "headline": revision.headline,
        "standfirst": revision.standfirst,
        "body": revision.body,
        "section": article.section_id,
        "slug": article.slug,
        "comments_open": "on",
        "byline-TOTAL_FORMS": 1,
        "byline-INITIAL_FORMS": 0,
        "byline-0-name": revision.byline.get().author.name,
        "byline-0-part": "text",
    }


def away(folder, article: Article, seconds: float) -> None:
    """Take the database away from under readers, and bring it back."""
    path, cluster = article.get_absolute_url(), Cluster()
    paths = ["/", "/rss.xml", path]
    with servers.nodes(folder, workers=1, database=cluster.url) as [node]:
        before = {one: node.get(one).body for one in paths}
        with visiting([node.port], paths) as visits:
            time.sleep(0.3)
            cluster.stop()
            gone = time.time()
            time.sleep(seconds)
            for one in paths:
                answer = node.get(one)
                assert (answer.status, answer.body) == (200, before[one])
                assert answer.headers["cache-control"] == "no-store"
            assert node.get("/chua-ai-xem/").status == 503
            back = time.time()
            cluster.start()
        assert lost(visits) == []
        without = [one for one in visits if gone + 1 < one.start and one.end < back]
        assert len(without) > 10
        assert {one.cache_control for one in without} == {"no-store"}
        _all_is_well(node, cluster, article)


def _all_is_well(node: Node, cluster: Cluster, article: Article) -> None:
    """Pages may be kept again, and go when something changes."""
    until(lambda: node.get("/").headers["cache-control"] == "no-cache")
    assert node.get("/chua-ai-xem/").status == 404
    with cluster.here():
        workflow.withdraw(actor=None, article=article, reason="Sai tên.")
    time.sleep(HEARD_SECONDS)
    assert node.get(article.get_absolute_url()).status == 410
    assert "Cầu mới thông xe" not in node.get("/").body.decode()
