"""Half a head, half a body, an answer nobody reads: all others are served as if nobody did that."""

import http.client
import select
import threading
import time
from contextlib import ExitStack
from statistics import median

import pytest

from comments.models import Comment
from tests import factories
from tests.articles.reader import words
from tests.page_cache.servers import HOST, SITE, Node, nodes, until
from tests.security.strangers import (
    HALF_HEAD,
    answered,
    ask,
    half_body,
    holding,
    p95,
    times_of_readers,
)

pytestmark = pytest.mark.django_db(transaction=True)

# So quick that a machine with other things to do is not measured instead.
NOT_SLOW_SECONDS = 0.05
PLACES = 64


@pytest.fixture
def article():
    return factories.published()


def send(node: Node, path: str, body: bytes, **headers: str) -> tuple[int, str]:
    """Send a form as no page of ours has made it; return what is answered."""
    line = http.client.HTTPConnection(HOST, node.port, timeout=20)
    kind = {"Host": SITE, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", path, body, {**kind, **headers})
    answer = line.getresponse()
    return answer.status, answer.read().decode()


def writers(node: Node, path: str, count: int) -> list[int]:
    """The statuses so many get who send a form at the same time."""
    got: list[int] = []
    sent = b"a=b&text=" + b"x" * 3_000

    def write() -> None:
        got.append(send(node, path, sent)[0])

    all_of_them = [threading.Thread(target=write) for _one in range(count)]
    for one in all_of_them:
        one.start()
    for one in all_of_them:
        one.join()
    return got


def served_beside(
    node: Node, article, each: int, visits: int, settling: float = 0
) -> tuple[float, float]:
    """p95 of readers alone, and beside so many of each kind of stranger; writers get in too.

    Strangers get `settling` seconds first: to begin 160 large files is work, to hold them is none.
    """
    path = article.get_absolute_url()
    form, paths = f"/binh-luan/{article.pk}/", ["/", path, "/rss.xml"]
    idle = p95(times_of_readers(node, paths, visits))
    lines = [HALF_HEAD] * each + [half_body(form)] * each
    lines += [ask("/static/ckeditor/ckeditor/ckeditor.js") * 4] * each
    with holding(node, *lines):
        time.sleep(settling)
        beside = p95(times_of_readers(node, paths, visits))
        got = writers(node, form, 16)
    assert len(got) == 16
    assert 503 not in got, got
    return idle, beside


def test_readers_and_writers_are_served_beside_twelve_of_each(node, article):
    idle, beside = served_beside(node, article, each=12, visits=100)
    assert beside <= max(2 * idle, NOT_SLOW_SECONDS)


@pytest.mark.long
@pytest.mark.alone
def test_also_beside_forty_of_each(node, article, record_property):
    for _time in range(3):
        idle, beside = served_beside(node, article, each=40, visits=600)
        record_property("measured", said(idle, beside, "3 x 40 who have just come"))
        assert beside <= max(2 * idle, NOT_SLOW_SECONDS)


@pytest.mark.long
@pytest.mark.alone
def test_who_is_held_costs_the_others_nothing(node, article, record_property):
    found = [served_beside(node, article, each=40, visits=600, settling=3) for _time in range(5)]
    for idle, beside in found:
        record_property("measured", said(idle, beside, "3 x 40"))
    assert median(beside / idle for idle, beside in found) <= 2


def said(idle: float, beside: float, whom: str) -> str:
    return f"p95 of readers: {idle * 1000:.1f} ms alone, {beside * 1000:.1f} ms beside {whom}"


def test_where_too_many_keep_a_place_who_writes_is_told_so_at_once(node, article):
    form = f"/binh-luan/{article.pk}/"

    def is_refused() -> bool:
        status, _page = send(node, form, b"a=b")
        # Who asks here may have taken the place of one that came just then: another comes for him.
        for line in select.select(lines, [], [], 0)[0]:
            lines.remove(line)
            lines.extend(held.enter_context(holding(node, half_body(form))))
        return status == 503

    with ExitStack() as held:
        lines = list(held.enter_context(holding(node, *[half_body(form)] * PLACES)))
        until(is_refused)
        assert len(lines) == PLACES
        begun = time.monotonic()
        status, page = send(node, form, b"a=b")
        assert time.monotonic() - begun < 2
        assert status == 503
        assert "Máy chủ đang bận" in words(page)
        assert "quay lại của trình duyệt" in page
        assert node.get(article.get_absolute_url()).status == 200
    until(lambda: send(node, form, b"a=b")[0] == 403)
    assert not Comment.objects.exists()


def test_a_body_that_is_too_large_or_unmeasured_is_not_even_read(node, article):
    form = f"/binh-luan/{article.pk}/"
    assert send(node, form, b"a=" + b"x" * 65_000)[0] == 403  # taken in; no token of ours
    for path, length in ((form, 64 * 1024 + 1), ("/admin/login/", 25 * 1024 * 1024 + 1)):
        with holding(node, half_body(path, length)) as [line]:
            said = answered(line, 5)
        assert said.startswith(b"HTTP/1.1 413"), path
        assert b"content-security-policy" in said
    chunked = half_body(form).replace("Content-Length: 1000", "Transfer-Encoding: chunked")
    with holding(node, chunked) as [line]:
        assert answered(line, 5).startswith(b"HTTP/1.1 411")


@pytest.mark.long
def test_a_server_with_half_bodies_in_it_stops_in_time(tmp_path, article):
    said = [half_body(f"/binh-luan/{article.pk}/")] * 20
    with nodes(tmp_path, workers=1) as [node], holding(node, *said):
        node.process.terminate()
        assert node.process.wait(15) is not None
