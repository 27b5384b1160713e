"""A small newsroom to back up, and other, empty places to restore it into."""

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from articles.models import Province
from newsroom import copies
from newsroom.backup import files
from tests import factories

SQLITE = os.environ.get("TEST_DB", "sqlite") == "sqlite"


def furnish():
    """A small newsroom with files, and the places that an earlier test may have flushed."""
    if not Province.objects.exists():
        import_module("articles.migrations.0003_provinces").load(apps, None)
    factories.user(username="kien")
    factories.published(photo=factories.photo(), photo_alt="Lúa", photo_credit="Bá Phúc")
    factories.scheduled()
    factories.withdrawn()


@contextmanager
def another_site(folder, settings, migrated=False):
    """Another empty database and media folder, as on a new machine; migrated: started once."""
    settings.MEDIA_ROOT = folder / "other"
    before = connection.settings_dict["NAME"]
    connection.close()
    name = str(folder / "site.sqlite3") if SQLITE else f"{before}_other"
    _make_database(folder, name)
    connection.settings_dict["NAME"] = name
    try:
        if migrated:
            call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _drop_database(name)


def _make_database(folder, name):
    folder.mkdir(exist_ok=True)
    if not SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
        connection.close()


def _drop_database(name):
    """Leave nothing of it: what is lost in a test is lost."""
    if SQLITE:
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def is_there(name) -> bool:
    """Whether there is still a database of this name."""
    if SQLITE:
        return Path(name).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone()[0] > 0


def all_rows():
    """Every row of every table, as text so that both sides compare alike."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def all_files(folder):
    """Every file under a folder, but the mark of a copy."""
    found = (path for path in files.walk(Path(folder)) if path.name != copies.MARK)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
