"""Whatever a visitor sends: nobody else ever gets anything of it, nor of him.

Most of it is asked in this process, for speed. Each request carries a mark of its own in everything
that can hold one. Some of them find an empty cache, so that their answer is the one that would be
kept. After each of them a plain request for the plain address must bring exactly what it brought
before.
"""

import random
import re
import socket
from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from comments import tickets
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.page_cache import kept, servers

pytestmark = pytest.mark.django_db(transaction=True)

MARK = re.compile(r"dauvet\d+x")
HOSTS = {"testserver", "localhost", "127.0.0.1"}
SECRET = "Tin mật chưa ai được đọc"
ADDRESS = "nguoi.gui@example.com"
ADMINISTRATOR = "Đặng Thị Quản Trị"
SECRETS = (SECRET, ADDRESS, ADMINISTRATOR)

# What carries a mark; {} is its place.
HEADERS = {
    "x_forwarded_host": ("{}.example", "testserver", "evil.example:{}"),
    "x_forwarded_proto": ("https", "{}", "http, https"),
    "x_forwarded_port": ("8443", "{}"),
    "x_forwarded_prefix": ("/{}",),
    "x_forwarded_for": ("10.1.2.3, {}",),
    "x_original_url": ("/admin/?{}",),
    "x_rewrite_url": ("/{}/",),
    "x_http_method_override": ("POST", "DELETE", "{}"),
    "x_host": ("{}.example",),
    "forwarded": ("host={}.example;proto=https",),
    "referer": ("http://{}.example/",),
    "origin": ("http://{}.example", "null"),
    "user_agent": ("<b>{}</b>",),
    "accept": ("application/{}", "image/webp", "*/*"),
    "accept_language": ("en", "{}"),
    "accept_encoding": (
        *("br", "gzip", "gzip;q=0", "br;q=0.000, gzip", "*", "identity;q=0", "GZIP", "{}"),
        *("gzip, gzip", ",,,", "br;q=abc", "gzip;q=1.0;x={}", "deflate", "x" * 4_000),
    ),
    "authorization": ("Basic {}", "Bearer {}"),
    "cookie": (
        *("sessionid={}", "csrftoken={}", "sessionid={}; csrftoken={}; messages={}", "{}"),
        *("sessionid=", "=;=;;", 'a="{}"; sessionid={}'),
    ),
    "range": ("bytes=0-9", "bytes=-1", "bytes={}"),
    "if_range": ('"{}"',),
    "if_none_match": ('"{}"', 'W/"{}"', "{}", '"', ",", ""),
    "if_match": ('"{}"', "*"),
    "if_modified_since": ("Thu, 01 Jan 1970 00:00:00 GMT", "{}"),
    "cache_control": ("no-cache", "max-age=0", "only-if-cached, {}"),
    "pragma": ("no-cache",),
    "content_type": ("text/{}", "multipart/form-data; boundary={}"),
    "transfer_encoding": ("chunked",),
    "newsroom_freshness": ("{}",),
    "x_csrftoken": ("{}",),
    "x_requested_with": ("XMLHttpRequest",),
}
QUERIES = (
    *("", "", "{}", "{}=1", "utm_source={}", "fbclid={}&gclid={}", "_method=POST&{}"),
    *("preview={}", "page={}", "truoc={}", "sau={}", "xep={}", "truoc=1_1&truoc={}"),
    *(
        "q={}",
        "q={}&q=xe",
        "q=xe",
        "%ff%fe={}",
        "%00{}",
        "a=b;c={}",
        "&&&={}&",
        "__debug__={}",
        "x=" + "y" * 3_000,
    ),
)
PATHS: tuple[Callable[[str, str], str], ...] = (
    *[lambda path, mark: path] * 16,
    lambda path, mark: f"{path};{mark}",
    lambda path, mark: f"/;{mark}{path}",
    lambda path, mark: f"/{path}",
    lambda path, mark: f"//{mark}.example{path}",
    lambda path, mark: path.upper(),
    lambda path, mark: path.rstrip("/"),
    lambda path, mark: f"{path}/",
    lambda path, mark: f"{path}{mark}",
    lambda path, mark: f"/{mark}/..{path}",
    lambda path, mark: f"/.{path}",
    lambda path, mark: path.replace("/", "%2F"),
    lambda path, mark: path.replace("/", "\\"),
    lambda path, mark: f"{path}\0{mark}",
    lambda path, mark: f"{path}\r\nX-Mark: {mark}",
    lambda path, mark: path.lstrip("/"),
    lambda path, mark: f"/{mark}-ÿ\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
)
METHODS = ("GET",) * 12 + ("HEAD",) * 4 + ("POST", "OPTIONS", "PUT", "get", "TRACE", "PURGE")
NAMES = (
    *("testserver",) * 12,
    *("TESTSERVER", "testserver:80", "testserver.", "localhost", "127.0.0.1:1", "evil.example"),
    *("testserver@evil.example", "testserver:{}", "{}.testserver", "", "testserver, evil.example"),
)


class Place:
    """Pages of every kind, what nobody else may see, and the session of an administrator."""

    def __init__(self):
        section = factories.SectionFactory(name="Thời sự", slug="thoi-su")
        author = factories.AuthorFactory()
        topic = factories.TopicFactory()
        made = {"section": section, "byline": [author], "tags": [topic]}
        article, gone = factories.published(**made), factories.withdrawn(**made)
        shown = makers.shown(article)
        draft = factories.draft(headline=SECRET, **made)
        waiting = makers.pending(article, text=f"{SECRET}.", email=ADDRESS)
        path = article.get_absolute_url()
        self.public = [
            *("/", "/rss.xml", "/thoi-su/", "/khong-co/", "/sitemap.xml", "/tim-kiem/", path),
            *(gone.get_absolute_url(), author.get_absolute_url(), topic.get_absolute_url()),
            *(f"/thoi-su/x-{article.pk}.html", f"/binh-luan/{article.pk}/y-kien/"),
            f"/binh-luan/y-kien/{shown.pk}/",
        ]
        self.ticket = tickets.url_of(waiting)
        self.private = [
            *("/admin/", f"/admin/articles/article/{draft.pk}/change/"),
            *("/admin/articles/article/", "/admin/login/", self.ticket, "/healthz"),
            *(f"/binh-luan/{article.pk}/", f"/binh-luan/y-kien/{shown.pk}/bao-cao/"),
        ]
        self.session = _session()


def _session() -> str:
    visitor = Client()
    roles = (Role.ADMINISTRATOR, Role.SECRETARY)
    visitor.force_login(factories.user(*roles, full_name=ADMINISTRATOR))
    return visitor.cookies["sessionid"].value


class Request:
    """One strange request, by chance; `mark` stands wherever there is room for it."""

    def __init__(self, chance: random.Random, place: Place, number: int):
        self.mark = f"dauvet{number}x"
        self.address = chance.choice(place.private if chance.random() < 0.07 else place.public)
        self.path = chance.choice(PATHS)(self.address, self.mark)
        self.method = chance.choice(METHODS)
        self.query = self._marked(chance.choice(QUERIES))
        self.host = self._marked(chance.choice(NAMES))
        chosen = chance.sample(sorted(HEADERS), chance.randrange(6))
        self.headers = {name: self._marked(chance.choice(HEADERS[name])) for name in chosen}
        self.is_known = chance.random() < 0.2
        if self.is_known:
            self.headers["cookie"] = f"sessionid={place.session}"

    def _marked(self, text: str) -> str:
        return text.replace("{}", self.mark)

    def __repr__(self):
        return f"{self.method} {self.path!r} ? {self.query!r} of {self.host!r} {self.headers}"


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
def site():
    with kept.site() as made:
        yield made


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
    path = Place().public[5]
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
