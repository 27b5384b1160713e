"""However somebody writes the address of what is not public: nothing of it comes back.

Every page and every word of a draft is tried in tests/articles/test_leaks.py; here are the ways in
which an address, a method or a header could be read as something else.
"""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from articles.models import Article
from tests import factories

pytestmark = pytest.mark.django_db

WORD = "zqbimatx"
HEADERS = (
    {"X-Original-URL": "{path}", "X-Rewrite-URL": "{path}"},
    {"X-Forwarded-Host": "desk.example.vn", "X-Forwarded-For": "127.0.0.1"},
    {"Referer": "http://testserver/admin/"},
    {"Accept": "application/json"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"Range": "bytes=0-99"},
    {"X-HTTP-Method-Override": "HEAD"},
)
QUERIES = ("preview=1", "p={pk}", "id={pk}", "revision={revision}", "format=json", "amp=1", "at=9")
QUERIES += ("print=1", "page=2", "utm_source=x", "_=1", "version=1", "draft=true", "state=all")


def variants(article):
    """Yield (path, headers) of forty ways and more to write one address."""
    slug, pk = article.slug or WORD, article.pk
    plain = f"/{article.section.slug}/{slug}-{pk}.html"
    ways = [
        plain,
        f"/x/y-{pk}.html",
        f"/x/-{pk}.html",
        f"/x/y-000{pk}.html",
        f"{plain}/",
        plain.upper(),
        plain.replace(".html", ".HTML"),
        plain.replace(".html", ""),
        plain.replace(".html", ".json"),
        plain.replace(".html", ".amp.html"),
        plain.replace(".html", ".html.html"),
        plain.replace(".html", ".html;jsessionid=1"),
        f"/{plain}",
        f"/.{plain}",
        f"/..{plain}",
        f"/admin/..{plain}",
        quote(plain, safe=""),
        plain.replace("/", "%2f", 2)[1:],
        f"{plain}%00",
        f"{plain}%20",
        f"{plain}%0a",
        f"/{article.section.slug}/{slug}/",
        f"/{article.section.slug}/rss.xml?{slug}",
        f"/{slug}/",
        f"/chu-de/{slug}/",
        f"/tac-gia/{slug}/rss.xml",
        f"/binh-luan/{pk}/",
        f"/binh-luan/{pk}/y-kien/",
        f"/binh-luan/0{pk}/",
        f"/sitemap.xml?p={pk}",
        f"/anh/{article.newest_revision.photo.token}-264.webp",
        f"/anh/{article.newest_revision.photo.token}-99999.webp",
        f"/media/{article.newest_revision.photo.original}",
        f"/static/../media/{article.newest_revision.photo.original}",
    ]
    yield from ((way if way.startswith("/") else f"/{way}", {}) for way in ways)
    named = {"pk": pk, "revision": article.newest_revision_id}
    yield from ((f"{plain}?{query.format(**named)}", {}) for query in QUERIES)
    for headers in HEADERS:
        told = {name: value.format(path=plain) for name, value in headers.items()}
        yield plain, told
        yield "/", told


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_no_way_of_writing_it_shows_any(state):
    factories.published()
    photo = factories.photo(alt=WORD, caption=WORD, credit=WORD)
    text = {"headline": WORD, "standfirst": WORD, "body": f"<p>{WORD}</p>", "photo": photo}
    words = {"photo_alt": WORD, "photo_caption": WORD, "photo_credit": WORD}
    article = getattr(factories, state)(**text, **words)
    article = Article.objects.select_related("section", "newest_revision__photo").get(pk=article.pk)
    reader, found, tried = Client(raise_request_exception=False), [], 0
    for path, headers in variants(article):
        for method in ("get", "head", "options"):
            answer = getattr(reader, method)(path, headers=headers)
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            everything = said.decode("utf-8", "replace") + str(answer.headers)
            shows = WORD in everything.lower().replace(path.lower(), "")
            own = answer.status_code == 200 and not OPEN.fullmatch(path.partition("?")[0])
            found += [(path, method, answer.status_code)] if shows or own else []
            tried += 1
    assert found == []
    assert tried > 150


# What stands for everybody, and may answer 200.
OPEN = re.compile(r"/|/sitemap\.xml|/[\w-]+/rss\.xml")
