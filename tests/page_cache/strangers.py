"""Requests no browser sends, by chance; each carries a mark of its own wherever there is room."""

import random
import re
from collections.abc import Callable

from django.test import Client

from comments import tickets
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

MARK = re.compile(r"dauvet\d+x")
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
