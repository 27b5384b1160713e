"""An upgrade leads to the new version or to the old one, and to nothing in between."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from newsroom.management.commands import upgrade
from newsroom.opening import Opened
from tests import postgres
from tests.newsroom import sites

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
# The last commit of version 0.1.0, whose databases are out there; what came later is unreleased.
OLD = "c288a7e"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "row"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.PORT = probe.getsockname()[1]
    if not sites.SQLITE:
        monkeypatch.setenv("PG_BIN", str(postgres.find_binaries()))


def run(*options):
    out = StringIO()
    call_command("upgrade", *map(str, options), stdout=out, stderr=out)
    return out.getvalue()


def applied():
    return set(MigrationRecorder(connection).applied_migrations())


@pytest.fixture
def last_migration():
    """The newest migration of comments, taken back: as if it had come with this version."""
    graph = MigrationLoader(connection).graph
    (last,) = graph.leaf_nodes("comments")
    before = max(key for key in graph.node_map[last].parents if key.key[0] == "comments").key
    call_command("migrate", *before, verbosity=0)
    yield last
    call_command("migrate", verbosity=0)


def test_what_is_new_is_applied_and_can_be_undone(last_migration, settings):
    sites.furnish()
    assert last_migration not in applied()
    rows = sites.all_rows()
    assert "--back" in run()
    assert last_migration in applied()
    (folder,) = settings.BACKUP_DIR.glob("2*")
    run("--back", folder)
    assert last_migration not in applied()
    assert sites.all_rows() == rows


def test_where_a_page_does_not_open_all_is_as_it_was(last_migration, monkeypatch):
    sites.furnish()
    rows = sites.all_rows()
    broken = [Opened("Trang", "/hong/", 500, 10)]
    monkeypatch.setattr(upgrade, "open_pages", lambda **_: broken)
    with pytest.raises(CommandError):
        run()
    assert last_migration not in applied()
    assert sites.all_rows() == rows


def test_where_somebody_interrupts_all_is_as_it_was(last_migration, monkeypatch):
    rows = sites.all_rows()
    monkeypatch.setattr(upgrade, "open_pages", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(CommandError):
        run()
    assert last_migration not in applied()
    assert sites.all_rows() == rows


def test_without_a_backup_nothing_is_changed(last_migration, settings):
    settings.BACKUP_DIR.write_text("a file where the folder should be")
    with pytest.raises(CommandError):
        run()
    assert last_migration not in applied()


def test_a_running_site_is_not_upgraded(settings):
    with socket.socket() as server:
        server.bind(("127.0.0.1", settings.PORT))
        server.listen()
        with pytest.raises(CommandError, match=str(settings.PORT)):
            run()
    assert not settings.BACKUP_DIR.exists()


# The real thing: data written by version 0.1.0.


@pytest.fixture
def old_program(tmp_path):
    """The files of version 0.1.0 from git; without its history the test does not run."""
    archive = subprocess.run(["git", "archive", OLD], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("needs the history of the repository")
    folder = tmp_path / "old"
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    return folder


class Version:
    """A version of the program, run by its own manage.py on one database and media folder."""

    def __init__(self, root: Path, environment: dict[str, str]):
        self.root, self.environment = root, environment

    def run(self, *words: str) -> subprocess.CompletedProcess:
        """Run a command; the answer tells how it went."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def must(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stdout
        return done.stdout


@contextmanager
def place(tmp_path, settings):
    """An empty database and folder, and the environment of whoever works on it."""
    with sites.another_site(tmp_path, settings):
        name = connection.settings_dict["NAME"]
        server = os.environ["DATABASE_URL"].rpartition("/")[0]
        url = f"sqlite:///{name}" if sites.SQLITE else f"{server}/{name}"
        yield {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "BACKUP_DIR": str(tmp_path / "row"),
            "PORT": str(settings.PORT),
            "DEBUG": "1",
            "ALLOWED_HOSTS": "localhost",
        }


OPEN = """
import re, sys
from django.test import Client
client = Client(HTTP_HOST="localhost")
found = re.findall(r"<loc>[a-z]+://[^/]+(.*?)</loc>", client.get("/sitemap.xml").content.decode())
pages = {path: client.get(path).status_code for path in found}
assert len(pages) > 40, pages
assert set(pages.values()) == {200}, pages
assert client.login(username="quantri", password="mat-khau-mau")
assert client.get("/admin/articles/article/", follow=True).status_code == 200
print(len(pages), "pages")
"""
COUNT = """
from articles.models import Article, Revision, Publication, Photo
from comments.models import Comment
from newsroom.models import Event, User
for model in (Article, Revision, Publication, Photo, Comment, Event, User):
    print(model.__name__, model.objects.count())
"""


@pytest.mark.long
def test_a_newsroom_of_version_0_1_0_comes_along(tmp_path, settings, old_program):
    with place(tmp_path, settings) as environment:
        old, new = (Version(root, environment) for root in (old_program, ROOT))
        old.must("migrate", "--verbosity=0")
        old.must("load_demo")
        before, counted = sites.all_rows(), old.must("shell", "--no-imports", "-c", COUNT)
        connection.close()
        # A table in the way of a migration: the upgrade fails half way, the old version goes on.
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE comments_watchedword (x integer)")
        connection.close()
        failed = new.run("upgrade")
        assert failed.returncode == 1, failed.stdout
        assert "comments_watchedword" in failed.stdout
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE comments_watchedword")
        assert sites.all_rows() == before
        connection.close()
        old.must("migrate", "--check")
        old.must("shell", "--no-imports", "-c", OPEN)
        before = sites.all_rows()  # with who has logged in
        connection.close()
        # Without it all goes well.
        print(new.must("upgrade"))
        assert new.must("shell", "--no-imports", "-c", COUNT) == counted
        print(new.must("shell", "--no-imports", "-c", OPEN))
        new.must("check", "--database", "default")
        # And somebody who changes his mind has his old site.
        (*_, last) = sorted((tmp_path / "row").glob("2*"))
        new.must("upgrade", "--back", str(last))
        assert sites.all_rows() == before
        connection.close()
        old.must("shell", "--no-imports", "-c", OPEN)
