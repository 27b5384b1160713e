"""Backups: what goes in comes out again, row by row and file by file, and nothing half done."""

import errno
import json
import os
import shutil
import socket
import stat
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from articles.models import Photo, Province
from newsroom import database_rules
from newsroom.backup import files, postgresql, restoring, terms
from newsroom.models import Event, Stamp
from tests import factories, postgres
from tests.newsroom import sites
from tests.newsroom.sites import SQLITE, all_files, all_rows, another_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch, settings):
    with socket.socket() as probe:
        probe.bind((settings.HOST, 0))
        settings.PORT = probe.getsockname()[1]
    if not SQLITE:
        monkeypatch.setenv("PG_BIN", str(postgres.find_binaries()))


def run(command, folder):
    out = StringIO()
    call_command(command, str(folder), stdout=out)
    return out.getvalue()


@pytest.fixture
def site(tmp_path):
    sites.furnish()


@pytest.mark.parametrize("migrated", [True, False])
def test_a_restored_site_is_the_same_row_by_row_and_file_by_file(
    site, tmp_path, settings, migrated
):
    rows, media = all_rows(), all_files(settings.MEDIA_ROOT)
    run("backup", tmp_path / "copy")
    with another_site(tmp_path, settings, migrated):
        said = run("restore", tmp_path / "copy")
        assert all_rows() == rows
        assert all_files(settings.MEDIA_ROOT) == media
        assert len(media) > 2
        assert Province.objects.count() == 88
        assert "articles_article" in said
        call_command("check", databases=["default"])
        call_command("migrate", check_unapplied=True)
        assert factories.published().pk not in range(1, 4)


def test_a_backup_can_be_read_by_us_alone(site, tmp_path):
    run("backup", tmp_path / "new" / "copy")
    folder = tmp_path / "new" / "copy"
    folders = [path for path in folder.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folders]} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.walk(folder)} == {0o600}


def test_the_manifest_says_what_is_in_it(site, tmp_path):
    run("backup", tmp_path / "copy")
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())
    assert manifest["version"] == 2
    assert manifest["database"] == connection.vendor
    assert manifest["facts"]["rows"]["articles_article"] == 3
    assert manifest["facts"]["newest_event"] == Event.objects.order_by("-id")[0].pk
    assert "articles.0001_initial" in manifest["facts"]["migrations"]
    there = {str(path.relative_to(tmp_path / "copy")) for path in files.walk(tmp_path / "copy")}
    assert there == {*manifest["files"], "manifest.json"}


def test_a_backup_never_writes_into_a_folder_in_use(tmp_path):
    (tmp_path / "kept").write_text("x")
    with pytest.raises(CommandError, match=str(tmp_path)):
        run("backup", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_backup_is_not_taken_among_the_media(site, settings):
    with pytest.raises(CommandError):
        run("backup", settings.MEDIA_ROOT / "copy")


def test_only_an_empty_site_takes_a_backup(site, tmp_path):
    run("backup", tmp_path / "copy")
    rows = all_rows()
    with pytest.raises(CommandError):
        run("restore", tmp_path / "copy")
    assert all_rows() == rows


def test_nothing_is_put_back_into_a_running_site(tmp_path, settings):
    with socket.socket() as server:
        server.bind((settings.HOST, settings.PORT))
        server.listen()
        with pytest.raises(CommandError, match=str(settings.PORT)):
            run("restore", tmp_path / "copy")


def test_media_that_are_there_are_not_mixed_with_those_of_a_backup(site, tmp_path, settings):
    run("backup", tmp_path / "copy")
    with another_site(tmp_path, settings):
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "la.jpg").write_bytes(b"x")
        with pytest.raises(CommandError, match="other"):
            run("restore", tmp_path / "copy")
        assert all_rows() == {}


def broken_after(monkeypatch, number):
    """Let the disk be full once so many files are copied."""
    copied, copy = [], files.copy

    def copy_some(source, target):
        if len(copied) == number:
            files.make_folder(target.parent)
            target.with_name(f".{target.name}.part").write_bytes(b"half")
            raise OSError(errno.ENOSPC, "disk full")
        copied.append(target)
        return copy(source, target)

    monkeypatch.setattr(files, "copy", copy_some)


@pytest.mark.parametrize("copied", [0, 1])
def test_a_restore_the_disk_was_too_full_for_is_repeated(
    site, tmp_path, settings, monkeypatch, copied
):
    rows, media = all_rows(), all_files(settings.MEDIA_ROOT)
    run("backup", tmp_path / "copy")
    with another_site(tmp_path, settings):
        (tmp_path / "other").mkdir()
        with monkeypatch.context() as patch:
            broken_after(patch, copied)
            with pytest.raises(CommandError, match="disk full"):
                run("restore", tmp_path / "copy")
        assert all_rows() == {}
        run("restore", tmp_path / "copy")
        assert all_rows() == rows
        assert all_files(settings.MEDIA_ROOT) == media


def test_a_restore_whose_database_failed_is_repeated(site, tmp_path, settings, monkeypatch):
    rows, media = all_rows(), all_files(settings.MEDIA_ROOT)
    run("backup", tmp_path / "copy")
    with another_site(tmp_path, settings):
        with monkeypatch.context() as patch:
            engine = restoring.ENGINES[connection.vendor]
            patch.setattr(engine, "load", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
            with pytest.raises(CommandError, match="disk full"):
                run("restore", tmp_path / "copy")
        run("restore", tmp_path / "copy")
        assert all_rows() == rows
        assert all_files(settings.MEDIA_ROOT) == media


def test_a_changed_file_of_a_backup_is_not_written_over(site, tmp_path, settings):
    run("backup", tmp_path / "copy")
    path = next(files.walk(settings.MEDIA_ROOT)).relative_to(settings.MEDIA_ROOT)
    with another_site(tmp_path, settings):
        ours = tmp_path / "other" / path
        ours.parent.mkdir(parents=True)
        ours.write_bytes(b"x")
        with pytest.raises(CommandError, match="other"):
            run("restore", tmp_path / "copy")
        assert ours.read_bytes() == b"x"
        assert all_rows() == {}


def spoil(folder, what):
    """Do to a backup what happens to backups."""
    manifest = folder / "manifest.json"
    values = json.loads(manifest.read_text())
    match what:
        case "no manifest":
            manifest.unlink()
        case "half a manifest":
            manifest.write_text(manifest.read_text()[:100])
        case "another version":
            manifest.write_text(json.dumps({**values, "version": 3}))
        case "a bit flipped":
            path = next(path for path in files.walk(folder) if path.name.startswith("database"))
            data = bytearray(path.read_bytes())
            data[-20] ^= 1
            path.write_bytes(data)
        case "a photo lost":
            next(path for path in files.walk(folder / "media")).unlink()
        case "a file outside":
            outside = {"media/../../outside": files.sha256(manifest)}
            shutil.copy(manifest, folder.parent / "outside")
            manifest.write_text(json.dumps({**values, "files": values["files"] | outside}))
        case "another database":
            manifest.write_text(json.dumps({**values, "database": "oracle"}))
        case "a newer program":
            facts = {**values["facts"], "migrations": ["articles.9999_from_tomorrow"]}
            manifest.write_text(json.dumps({**values, "facts": facts}))


@pytest.mark.parametrize(
    "what",
    [
        "no manifest",
        "half a manifest",
        "another version",
        "a bit flipped",
        "a photo lost",
        "a file outside",
        "another database",
        "a newer program",
    ],
)
def test_a_spoilt_backup_changes_nothing(site, tmp_path, settings, what):
    run("backup", tmp_path / "copy")
    spoil(tmp_path / "copy", what)
    with another_site(tmp_path, settings):
        with pytest.raises(CommandError) as refusal:
            run("restore", tmp_path / "copy")
        assert len(str(refusal.value).splitlines()) == 1
        assert all_rows() == {}
        assert not (tmp_path / "other").exists()


def test_a_backup_from_before_an_upgrade_says_what_to_do(site, tmp_path, settings, monkeypatch):
    run("backup", tmp_path / "copy")

    class Upgraded(MigrationLoader):
        def load_disk(self):
            super().load_disk()
            self.disk_migrations[("articles", "9999_tomorrow")] = None

        def build_graph(self):
            self.load_disk()

    monkeypatch.setattr("newsroom.backup.restoring.MigrationLoader", Upgraded)
    with another_site(tmp_path, settings):
        assert "articles.9999_tomorrow" in run("restore", tmp_path / "copy")


def test_a_backup_that_fails_half_way_is_not_taken_for_one(site, tmp_path, settings, monkeypatch):
    monkeypatch.setattr(files, "copy", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(CommandError, match="disk full"):
        run("backup", tmp_path / "copy")
    assert not (tmp_path / "copy" / "manifest.json").exists()
    monkeypatch.undo()
    with another_site(tmp_path, settings), pytest.raises(CommandError, match="manifest.json"):
        run("restore", tmp_path / "copy")


def test_without_the_programs_of_postgresql_one_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(terms.BackupError, match="pg_dump.*PG_BIN"):
        postgresql._find("pg_dump")


def test_a_backup_taken_while_others_write_is_sound(site, tmp_path, settings):
    done = threading.Event()

    def write():
        try:
            while not done.is_set():
                Stamp.objects.create(key=f"khoa:{os.urandom(8).hex()}")
                Photo.objects.update(caption=os.urandom(200).hex())
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            run("backup", tmp_path / f"copy{number}")
    finally:
        done.set()
        writer.join()
    stamps = []
    for number in range(3):
        with another_site(tmp_path / f"new{number}", settings):
            run("restore", tmp_path / f"copy{number}")
            stamps.append(Stamp.objects.count())
            assert database_rules.missing() == []
    assert stamps == sorted(stamps)
    assert stamps[0] < stamps[-1]
