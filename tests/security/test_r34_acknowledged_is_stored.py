"""R34: what the server has said is stored is there once, however often it is killed.

Target: 8 × kill -9 under writes, 0 lost, 0 double, the database sound, a first page within 5 s.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from articles.importing import loading
from articles.models import Article, Publication, Revision, SearchEntry
from newsroom import backup
from newsroom.backup import terms
from newsroom.models import Event
from tests import factories, postgres
from tests.comments import makers
from tests.newsroom import sites
from tests.page_cache import servers
from tests.security.at_work import BYLINE, Reporter, Site, at_work, is_busy
from tests.security.ledger import Fate, Ledger, Odd, check_the_database, never_sent
from tests.security.report import NOT_TIMED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long, pytest.mark.alone]

KILLS, WRITERS = 8, 3
FIRST_PAGE_SECONDS = 5
FILES, FILE_BYTES, COMMENTS, LINES = 400, 20_000, 5_000, 1_000
# How much later each time: it takes so long to load a database.
LOADING_SECONDS = {"sqlite": 0.01, "postgresql": 0.1}


def seconds_to_first_page(node) -> float:
    """How long until somebody who asks again and again gets the front page."""
    begun = time.monotonic()
    while time.monotonic() < begun + 30:
        with suppress(OSError, http.client.HTTPException):
            if node.get("/").status == 200:
                return time.monotonic() - begun
        time.sleep(0.02)
    return float("inf")


def kill_a_worker(node) -> None:
    """As the kernel does when memory is short."""
    time.sleep(servers.BETWEEN_DEATHS_SECONDS)
    servers.until(node.workers)
    node.kill_worker()


def kill_the_server(node) -> None:
    """As the kernel does, and begin it again as systemd does (OPERATIONS.md: after a second)."""
    time.sleep(2)
    node.kill_whole()
    time.sleep(1)
    node.begin_again()


@pytest.mark.parametrize(
    ("kill", "workers"), [(kill_a_worker, 1), (kill_a_worker, 2), (kill_the_server, 2)]
)
def test_what_was_acknowledged_is_there_once(tmp_path, kill, workers, record_property):
    waits, busy, how = [], is_busy(), kill.__name__.replace("_", " ")
    factories.AuthorFactory(name=BYLINE)
    with servers.nodes(tmp_path, workers=workers) as [node]:
        site, ledger = Site(node), Ledger()
        with at_work(site, [Reporter(site, ledger, number) for number in range(WRITERS)]):
            for _ in range(KILLS):
                kill(node)
                waits.append(seconds_to_first_page(node))
            time.sleep(1)
    sent, stored = ledger.names("article"), ledger.names("article", Fate.STORED)
    there = Counter(Revision.objects.values_list("headline", flat=True))
    assert ledger.not_as_told("article", there) == ([], [], [])
    assert never_sent(sent, there) == set()
    assert len(there) - len(stored) <= KILLS * WRITERS, "only what was on its way is unsure"
    assert Event.objects.filter(verb="save").count() == len(there), "half a verb"
    assert ledger.wrong == []
    assert [seen for seen in ledger.odd if seen.what is not Odd.NOTHING] == []
    check_the_database()
    assert len(stored) > 3 * KILLS
    record_property(
        "measured",
        f"{KILLS} x {how}, {workers} workers: {len(sent)} sent, {len(stored)} acknowledged, "
        f"{len(there)} there, first page after {max(waits):.1f} s at most",
    )
    if busy:
        pytest.skip(NOT_TIMED)
    assert max(waits) <= FIRST_PAGE_SECONDS


def command(*words: str | Path, **told: str) -> subprocess.Popen:
    """Begin a command of the site in a process of its own; what it says is in a pipe."""
    surroundings = servers.environment(servers.free_port(), servers.database_url()) | told
    if connection.vendor == "postgresql":
        surroundings["PG_BIN"] = str(postgres.find_binaries())
    line = [sys.executable, "manage.py", *map(str, words)]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(line, cwd=servers.ROOT, env=surroundings, text=True, **streams)


def done(*words: str | Path, **told: str) -> float:
    """Let a command come to its end; return how many seconds it took."""
    begun = time.monotonic()
    _said, complaint = (process := command(*words, **told)).communicate()
    assert process.returncode == 0, complaint
    return time.monotonic() - begun


def killed(process: subprocess.Popen, is_at_it: Callable[[], bool], after: float = 0) -> bool:
    """Kill it so many seconds after it is at its work; return whether that met it alive."""
    end = time.monotonic() + 60
    while process.poll() is None and not is_at_it():
        assert time.monotonic() < end, "it never began its work"
        time.sleep(0.001)  # on a fast machine its whole work takes some fiftieths of a second
    time.sleep(after)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def furnish(media: Path) -> None:
    """A newsroom that takes a while to copy: files, and rows."""
    sites.furnish()
    makers.many_shown(Article.objects.earliest("pk"), COMMENTS)
    for number in range(FILES):
        path = media / "more" / f"{number:03}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(FILE_BYTES))


def test_a_backup_that_was_killed_is_none(tmp_path, settings, record_property):
    furnish(Path(settings.MEDIA_ROOT))
    row, met, halves = tmp_path / "row", 0, 0
    for turn in range(KILLS):
        files, before = turn * FILES // KILLS, set(row.glob("*-*"))
        at_it = partial(lambda files, before: copied_since(row, before) >= files, files, before)
        met += killed(command("backup", BACKUP_DIR=str(row)), at_it)
        halves += sum(not (path / terms.MANIFEST).exists() for path in row.glob("*-*"))
        if newest := backup.newest(row):
            terms.verify(newest, terms.read(newest))
    assert met >= halves >= KILLS / 4
    rows, media = sites.all_rows(), sites.all_files(settings.MEDIA_ROOT)
    done("backup", BACKUP_DIR=str(row))
    for folder in row.glob("*-*"):
        terms.verify(folder, terms.read(folder))
    newest = backup.newest(row)
    with sites.another_site(tmp_path, settings):
        done("restore", newest)
        assert sites.all_rows() == rows
        assert sites.all_files(settings.MEDIA_ROOT) == media
    record_property("measured", f"backup killed {met} times, {halves} halves, none taken for one")


def test_a_restore_that_was_killed_leaves_nothing_half_and_is_repeated(
    tmp_path, settings, record_property
):
    furnish(Path(settings.MEDIA_ROOT))
    rows, media = sites.all_rows(), sites.all_files(settings.MEDIA_ROOT)
    done("backup", tmp_path / "copy")
    met = halves = 0
    for turn in range(KILLS):
        with sites.another_site(tmp_path / f"new-{turn}", settings):
            copied = Path(settings.MEDIA_ROOT) / "more"
            # Every other one among the files, the others while the database is loaded.
            is_late, files = turn % 2, turn * FILES // KILLS + 1
            files, later = (
                (FILES, LOADING_SECONDS[connection.vendor] * turn) if is_late else (files, 0)
            )
            at_it = partial(lambda copied, files: count(copied) >= files, copied, files)
            restoring = command("restore", tmp_path / "copy")
            met += killed(restoring, at_it, later)
            there = sites.all_rows()
            assert there in ({}, rows), "half a database"
            halves += not there
            if not there:
                done("restore", tmp_path / "copy")
            assert sites.all_rows() == rows
            assert sites.all_files(settings.MEDIA_ROOT) == media
    assert met >= halves >= KILLS / 4
    record_property("measured", f"restore killed {met} times, {halves} before all was there")


def test_an_import_that_was_killed_goes_on_with_the_same_file(tmp_path, record_property):
    file, met = tmp_path / "tin.jsonl", 0
    file.write_text("\n".join(json.dumps(line_of(number)) for number in range(LINES)))
    for turn in range(KILLS // 2):
        enough = partial(lambda least: Article.objects.count() >= least, turn * loading.BATCH)
        met += killed(command("import_articles", file), enough, 0.1 * turn)
        assert Article.objects.count() % loading.BATCH == 0, "half of what is stored at once"
    before = Article.objects.count()
    assert 0 < before < LINES
    done("import_articles", file)
    once = Counter(f"Tin cũ số {number}" for number in range(LINES))
    assert Counter(Revision.objects.values_list("headline", flat=True)) == once
    assert Counter(Article.objects.values_list("source_id", flat=True)).most_common(1)[0][1] == 1
    public = Publication.objects.public(timezone.now())
    assert Counter(public.values_list("revision__headline", flat=True)) == once
    assert Event.objects.filter(verb="publish").count() == LINES
    assert SearchEntry.objects.count() == LINES
    check_the_database()
    record_property(
        "measured", f"import killed {met} times, at last with {before} of {LINES} there"
    )


def copied_since(row: Path, before: set[Path]) -> int:
    """How many files stand in the backup that has been begun since, -1 while there is none."""
    begun = set(row.glob("*-*")) - before
    return count(begun.pop() / terms.MEDIA / "more") if begun else -1


def count(folder: Path) -> int:
    """How many files stand there under their own names."""
    return len(list(folder.glob("[0-9]*")))


def line_of(number: int) -> dict[str, object]:
    """An article for the import."""
    return {
        "source_id": f"cu-{number}",
        "title": f"Tin cũ số {number}",
        "lead": "Xe qua cầu từ sáng nay.",
        "body_paragraphs": ["Chiếc xe đầu tiên qua cầu lúc sáu giờ."] * 5,
        "section": "Xã hội",
        "published_at": f"2020-01-{number % 28 + 1:02}T08:00:00+07:00",
        "byline": "Trung Kiên",
    }
