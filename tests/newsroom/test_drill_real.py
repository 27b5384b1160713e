"""The drill on real articles: backed up while it is written to, destroyed, restored elsewhere."""

import re
import shutil
import threading
import time
from contextlib import contextmanager
from html import unescape
from io import StringIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from articles.models import Article, Photo
from comments.models import Comment
from newsroom import backup
from newsroom.roles import Role
from tests import factories, postgres
from tests.comments import makers
from tests.newsroom import sites
from tests.page_cache import servers

pytestmark = pytest.mark.django_db(transaction=True)

WITH_PHOTOS, DISCUSSED, DISCUSSION = 30, 100, 8
LINKS = re.compile(r"""(?:href|src)="([^"#]+)|<loc>([^<]+)</loc>""")
MADE = re.compile(rb"<lastBuildDate>[^<]+</lastBuildDate>")
# What is no page of the public's: the desk, forms with a code of their own, files of the program.
PRIVATE = ("/admin/", "/binh-luan/", "/static/")


@pytest.fixture(autouse=True)
def _programs(monkeypatch, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "row"
    if not sites.SQLITE:
        monkeypatch.setenv("PG_BIN", str(postgres.find_binaries()))


def furnish(file: Path) -> int:
    """All articles of the file, some more with photos, comments; return how many articles."""
    sites.furnish()
    call_command("import_articles", str(file), stdout=StringIO(), stderr=StringIO())
    factories.user(Role.ADMINISTRATOR)
    for number in range(WITH_PHOTOS):
        photo = factories.photo(caption=f"Ảnh số {number}")
        factories.published(photo=photo, photo_alt="Lúa chín", photo_credit="Bá Phúc")
    for article in Article.objects.public(timezone.now()).order_by("-pk")[:DISCUSSED]:
        makers.many_shown(article, DISCUSSION)
    makers.many_shown(Article.objects.earliest("pk"), 300)
    return Article.objects.count()


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


def public_pages(client) -> dict[str, tuple[int, str, bytes]]:
    """Every page, feed and picture that can be reached from the front page and the sitemap."""
    found, waiting = {}, ["/", "/sitemap.xml", "/robots.txt", "/tim-kiem/?q=lúa"]
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
    hrefs = (unescape(one or two) for one, two in LINKS.findall(body.decode()))
    whole = (urlsplit(urljoin(f"http://testserver{path}", href)) for href in hrefs)
    ours = (part for part in whole if part.netloc == "testserver")
    paths = {f"{part.path}?{part.query}".rstrip("?") for part in ours}
    return [each for each in paths if not each.startswith((*PRIVATE, "/tim-kiem/"))]


def check(client, settings, tmp_path, file: Path) -> None:
    number = furnish(file)
    with written_to() as written:
        servers.until(lambda: written)
        begun = time.monotonic()
        call_command("backup", stdout=StringIO())
        taken, number_then = time.monotonic() - begun, len(written)
        servers.until(lambda: len(written) > number_then + 1)
    meanwhile = [at for at in written if begun < at < begun + taken]
    before = public_pages(client)
    counts = {model: model.objects.count() for model in (Article, Comment, Photo)}
    out = StringIO()
    call_command("drill", stdout=out)
    # Destroyed: what was here is not looked at any more.
    shutil.rmtree(settings.MEDIA_ROOT)
    kept, name = backup.newest(settings.BACKUP_DIR), connection.settings_dict["NAME"]
    with sites.another_site(tmp_path, settings):
        assert connection.settings_dict["NAME"] != name
        begun = time.monotonic()
        call_command("restore", str(kept), stdout=StringIO())
        restored = time.monotonic() - begun
        call_command("migrate", check_unapplied=True, verbosity=0)
        after = public_pages(client)
        lost = {model: counts[model] - model.objects.count() for model in counts}
        for photo in Photo.objects.all():
            assert Path(photo.original.path).is_file(), "a row without its file"
    differing = [path for path in before.keys() | after if before.get(path) != after.get(path)]
    assert differing == []
    assert {status for status, _kind, _body in before.values()} == {200}
    assert meanwhile, "nobody wrote while the backup was taken"
    assert max(lost.values()) < len(written)
    told = {
        "articles": number,
        "pages equal": len(after),
        "backup s": round(taken, 1),
        "written meanwhile": len(meanwhile),
        "restore s": round(restored, 1),
        "written after the copy began": {model.__name__: lost[model] for model in lost},
        "drill": out.getvalue().strip().splitlines()[-1],
    }
    print(told)


@pytest.mark.long
def test_all_real_articles_come_back(client, settings, tmp_path, clock, sample_data):
    clock(timezone.now())
    check(client, settings, tmp_path, sample_data / "news_vi_sample.jsonl.gz")
