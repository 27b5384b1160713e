"""What the server says of itself: a word to whoever asks, everything to the administrator."""

import shutil
import sqlite3
import time
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from comments.models import Comment, Notice
from newsroom import condition, copies, database_rules, spare
from newsroom.models import Stamp
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

Usage = namedtuple("Usage", "total used free")


def asked(client):
    answer = client.get("/healthz", HTTP_HOST="localhost")
    return answer.status_code, answer.content.decode()


def disk_with(monkeypatch, free):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1000, 1000 - free, free))


def test_well_is_one_word_and_nothing_else(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert not {"server", "x-powered-by"} & {name.lower() for name in answer.headers}


def test_it_answers_within_fifty_milliseconds(client):
    client.get("/healthz")
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        client.get("/healthz")
        times.append(time.perf_counter() - begun)
    assert sorted(times)[4] < 0.05


def test_a_disk_nearly_full_is_a_word(client, monkeypatch):
    disk_with(monkeypatch, 49)
    assert asked(client) == (503, "disk")
    disk_with(monkeypatch, 51)
    assert asked(client) == (200, "ok")


def test_a_database_that_fails_is_a_word(client, monkeypatch):
    def failing(*_args, **_options):
        raise OperationalError("no such host db.internal") from sqlite3.OperationalError()

    monkeypatch.setattr(database_rules, "missing", failing)
    assert asked(client) == (503, "database")


def test_a_lost_rule_is_a_word(client, monkeypatch):
    monkeypatch.setattr(database_rules, "missing", lambda: ["newsroom_event_append_only"])
    assert asked(client) == (503, "rules")


@pytest.fixture
def well(settings, tmp_path):
    """A server where all is as it should be."""
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "row"
    settings.SPARE_MB = 1
    copy = tmp_path / "row" / "2026-11-26_030000"
    copy.mkdir(parents=True)
    facts = '{"rows": {}, "migrations": [], "newest_event": 0}'
    taken = timezone.now().isoformat()
    text = (
        f'{{"version": 2, "database": "x", "taken_at": "{taken}", "facts": {facts}, "files": {{}}}}'
    )
    (copy / "manifest.json").write_text(text)
    assert spare.keep()


def late():
    """The labels of what somebody should look at."""
    return [fact.label for fact in condition.examine(timezone.now()) if fact.late]


def test_where_all_is_well_nothing_is_red(well):
    assert late() == []
    assert len(list(condition.examine(timezone.now()))) == 9
    assert not Stamp.objects.filter(key="condition").exists(), "the write stays"


def test_a_spare_file_nobody_wants_is_not_missed(well, settings):
    spare.path().unlink()
    settings.SPARE_MB = 0
    assert late() == []


def test_each_thing_that_is_not_well_is_red(well, settings, monkeypatch):
    comment = makers.pending()
    before = timezone.now() - timedelta(days=200)
    Comment.objects.filter(pk=comment.pk).update(queued_at=before)
    Notice.objects.create(comment=comment, kind="confirm", created_at=before, due_at=before)
    old = makers.in_state("spam")
    Comment.objects.filter(pk=old.pk).update(decided_at=before)
    spare.path().unlink()
    shutil.rmtree(settings.BACKUP_DIR)
    disk_with(monkeypatch, 10)
    copies.mark("2026-11-26T03:00:00+00:00")
    monkeypatch.setattr(database_rules, "missing", lambda: ["newsroom_event_append_only"])
    found = {fact.label: fact.value for fact in condition.examine(timezone.now()) if fact.late}
    assert len(found) == 8
    assert "newsroom_event_append_only" in found.values()


def test_a_clock_that_went_back_is_red(well, clock):
    factories.published()
    now = timezone.now()
    clock(now - timedelta(hours=1))
    assert late() == ["Đồng hồ", "Bản sao lưu gần nhất"]  # which was taken an hour from now


def test_a_database_that_cannot_be_written_to_is_a_fact(well, monkeypatch):
    def failing(_keys):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("newsroom.stamps.bump", failing)
    found = [fact for fact in condition.examine(timezone.now()) if fact.late]
    assert [fact.value for fact in found] == ["OperationalError"]
    assert found[0].label == next(condition.examine(timezone.now())).label


def test_the_administrator_finds_it_and_nobody_else(client, well):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    assert "/admin/tinh-trang/" in client.get("/admin/danh-muc/").content.decode()
    page = client.get("/admin/tinh-trang/")
    assert page.content.decode().count("<dt>") == 9
    client.force_login(factories.user(Role.SECRETARY))
    assert "/admin/tinh-trang/" not in client.get("/admin/danh-muc/").content.decode()
    assert client.get("/admin/tinh-trang/").status_code == 403


def test_the_spare_file_takes_its_room_and_leaves_a_full_disk_alone(
    settings, tmp_path, monkeypatch
):
    settings.VAR_DIR, settings.SPARE_MB = tmp_path, 3
    assert spare.keep()
    about = spare.path().stat()
    assert about.st_size == 3 << 20
    assert about.st_blocks * 512 >= 3 << 20, "a file with holes frees nothing"
    spare.path().unlink()
    disk_with(monkeypatch, 900)
    assert not spare.keep()
    assert not spare.path().exists()
    settings.SPARE_MB = 0
    assert spare.keep()


def test_pending_migrations_are_red(well):
    MigrationRecorder(connection).record_unapplied("comments", "0008_rights")
    assert any("0008_rights" in fact.value for fact in condition.examine(timezone.now()))
