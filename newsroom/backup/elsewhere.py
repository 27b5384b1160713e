"""Another, empty place to try a backup in: a folder, and a database of the same kind."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import ProgrammingError, connection
from django.utils.translation import gettext as _

from .terms import BackupError


@contextmanager
def empty_place() -> Iterator[dict[str, str]]:
    """Give the environment of a process that works on an empty database and an empty folder.

    Both are gone afterwards. No letter leaves such a process. Raises BackupError where PostgreSQL
    does not let us make a database.
    """
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-drill-") as folder,
        _database(Path(folder)) as url,
    ):
        yield {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATABASE_URL": url,
            "LISTEN_DATABASE_URL": "",
            "MEDIA_ROOT": f"{folder}/media",
            "EMAIL_URL": "dummymail://",
            "SEND_LETTERS_AT_ONCE": "0",
            "LOG_REQUESTS": "0",
        }


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder}/drill.sqlite3"
        return
    name = f"newsroom_drill_{os.getpid()}"
    _execute(f"CREATE DATABASE {name}")
    try:
        address = urlsplit(os.environ["DATABASE_URL"])
        before = address.path.rpartition("/")[0]
        yield address._replace(path=f"{before}/{name}").geturl()
    finally:
        _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _execute(statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        message = _("PostgreSQL refused %(statement)s: %(reason)s Run: ALTER ROLE … CREATEDB")
        values = {"statement": statement, "reason": str(error).strip()}
        raise BackupError(message % values) from error
