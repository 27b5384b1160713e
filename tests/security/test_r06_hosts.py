"""What a request calls the site, or says a proxy said, decides nothing unless we know the proxy."""

import pytest

from articles.models import Article
from tests import factories
from tests.page_cache.servers import Node, nodes
from tests.security.test_r28_raw_http import said

pytestmark = pytest.mark.django_db(transaction=True)

# Nine ways of naming another site; what is added to "Host: " and the lines after it.
NAMES = (
    b"dauvetx.example\r\n",
    b"testserver.dauvetx.example\r\n",
    b"testserver@dauvetx.example\r\n",
    b"testserver:dauvetx\r\n",
    b"testserver, dauvetx.example\r\n",
    b"testserver\r\nHost: dauvetx.example\r\n",
    b"testserver\r\nX-Forwarded-Host: dauvetx.example\r\nForwarded: host=dauvetx.example\r\n",
    b"testserver\r\nX-Host: dauvetx.example\r\nX-Original-URL: /dauvetx\r\nX-Port: 59237\r\n",
    b"testserver:59237\r\n",
)


def asked(node: Node, path: str, name: bytes, more: bytes = b"") -> tuple[int, bytes]:
    """The status and all else of an answer."""
    head = b"GET %s HTTP/1.1\r\nConnection: close\r\n%sHost: " % (path.encode(), more)
    heard, _seconds = said(node, head + name + b"\r\n")
    return int(heard[9:12]), heard[12:]


def pages(article: Article) -> list[str]:
    """Addresses whose answers hold an address: links, redirects, feeds, what crawlers read."""
    wrong = f"/thoi-su/sai-{article.pk}.html"
    return [
        *("/", article.get_absolute_url(), wrong, "/rss.xml", "/sitemap.xml", "/robots.txt"),
        *("/admin/", "/admin/login/", f"/binh-luan/{article.pk}/", "/tim-kiem", "/khong-co/"),
    ]


def test_nine_names_of_other_sites_change_nothing_and_never_come_back(node):
    article = factories.published()
    for path in pages(article):
        status, _all = asked(node, path, b"testserver\r\n")
        body = node.get(path).body
        for name in NAMES:
            got, answer = asked(node, path, name)
            assert got in (400, status), (path, name)
            assert b"dauvetx" not in answer, (path, name)
            assert b"59237" not in answer.partition(b"\r\n\r\n")[0], (path, name)
            if got == 200 and not path.startswith(("/admin/", "/binh-luan/")):
                assert body[-500:] in answer, (path, name)


def test_under_https_only_a_known_proxy_says_that_it_was_https(tmp_path):
    """Also by the name that the server takes for the header: with an underscore."""
    forged = (b"X-Forwarded-Proto: https\r\n", b"X_Forwarded_Proto: https\r\n")
    told = {"SITE_URL": "https://bao.example.vn", "TRUSTED_PROXIES": "10.0.0.1"}
    with nodes(tmp_path, workers=1, **told) as [node]:
        for name in forged * 2:
            status, answer = asked(node, "/admin/login/", b"testserver\r\n", name)
            assert status == 301
            assert b"location: https://bao.example.vn/admin/login/\r\n" in answer
            status, answer = asked(node, "/?a=1", b"testserver:59237\r\n", name)
            assert status == 301
            assert b"location: https://bao.example.vn/?a=1\r\n" in answer
