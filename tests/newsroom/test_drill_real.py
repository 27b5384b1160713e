"""The drill on real articles: backed up while it is written to, destroyed, restored elsewhere."""

import datetime as dt
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from io import StringIO
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from articles.models import Article, Photo, Revision
from comments.models import Comment
from newsroom import backup
from newsroom.roles import Role
from tests import factories, postgres
from tests.comments import makers
from tests.newsroom import sites
from tests.page_cache import servers

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLES, MINUTES = 2_000, 15
WITH_PHOTOS, DISCUSSED, DISCUSSION, LONG_DISCUSSION = 30, 100, 8, 300
SEARCHED = 20
LINKS = re.compile(r"""(?:href|src)="([^"#]+)|srcset="([^"]+)"|<loc>([^<]+)</loc>""")
MADE = re.compile(rb"<lastBuildDate>[^<]+</lastBuildDate>")
# What is no page of the public's: the desk, files of the program, and of the comments what holds a
# code of its own or is somebody's alone. Searches lead on without end: see `first_asked`.
PRIVATE = re.compile(
    r"/(?:admin|static|tim-kiem)/|"
    r"/binh-luan/(?:\d+/$|(?:ma|phieu)/|du-lieu/.|y-kien/\d+/(?:thich|bao-cao)/)"
)
KINDS = {
    "articles": r"/[^/]+/[^/]+\.html$",
    "pages of comments": r"/binh-luan/(?:\d+/y-kien|y-kien/\d+)/",
    "feeds": r".*/rss\.xml$",
    "pictures": r"/anh/",
}


@pytest.fixture(autouse=True)
def _programs(monkeypatch, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "row"
    if not sites.SQLITE:
        monkeypatch.setenv("PG_BIN", str(postgres.find_binaries()))


def furnish(file: Path) -> None:
    """All articles of the file, some more with photos, comments."""
    sites.furnish()
    call_command("import_articles", str(file), stdout=StringIO(), stderr=StringIO())
    factories.user(Role.ADMINISTRATOR)
    for number in range(WITH_PHOTOS):
        photo = factories.photo(caption=f"Ảnh số {number}")
        factories.published(photo=photo, photo_alt="Lúa chín", photo_credit="Bá Phúc")
    for article in Article.objects.public(timezone.now()).order_by("-pk")[:DISCUSSED]:
        makers.many_shown(article, DISCUSSION)
    makers.many_shown(Article.objects.earliest("pk"), LONG_DISCUSSION)


@contextmanager
def written_to():
    """Somebody saves drafts, uploads photos and sends comments all the time; gives how often."""
    done, written = threading.Event(), []
    article = Article.objects.public(timezone.now()).latest("pk")
    reporter = factories.user(Role.REPORTER)

    def write():
        try:
            while not done.is_set():
                if len(written) % 10 == 0:
                    photo = {"photo": factories.photo(), "photo_alt": "Chưa đăng"}
                    factories.draft(by=reporter, section=article.section, **photo)
                makers.pending(article, text=f"Ý kiến chờ duyệt số {len(written)}.")
                written.append(time.monotonic())
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        done.set()
        writer.join()


def first_asked() -> list[str]:
    """Where a reader may begin: the front page, what lists all, and words of headlines searched."""
    headlines = Revision.objects.order_by("pk").values_list("headline", flat=True)[:SEARCHED]
    words = ("lúa", *(" ".join(headline.split()[:2]) for headline in headlines))
    searches = (f"/tim-kiem/?q={quote(each)}" for each in words)
    return ["/", "/sitemap.xml", "/robots.txt", "/favicon.svg", *searches]


def public_pages(client, asked: list[str]) -> dict[str, tuple[int, str, bytes]]:
    """Every page, feed and picture that can be reached from what is asked first."""
    found, waiting = {}, list(asked)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        # The one difference there may be: when a feed was made stands in it.
        found[path] = (answer.status_code, answer.get("Content-Type", ""), MADE.sub(b"", body))
        if "image" not in answer.get("Content-Type", ""):
            waiting += [link for link in links(path, body) if link not in found]
    return found


def links(path: str, body: bytes) -> list[str]:
    """What a page leads to on the same site."""
    whole = (urlsplit(urljoin(f"http://testserver{path}", href)) for href in hrefs(body.decode()))
    ours = (part for part in whole if part.netloc == "testserver")
    return [
        f"{part.path}?{part.query}".rstrip("?") for part in ours if not PRIVATE.match(part.path)
    ]


def hrefs(html: str) -> Iterator[str]:
    """What a page names as the address of another page or of a picture."""
    for one, sizes, other in LINKS.findall(html):
        named = [size.split()[0] for size in sizes.split(",")] if sizes else [one or other]
        yield from map(unescape, named)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let all clocks stand at a moment: what a page says of the time is the same on both sites."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield


def number_of_each_kind(paths: Iterable[str]) -> Counter[str]:
    """How many of the paths lead to an article, to comments, …; all others are lists."""

    def kind(path: str) -> str:
        return next((name for name, form in KINDS.items() if re.match(form, path)), "lists")

    return Counter(map(kind, paths))


def check(client, settings, tmp_path, file: Path, told) -> None:
    """Have a site, lose it, have it back; raises where one public byte is another."""
    kept, written, old = tmp_path / "row", [], tmp_path / "old"
    with sites.another_site(old, settings, migrated=True):
        furnish(file)
        with written_to() as written:
            servers.until(lambda: written)
            begun = time.monotonic()
            call_command("backup", stdout=StringIO())
            taken, number_then = time.monotonic() - begun, len(written)
            servers.until(lambda: len(written) > number_then + 1)
        meanwhile = [one for one in written if begun < one < begun + taken]
        moment, asked = timezone.now(), first_asked()
        with at(moment):
            before = public_pages(client, asked)
        counts = {model: model.objects.count() for model in (Article, Comment, Photo)}
        number = Article.objects.public(moment).count()
        tried = time.monotonic()
        call_command("drill", stdout=(out := StringIO()))
        drilled = time.monotonic() - tried
        site = connection.settings_dict["NAME"]
        shutil.rmtree(settings.MEDIA_ROOT)
    lost_seconds = time.monotonic() - begun
    assert not sites.is_there(site), "nothing is left of the site that was"
    assert sites.all_files(old) == {}
    kept = backup.newest(settings.BACKUP_DIR)
    with sites.another_site(tmp_path / "new", settings):
        begun = time.monotonic()
        call_command("restore", str(kept), stdout=StringIO())
        restored = time.monotonic() - begun
        call_command("migrate", check_unapplied=True, verbosity=0)
        with at(moment):
            after = public_pages(client, asked)
        lost = {model: counts[model] - model.objects.count() for model in counts}
        for photo in Photo.objects.all():
            assert Path(photo.original.path).is_file(), "a row without its file"
        photos = Photo.objects.count()
    differing = [path for path in before.keys() | after if before.get(path) != after.get(path)]
    assert differing == []
    assert {status for status, _kind, _body in before.values()} == {200}
    assert meanwhile, "nobody wrote while the backup was taken"
    assert max(lost.values()) < len(written)
    of_kind = number_of_each_kind(after)
    assert number >= ARTICLES
    assert of_kind["articles"] == number
    assert of_kind["pages of comments"] > DISCUSSED * DISCUSSION + LONG_DISCUSSION
    assert of_kind["pictures"] > WITH_PHOTOS
    said = re.search(r"([\d,]+) phút\. .*?(\d+) giây", out.getvalue())
    assert float(said[1].replace(",", ".")) <= MINUTES
    assert int(said[2]) <= lost_seconds
    pages = ", ".join(f"{count:,} {kind}" for kind, count in sorted(of_kind.items()))
    told(
        "measured",
        f"{len(after):,} public pages equal ({pages}), {photos} photos; "
        f"backup {taken:.1f} s with {len(meanwhile)} writes meanwhile, restored in "
        f"{restored:.0f} s, drill {drilled:.0f} s; lost the last {lost_seconds:.0f} s: "
        f"{lost[Comment]} comments, {lost[Article]} drafts, {lost[Photo]} photos",
    )


@pytest.mark.long
def test_all_real_articles_come_back(client, settings, tmp_path, sample_data, record_property):
    check(client, settings, tmp_path, sample_data / "news_vi_sample.jsonl.gz", record_property)
