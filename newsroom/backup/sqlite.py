"""One state of an SQLite database as a file, and back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from . import files
from .terms import BackupError

FILE = "database.sqlite3"


@contextmanager
def dumped(target: Path) -> Iterator[sqlite3.Cursor]:
    """Copy the database as it is at one moment, writers or not; give a cursor on that state.

    The copy has its name when the block ends well. Raises BackupError for a damaged one.
    """
    with files.appearing(target) as temporary:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(temporary)])
        with closing(sqlite3.connect(temporary)) as copied:
            found = copied.execute("PRAGMA integrity_check").fetchall()
            if found != [("ok",)]:
                raise BackupError(_("The copy of the database is damaged: %s") % found[:3])
            yield copied.cursor()


def load(source: Path) -> None:
    """Put the copied state into the database in one transaction, under SQLite's own locks."""
    connection.close()
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as copied,
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as database,
    ):
        copied.backup(database)
