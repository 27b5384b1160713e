"""The drill: a good backup comes back somewhere else, a bad one is told from it."""

import json
import os
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from newsroom.backup import elsewhere
from newsroom.roles import Role
from tests import factories, postgres
from tests.newsroom import sites

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _programs(monkeypatch, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "row"
    if not sites.SQLITE:
        monkeypatch.setenv("PG_BIN", str(postgres.find_binaries()))


def drill(*folder):
    out = StringIO()
    call_command("drill", *map(str, folder), stdout=out)
    return out.getvalue()


def databases():
    if sites.SQLITE:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'newsroom_drill%'")
        return cursor.fetchall()


def test_the_newest_backup_is_brought_back_elsewhere(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    sites.furnish()
    factories.user(Role.ADMINISTRATOR)
    call_command("backup", stdout=StringIO())
    rows, media = sites.all_rows(), sites.all_files(settings.MEDIA_ROOT)
    said = drill()
    assert "articles_article                         3 / 3" in said
    opened = re.findall(r" (\d+) +\d+ (/\S*)$", said, re.MULTILINE)
    assert {status for status, _path in opened} == {"200"}
    front, article, picture, *desk = [path for _status, path in opened]
    assert (front, article[-5:], picture[:5]) == ("/", ".html", "/anh/")
    assert desk == ["/admin/login/", "/admin/"]
    assert re.search(r"\b0,\d phút\. .*\b\d+ giây cuối\.$", said.strip())
    assert sites.all_rows() == rows, "the site itself was touched"
    assert sites.all_files(settings.MEDIA_ROOT) == media
    assert databases() == []
    assert [path.name for path in tmp_path.iterdir() if "drill" in path.name] == []


def test_a_backup_that_is_not_what_it_says_fails(tmp_path):
    call_command("backup", str(tmp_path / "copy"), stdout=StringIO())
    manifest = tmp_path / "copy" / "manifest.json"
    values = json.loads(manifest.read_text())
    values["facts"]["rows"]["articles_article"] += 1
    manifest.write_text(json.dumps(values))
    with pytest.raises(CommandError):
        drill(tmp_path / "copy")
    assert databases() == []


def test_without_a_backup_there_is_nothing_to_try():
    with pytest.raises(CommandError, match="row"):
        drill()


def test_a_role_that_may_make_no_database_is_told_so(monkeypatch):
    if sites.SQLITE:
        with elsewhere.empty_place() as environment:
            assert environment["DATABASE_URL"] != os.environ["DATABASE_URL"]
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE modest")
        cursor.execute("SET ROLE modest")
    try:
        with pytest.raises(elsewhere.BackupError, match="CREATEDB"), elsewhere.empty_place():
            pass
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE modest")
