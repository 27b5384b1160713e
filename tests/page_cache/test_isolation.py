"""Whatever a visitor sends: nobody else ever gets anything of it, nor of him.

Most of it is asked in this process, for speed. Each request carries a mark of its own in everything
that can hold one. Some of them find an empty cache, so that their answer is the one that would be
kept. After each of them a plain request for the plain address must bring exactly what it brought
before.
"""

import random
import socket
from collections import defaultdict
from urllib.parse import unquote

import pytest
from django.utils import timezone

from newsroom.sessions import SessionStore
from tests.page_cache import kept, servers
from tests.page_cache.strangers import (
    ADMINISTRATOR,
    DECEPTIVE,
    MARK,
    SECRET,
    SECRETS,
    Place,
    Request,
    one_by_one,
)
from tests.page_cache.visitors import READ

pytestmark = pytest.mark.django_db(transaction=True)

HOSTS = {"testserver", "localhost", "127.0.0.1"}


class Fuzz:
    """Strange requests and what plain ones bring between them."""

    def __init__(self, site: kept.Site, seed: int):
        self.site = site
        self.chance = random.Random(seed)
        self.place = Place()
        self.before = {path: self.plain(path) for path in self.place.public}

    def plain(self, path: str) -> tuple:
        """What somebody gets who sends nothing but the address."""
        answer = self.site.get(path)
        return answer.status, answer.headers, answer.body

    def run(self, count: int) -> None:
        for number in range(count):
            request = Request(self.chance, self.place, number)
            if self.chance.random() < (0.5 if request.path != request.address else 0.1):
                self.forget(request.address)
            answer = self._ask(request)
            self._gives_nothing_away(request, answer)
            self._left_no_trace(request)
        assert {path: self.plain(path) for path in self.place.public} == self.before
        self._all_kept_is_true()

    def forget(self, path: str) -> None:
        """Let the next answer for the address be the one that is kept."""
        for key in list(self.site.cache.shelf.pages):
            if key.path == path:
                self.site.cache.shelf.drop(key)

    def _ask(self, request: Request) -> kept.Answer:
        return self.site.get(
            request.path,
            method=request.method,
            query=request.query,
            host=request.host,
            **request.headers,
        )

    def _gives_nothing_away(self, request: Request, answer: kept.Answer) -> None:
        """He gets nothing of others before him, and what is secret only with the right to it."""
        said = f"{answer.headers} {answer.body.decode(errors='replace')}"
        assert set(MARK.findall(said)) <= {request.mark}, request
        may_see = request.is_known or request.address == self.place.ticket
        assert may_see or not any(secret in said for secret in SECRETS), request

    def _left_no_trace(self, request: Request) -> None:
        """Whoever comes next gets what was there before; what is private is asked of Django."""
        if request.address in self.before:
            assert self.plain(request.address) == self.before[request.address], request
            return
        asked = len(self.site.rendered)
        _status, headers, body = self.plain(request.address)
        assert len(self.site.rendered) == asked + 1, request
        said = f"{headers} {body.decode()}"
        assert not MARK.search(said), request
        assert request.address == self.place.ticket or ADMINISTRATOR not in said, request

    def _all_kept_is_true(self) -> None:
        """Each page in the cache is what its address shows to anybody, and public."""
        for key, page in self.site.cache.shelf.pages.items():
            fresh = self.site.fresh(key.path, query=key.query, host=key.host)
            assert page.forms[""].body == fresh.body, key
            assert key.host in HOSTS
            assert not key.path.startswith("/admin"), key
            assert "set-cookie" not in {name.lower() for name, _value in page.headers}, key
            assert not any(secret.encode() in fresh.body for secret in SECRETS), key


@pytest.fixture
def site(clock):
    """A cache in this process; no midnight comes between two requests."""
    clock(timezone.now())
    with kept.site() as made:
        yield made


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.long)])
def test_each_strange_thing_finds_a_cold_page_and_leaves_it_as_it_is(
    site, everywhere, record_property
):
    """Its answer is the one that could be kept; a plain reader then gets exactly the plain one."""
    fuzz, mark = Fuzz(site, seed=0), "dauvet0x"
    article = fuzz.place.public[6]
    paths = fuzz.place.public if everywhere else [article]
    names, asked = defaultdict(set), 0
    for strange in one_by_one(fuzz.place, mark):
        for path in paths:
            fuzz.forget(path)
            made = len(site.rendered)
            answer = site.get(path, method=strange.method, query=strange.query, **strange.headers)
            assert len(site.rendered) > made, ("not cold", strange, path)
            said = f"{answer.headers} {answer.body.decode(errors='replace')}"
            assert not any(secret in said for secret in SECRETS), (strange, path)
            assert fuzz.plain(path) == fuzz.before[path], (strange, path)
            asked += 1
        told = strange.headers.get("cookie", strange.name)
        names[strange.kind].add(told)
    fuzz._all_kept_is_true()
    counts = {kind: len(found) for kind, found in names.items()}
    assert counts["header"] >= 40
    assert counts["query"] >= 20
    assert counts["cookie"] >= 7
    assert counts["method"] >= 10
    told = ", ".join(f"{number} {kind}s" for kind, number in sorted(counts.items()))
    told = told.replace("querys", "queries")
    record_property("measured", f"{told}, {asked} requests each on a cold page: 0 differences")


def test_a_thousand_strange_requests_leave_no_trace(site):
    Fuzz(site, seed=1).run(1_000)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_twenty_thousand_do_neither(site, seed):
    Fuzz(site, seed).run(5_000)


@pytest.mark.parametrize("cookie", ["sessionid=gia-mao", "sessionid={}", "csrftoken=x; a=b"])
def test_no_cookie_gets_past_a_kept_page(site, cookie):
    """A session made up, one that is an administrator's, and none at all are answered alike."""
    place = Place()
    for path in place.public:
        first = site.get(path)
        asked = len(site.rendered)
        answer = site.get(path, cookie=cookie.format(place.session))
        assert (answer.status, answer.headers, answer.body) == (
            first.status,
            first.headers,
            first.body,
        )
        assert len(site.rendered) == asked, path
    assert SessionStore(place.session).exists(place.session)


def test_who_may_see_more_is_shown_it_and_nobody_after_him(site):
    place = Place()
    for path in place.private[:3]:
        seen = site.get(path, cookie=f"sessionid={place.session}")
        assert (seen.status, ADMINISTRATOR in seen.text) == (200, True)
        assert SECRET in seen.text or path == "/admin/"
        after = site.get(path)
        assert after.status == 302
        assert not any(secret in after.text for secret in SECRETS)
    assert SECRET in site.get(place.ticket).text
    assert not site.cache.shelf.pages


def test_paths_that_look_like_a_page_keep_nothing_of_the_desk(site, record_property):
    """An administrator goes there, signed in; whoever comes after him finds nothing of him."""
    place = Place()
    article, cookie = place.public[6], f"sessionid={place.session}"
    paths = [unquote(path.replace("{}", article)) for path in (*DECEPTIVE, *place.private[:3])]
    seen = 0
    for path in paths:
        for method in ("GET", "HEAD"):
            own = site.get(path, method=method, cookie=cookie)
            seen += ADMINISTRATOR in own.body.decode(errors="replace")
        for encoding in ("", "gzip, br"):
            after = site.get(path, accept_encoding=encoding)
            assert "set-cookie" not in after.headers, path
            said = f"{after.headers} {opened(after)}"
            assert not any(secret in said for secret in SECRETS), path
    assert seen >= 5, "what is not shown to him cannot be found after him"
    for key in site.cache.shelf.pages:
        fresh = site.fresh(key.path, query=key.query).body.decode()
        assert not any(secret in fresh for secret in SECRETS), key
    assert {site.get(path).status for path in place.private[:3]} == {302}
    record_property("measured", f"{len(paths)} deceptive paths, signed in and then not: 0 markers")


def opened(answer):
    """The words of an answer, in whatever encoding it came."""
    read = READ[answer.headers.get("content-encoding", "")]
    return read(answer.body).decode(errors="replace") if answer.body else ""


@pytest.mark.long
def test_nor_where_a_real_server_reads_the_paths(tmp_path, record_property):
    place = Place()
    article = place.public[6]
    with servers.nodes(tmp_path) as [node]:
        seen = 0
        for path in (*(path.replace("{}", article) for path in DECEPTIVE), *place.private[:3]):
            head = f"GET {path} HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n"
            own = said_over(node.port, f"{head}Cookie: sessionid={place.session}\r\n\r\n".encode())
            seen += ADMINISTRATOR.encode() in own
            after = said_over(node.port, f"{head}\r\n".encode())
            assert b"set-cookie" not in after.lower(), path
            assert not any(secret.encode() in after for secret in SECRETS), path
    assert seen >= 5
    record_property("measured", f"{len(DECEPTIVE)} deceptive paths over a socket: 0 markers")


# What only a socket can say; {path} is the address of an article.
AS = b"Host: testserver\r\n"
RAW = (
    b"GET http://dauvet1x.example/ HTTP/1.1\r\n" + AS,
    b"GET http://dauvet2x.example{path} HTTP/1.1\r\n" + AS,
    b"GET http://testserver{path} HTTP/1.1\r\nHost: dauvet3x.example\r\n",
    b"GET https://testserver{path} HTTP/1.1\r\n" + AS,
    b"GET {path} HTTP/1.1\r\nHost: dauvet4x.example\r\n" + AS,
    b"GET {path} HTTP/1.1\r\n" + AS + b"Host: dauvet5x.example\r\n",
    b"GET {path} HTTP/1.0\r\n",
    b"GET {path} HTTP/1.1\r\n",
    b"GET /%2F{path} HTTP/1.1\r\n" + AS,
    b"GET /thoi-su%2Fdauvet6x.html HTTP/1.1\r\n" + AS,
    b"GET /dauvet7x/%2e%2e{path} HTTP/1.1\r\n" + AS,
    b"GET {path};dauvet8x HTTP/1.1\r\n" + AS,
    b"GET {path}%00dauvet9x HTTP/1.1\r\n" + AS,
    b"GET {path}%0d%0aX-Mark:dauvet10x HTTP/1.1\r\n" + AS,
    b"GET /%ff%fe/ HTTP/1.1\r\n" + AS,
    b"GET /\xff\xfe/ HTTP/1.1\r\n" + AS,
    b"GET {path}#dauvet11x HTTP/1.1\r\n" + AS,
    b"GET {path}?dauvet12x HTTP/1.1\r\n" + AS + b"newsroom.freshness: dauvet12x\r\n",
    b"HEAD {path} HTTP/1.1\r\n" + AS,
    b"GET / HTTP/1.1\r\n" + AS + b"If-None-Match: *\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + AS,
    b"CONNECT dauvet13x.example:80 HTTP/1.1\r\n" + AS,
)
# Requests with a body that looks like another request.
INNER = b"GET /khong-co/ HTTP/1.1\r\nX: dauvet14x\r\nHost: testserver\r\n\r\n"
WITH_BODY = (
    b"GET / HTTP/1.1\r\n" + AS + b"Content-Length: %d\r\n\r\n" % len(INNER) + INNER,
    b"HEAD / HTTP/1.1\r\n" + AS + b"Content-Length: %d\r\n\r\n" % len(INNER) + INNER,
    b"GET / HTTP/1.1\r\n"
    + AS
    + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER),
)


def said_over(port: int, request: bytes) -> bytes:
    """Send these bytes, and return all that comes until the server has nothing more to say."""
    with socket.create_connection((servers.HOST, port), timeout=30) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65_536), b""))


def test_what_only_a_socket_can_say_leaves_no_trace_either(tmp_path):
    """Who comes after it on the same connection, and who comes on another, is told his own."""
    path = Place().public[6]
    with servers.nodes(tmp_path) as [node]:
        before = {one: node.get(one) for one in (path, "/", "/thoi-su/")}
        plain = b"GET %s HTTP/1.1\r\n%sConnection: close\r\n\r\n" % (path.encode(), AS)
        for request in (*(line + b"\r\n" for line in RAW), *WITH_BODY):
            said = said_over(node.port, request.replace(b"{path}", path.encode()) + plain)
            if said.count(b"HTTP/1.1 ") > 1:
                assert said.endswith(before[path].body), request
            assert said.count(b"HTTP/1.1 ") <= 2, request
            assert b"dauvet" not in said, request
            assert {one: node.get(one).body for one in before} == {
                one: answer.body for one, answer in before.items()
            }, request
