"""Requests no browser sends, one by one and by chance; each carries a mark where there is room."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

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
    "x_forwarded_server": ("{}.example",),
    "x_forwarded_scheme": ("https", "{}"),
    "x_forwarded_ssl": ("on",),
    "x_forwarded_path": ("/{}/",),
    "x_forwarded_user": ("{}",),
    "front_end_https": ("on",),
    "x_url_scheme": ("https",),
    "x_original_host": ("{}.example",),
    "x_original_uri": ("/{}/",),
    "x_real_ip": ("10.1.2.3", "{}"),
    "x_client_ip": ("{}",),
    "true_client_ip": ("10.1.2.3",),
    "cf_connecting_ip": ("{}",),
    "via": ("1.1 {}",),
    "remote_user": ("{}", "admin"),
    "x_http_method": ("DELETE",),
    "x_method_override": ("POST",),
    "x_middleware_subrequest": ("{}",),
    "content_encoding": ("gzip", "{}"),
    "accept_charset": ("utf-16", "{}"),
    "expect": ("100-continue",),
    "upgrade": ("h2c", "{}"),
    "te": ("trailers",),
    "dnt": ("1",),
    "save_data": ("on",),
    "purpose": ("prefetch",),
    "sec_fetch_site": ("cross-site",),
    "sec_ch_ua_mobile": ("?1",),
    "sec_ch_prefers_color_scheme": ("dark",),
    "x_debug": ("1", "{}"),
    "x_preview": ("1", "{}"),
    "proxy": ("http://{}.example",),
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
OTHER_METHODS = (
    *("HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PURGE", "PROPFIND"),
    *("get", "head", "{}", "GET " + "x" * 300),
)
METHODS = ("GET",) * 12 + ("HEAD",) * 4 + ("POST", "OPTIONS", "PUT", "get", "TRACE", "PURGE")
# What looks like a page anybody may keep and leads, or might lead, to one of the desk; {} is the
# address of an article. As a browser would send them.
DECEPTIVE = (
    *("/admin/x.css", "/admin/x.js", "/admin/robots.txt", "/admin/rss.xml", "/admin/articles.html"),
    *("/admin/articles/article/x.webp", "/admin/%2e%2e/", "/admin/..%2f", "/admin/%2e%2e%2fx.css"),
    *(
        "//admin/",
        "///admin/",
        "/;admin",
        "/admin;x.css",
        "/admin/;x.css",
        "/.//admin/",
        "/./admin/",
    ),
    *("/%61dmin/", "/%2fadmin/", "/admin%2f", "/admin%2farticles%2farticle%2f", "/admin%00.css"),
    *("/admin/%0a.css", "/admin/%23.css", "/admin/%3f.css", "/admin/?x.css", "/admin/?/rss.xml"),
    *(
        "{}/admin",
        "{}/admin/",
        "{}%2fadmin%2f",
        "{};/admin/",
        "{}/../../admin/",
        "/thoi-su/..%2fadmin/",
    ),
    *("/rss.xml/admin/", "/sitemap.xml/admin/", "/anh/admin-264.webp", "/binh-luan/..%2fadmin%2f"),
    *("/admin/articles/article/rss.xml", "/admin/tai-khoan/x.css", "/admin/tai-khoan/;/rss.xml"),
    *("/ADMIN/", "/admin\\x.css", "/admin/articles/article/?.css", "/static/..%2fadmin%2f"),
)
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


class Strange(NamedTuple):
    """One strange thing by itself, in an else plain request."""

    kind: str
    name: str
    method: str = "GET"
    query: str = ""
    headers: Mapping[str, str] = MappingProxyType({})


def one_by_one(place: Place, mark: str) -> Iterator[Strange]:
    """Yield each header with each of its values, each query, cookie and method by itself."""
    for name, values in HEADERS.items():
        kind = "cookie" if name == "cookie" else "header"
        for value in values:
            yield Strange(kind, name, headers={name: value.replace("{}", mark)})
    for name in ("sessionid", "sessionid=x; sessionid"):
        yield Strange("cookie", name, headers={"cookie": f"{name}={place.session}"})
    for query in dict.fromkeys(filter(None, QUERIES)):
        yield Strange("query", query, query=query.replace("{}", mark))
    for method in OTHER_METHODS:
        yield Strange("method", method, method=method.replace("{}", mark))


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
