"""One state of a PostgreSQL database as a file of pg_dump, and back by pg_restore.

The programs are looked for in the folder PG_BIN, else on the PATH.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import files
from .terms import BackupError

FILE = "database.pgdump"
PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>


@contextmanager
def dumped(target: Path) -> Iterator[Any]:
    """Dump the state of one moment; give a cursor on that very state.

    The dump has its name when the block begins. Raises BackupError.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        with files.appearing(target) as temporary:
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={temporary}")
            # Read once from end to end, as restoring it would.
            _call("pg_restore", "--file=/dev/null", str(temporary))
        yield cursor


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
    words = (*address, "--no-password", f"--dbname={name}", *arguments)
    _call(program, *words, variables=variables or {})


def _call(program: str, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})):
    """Run a program of PostgreSQL; raises BackupError with what it says where it fails."""
    done = subprocess.run(
        [_find(program), *arguments],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        preexec_fn=partial(_end_with, os.getpid()),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        message = _("%(program)s failed: %(reason)s")
        raise BackupError(message % {"program": program, "reason": done.stderr.strip()[-500:]})


def _end_with(parent: int) -> None:
    """Have this process, a child about to become another program, killed as soon as `parent` ends.

    Else a restore that was killed would go on in secret, and the next one meet it. Linux alone can.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def _find(program: str) -> str:
    """Return the path of a program; raises BackupError where there is none."""
    found = shutil.which(program, path=os.environ.get("PG_BIN") or None)
    if not found:
        message = _(
            "%(program)s was not found: install PostgreSQL's client or name its folder in PG_BIN."
        )
        raise BackupError(message % {"program": program})
    return found
