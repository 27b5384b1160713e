"""A row of backups: what is copied again, what stays, what is said of files that are gone."""

import datetime as dt
import fcntl
import os
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Photo
from comments import notices
from comments.models import Notice
from newsroom import backup, copies
from newsroom.backup import files, keeping, taking
from tests import postgres
from tests.comments import makers
from tests.newsroom import sites

pytestmark = pytest.mark.django_db(transaction=True)
KEEP = {"daily": 7, "weekly": 5, "monthly": 12}


@pytest.fixture(autouse=True)
def _programs(monkeypatch, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "row"
    if not sites.SQLITE:
        monkeypatch.setenv("PG_BIN", str(postgres.find_binaries()))


def next_backup(monkeypatch, at):
    """Take the next backup of the row as if it were that time, by the real command."""
    monkeypatch.setattr(timezone, "localtime", lambda: at)
    err = StringIO()
    call_command("backup", stdout=StringIO(), stderr=err)
    return err.getvalue()


def inodes(folder):
    return {path.name: path.stat().st_ino for path in files.walk(folder / "media")}


def test_photos_that_have_not_changed_are_stored_once(monkeypatch, settings, tmp_path):
    sites.furnish()
    row = settings.BACKUP_DIR
    next_backup(monkeypatch, dt.datetime(2026, 11, 1, 3))
    media = Path(settings.MEDIA_ROOT)
    changed = next(files.walk(media))
    changed.write_bytes(b"another picture")
    (media / "new.txt").write_bytes(b"new")
    next_backup(monkeypatch, dt.datetime(2026, 11, 2, 3))
    first, second = (row / f"2026-11-0{day}_030000" for day in (1, 2))
    before, after = inodes(first), inodes(second)
    moved = {name for name in after if after[name] != before.get(name)}
    assert moved == {changed.name, "new.txt"}
    assert sites.all_files(second / "media") == sites.all_files(media)
    backup.terms.verify(second, backup.manifest_of(second))
    keeping._remove([first])
    backup.terms.verify(second, backup.manifest_of(second))


def test_a_damaged_neighbour_is_not_linked_to(monkeypatch, settings):
    sites.furnish()
    next_backup(monkeypatch, dt.datetime(2026, 11, 1, 3))
    first = settings.BACKUP_DIR / "2026-11-01_030000"
    for path in files.walk(first / "media"):
        path.write_bytes(b"rot")
    next_backup(monkeypatch, dt.datetime(2026, 11, 2, 3))
    second = settings.BACKUP_DIR / "2026-11-02_030000"
    assert sites.all_files(second / "media") == sites.all_files(Path(settings.MEDIA_ROOT))


def test_seven_days_five_weeks_twelve_months_stay():
    morning = dt.datetime(2026, 11, 26, 3, 30)
    nightly = [morning - dt.timedelta(days=days) for days in range(800)]
    gone = set(keeping.outdated(nightly, KEEP))
    kept = [f"{moment:%m-%d}" for moment in nightly if moment not in gone]
    days = ["11-26", "11-25", "11-24", "11-23", "11-22", "11-21", "11-20"]
    weeks = ["11-15", "11-08", "11-01"]
    months = ["10-31", "09-30", "08-31", "07-31", "06-30", "05-31", "04-30"]
    assert kept == [*days, *weeks, *months, "03-31", "02-28", "01-31", "12-31"]


def test_of_one_day_all_are_kept_and_later_the_last():
    today = [dt.datetime(2026, 11, 26, hour) for hour in (3, 9, 15)]
    assert keeping.outdated(today, KEEP) == []
    later = [*today, dt.datetime(2026, 11, 27, 15, 1)]
    assert keeping.outdated(later, KEEP) == [today[1], today[0]]
    assert keeping.outdated(today, {"daily": 0, "weekly": 0, "monthly": 0}) == []


def test_the_row_drops_what_is_old_and_half_and_nothing_else(monkeypatch, settings):
    row = settings.BACKUP_DIR
    (row / "2026-10-30_030000").mkdir(parents=True)
    (row / "2026-10-30_030000" / "database.sqlite3").write_bytes(b"half")
    (row / "before the move").mkdir()
    (row / "note.txt").write_text("x")
    settings.BACKUP_KEEP = {"daily": 2, "weekly": 0, "monthly": 0}
    for day in (1, 2, 3, 4):
        next_backup(monkeypatch, dt.datetime(2026, 11, day, 3))
    there = sorted(path.name for path in row.iterdir())
    assert there == [
        ".lock",
        "2026-11-03_030000",
        "2026-11-04_030000",
        "before the move",
        "note.txt",
    ]


def test_a_failed_backup_drops_no_old_one(monkeypatch, settings):
    settings.BACKUP_KEEP = {"daily": 1, "weekly": 0, "monthly": 0}
    next_backup(monkeypatch, dt.datetime(2026, 11, 1, 3))
    monkeypatch.setattr(keeping, "take", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(CommandError, match="disk full"):
        next_backup(monkeypatch, dt.datetime(2026, 11, 9, 3))
    assert (settings.BACKUP_DIR / "2026-11-01_030000" / "manifest.json").exists()


def test_a_backup_the_disk_was_too_full_for_leaves_nothing_on_it(monkeypatch, settings):
    sites.furnish()
    next_backup(monkeypatch, dt.datetime(2026, 11, 1, 3))
    with monkeypatch.context() as full:
        full.setattr(taking, "_linked", lambda *_: False)
        full.setattr(files, "copy", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(CommandError, match="disk full"):
            next_backup(monkeypatch, dt.datetime(2026, 11, 2, 3))
    assert [path.name for path in settings.BACKUP_DIR.glob("2*")] == ["2026-11-01_030000"]


def test_one_taken_twice_in_a_second_leaves_the_first(monkeypatch, settings):
    for _ in range(2):
        with suppress(CommandError):
            next_backup(monkeypatch, dt.datetime(2026, 11, 1, 3))
    assert backup.newest(settings.BACKUP_DIR).name == "2026-11-01_030000"


def test_by_a_clock_that_was_set_back_the_one_just_taken_stays(monkeypatch, settings):
    settings.BACKUP_KEEP = {"daily": 2, "weekly": 0, "monthly": 0}
    for year in (2026, 2025, 2024, 2020):
        next_backup(monkeypatch, dt.datetime(year, 11, 1, 3))
        assert (settings.BACKUP_DIR / f"{year}-11-01_030000" / "manifest.json").exists()


def test_two_at_once_are_one_too_many(settings):
    settings.BACKUP_DIR.mkdir()
    with (settings.BACKUP_DIR / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError):
            call_command("backup")


def test_a_photo_without_its_file_is_told_and_stops_nothing(monkeypatch, settings):
    sites.furnish()
    lost = Photo.objects.get().original
    os.unlink(lost.path)
    assert lost.name in next_backup(monkeypatch, dt.datetime(2026, 11, 1, 3))
    taken = backup.manifest_of(backup.newest(settings.BACKUP_DIR))
    assert taken.missing == [lost.name]
    assert taken.program == "0.1.0"


def test_a_copy_sends_no_letters_until_it_takes_over(settings, tmp_path):
    comment = makers.in_state("approved")
    now = timezone.now()
    letters = {"comment": comment, "kind": Notice.Kind.OWN_DATA, "due_at": now}
    Notice.objects.all().delete()
    Notice.objects.create(created_at=now, **letters)
    call_command("backup", str(tmp_path / "copy"), stdout=StringIO())
    with sites.another_site(tmp_path, settings):
        out = StringIO()
        call_command("restore", str(tmp_path / "copy"), stdout=out)
        assert "--take-over" in out.getvalue()
        Notice.objects.create(created_at=timezone.now(), **letters)
        call_command("send_notices", stdout=StringIO())
        assert mail.outbox == []
        assert Notice.objects.filter(sent_at=None).count() == 2
        call_command("send_notices", "--take-over", stdout=StringIO())
        assert not copies.copied_at()
        assert len(mail.outbox) == 1, "what waited in the backup may have been sent since"
        assert notices.take_over() == 0
