"""What only a socket can say: nothing breaks, nothing hangs, nothing comes back."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests import factories
from tests.page_cache.servers import HOST, Node
from tests.security.raw_requests import MARK, corpus

pytestmark = pytest.mark.django_db(transaction=True)

HANGS_SECONDS = 10
# Who says no more and is not answered is not waited for by us either: the server waits for more.
SILENT_SECONDS = 2
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


def said(node: Node, request: bytes) -> tuple[bytes, float]:
    """Send a request; return what comes, and how long it took once nothing more was to be sent."""
    heard = b""
    with socket.create_connection((HOST, node.port), timeout=SILENT_SECONDS) as line:
        begun = time.monotonic()
        with suppress(ConnectionError, BrokenPipeError):
            line.sendall(request)
            try:
                heard = _all_of(line)
            except TimeoutError:
                line.settimeout(HANGS_SECONDS)
                line.shutdown(socket.SHUT_WR)
                begun = time.monotonic()
                heard = _all_of(line)
        return heard, time.monotonic() - begun


def _all_of(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65_536), b""))


def test_no_request_breaks_the_server_or_comes_back(node, record_property):
    path = factories.published().get_absolute_url()
    before, workers = {one: node.get(one).body for one in (path, "/")}, node.workers()
    requests = corpus()
    assert len(set(requests)) >= 150
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda request: said(node, request), requests))
    for request, (heard, seconds) in zip(requests, answers, strict=True):
        head = request[:150]
        assert not [status for status in STATUS.findall(heard) if status >= b"500"], head
        assert seconds < HANGS_SECONDS, head
        assert MARK not in heard.lower(), head
    assert node.workers() == workers
    assert {one: node.get(one).body for one in before} == before
    statuses = {status for heard, _ in answers for status in STATUS.findall(heard)}
    slowest = max(seconds for _heard, seconds in answers)
    record_property("measured", f"{len(requests)} requests, the slowest took {slowest:.2f} s")
    assert {b"200", b"400", b"404", b"411", b"413"} <= statuses
