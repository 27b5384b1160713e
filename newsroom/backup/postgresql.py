"""One state of a PostgreSQL database as a file of pg_dump, and back by pg_restore.

The programs are looked for in the folder PG_BIN, else on the PATH.
"""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import files
from .terms import BackupError, Facts, read_facts

FILE = "database.pgdump"


def dump(target: Path, tables: list[str]) -> Facts:
    """Dump the state of one moment and return what that very state holds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        with files.appearing(target) as temporary:
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={temporary}")
        return read_facts(cursor, tables)


def load(source: Path) -> None:
    """Put the dumped state in place of the present one, which is dropped first."""
    _drop_tables()
    connection.close()
    # The tables are gone; what --clean still finds are our functions.
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _run("pg_restore", *options, "--exit-on-error", str(source))


def _drop_tables() -> None:
    """Drop every table: those a newer program made would hold on to the ones being replaced."""
    quoted = [connection.ops.quote_name(name) for name in connection.introspection.table_names()]
    if quoted:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(quoted)} CASCADE")


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database; the password goes through the environment."""
    known = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    (_psql, *address, name), variables = known
    done = subprocess.run(
        [_find(program), *address, "--no-password", f"--dbname={name}", *arguments],
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        message = _("%(program)s failed: %(reason)s")
        raise BackupError(message % {"program": program, "reason": done.stderr.strip()[-500:]})


def _find(program: str) -> str:
    """Return the path of a program; raises BackupError where there is none."""
    found = shutil.which(program, path=os.environ.get("PG_BIN") or None)
    if not found:
        message = _(
            "%(program)s was not found: install PostgreSQL's client or name its folder in PG_BIN."
        )
        raise BackupError(message % {"program": program})
    return found
