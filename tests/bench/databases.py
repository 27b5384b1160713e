"""The two databases that are measured: a file, and a PostgreSQL of our own that stays on disk.

What is `kept` is filled once and never measured; what is measured is a copy, made for one run.
"""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests import postgres

KEPT, COPY = "kept", "copy"
ENGINES = ("sqlite", "postgresql")
AS_SHIPPED = {"max_wal_size": "4GB"}
# While it is filled nobody reads, and what breaks is made again.
WHILE_FILLED = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "1GB",
    "work_mem": "256MB",
}


@dataclass(frozen=True)
class Sqlite:
    """Files in a folder."""

    folder: Path
    pid = None  # it runs in the processes that use it

    def url(self, name: str) -> str:
        """Return what DATABASE_URL says for the database of that name."""
        return f"sqlite:///{self._file(name)}"

    def empty(self) -> None:
        """Make an empty database in the place of what is kept."""
        self._remove(KEPT)

    def copy(self) -> None:
        """Make the copy anew."""
        self._remove(COPY)
        shutil.copyfile(self._file(KEPT), self._file(COPY))

    def drop_copy(self) -> None:
        """Remove the copy."""
        self._remove(COPY)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def _remove(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._file(name).with_suffix(f".sqlite3{suffix}").unlink()


@dataclass(frozen=True)
class Postgresql:
    """A running server; `pid` is its first process, `sockets` the folder where it listens."""

    sockets: Path
    pid: int

    def url(self, name: str) -> str:
        """Return what DATABASE_URL says for the database of that name."""
        return f"postgres://postgres@/{quote(str(self.sockets), safe='')}/{name}"

    def empty(self) -> None:
        """Make an empty database in the place of what is kept."""
        self._recreate(KEPT, template="template0")

    def copy(self) -> None:
        """Make the copy anew."""
        self._recreate(COPY, template=KEPT)

    def drop_copy(self) -> None:
        """Remove the copy."""
        with self._admin() as admin:
            admin.execute(_named("DROP DATABASE IF EXISTS {} (FORCE)", COPY))

    def _recreate(self, name: str, template: str) -> None:
        with self._admin() as admin:
            admin.execute(_named("DROP DATABASE IF EXISTS {} (FORCE)", name))
            admin.execute(
                _named("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
            )

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True
        )


Database = Sqlite | Postgresql


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


@contextmanager
def opened(engine: str, folder: Path, filled: bool = False) -> Iterator[Database]:
    """Give the database of that engine in `folder`, running as long as it is needed.

    It runs as it is shipped, no safety taken out of it, unless it is to be `filled`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield Sqlite(folder)
        return
    with _running(folder, WHILE_FILLED if filled else AS_SHIPPED) as server:
        yield server


@contextmanager
def _running(folder: Path, settings: dict[str, str]) -> Iterator[Postgresql]:
    sockets = Path(tempfile.mkdtemp(prefix="newsroom-pg-"))
    data = folder / "data"
    data.mkdir(exist_ok=True)
    _hand_over(sockets, data)
    binaries = postgres.usable_binaries(sockets)
    if not any(data.iterdir()):
        flags = ("-U", "postgres", "-A", "trust", *postgres.LOCALE)
        postgres.run(binaries / "initdb", "-D", data, *flags)
    settings = {"listen_addresses": "", "unix_socket_directories": str(sockets)} | settings
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    control = (binaries / "pg_ctl", "-D", data, "-w", "-s")
    postgres.run(*control, "-l", sockets / "log", "-o", options, "start")
    try:
        yield Postgresql(sockets, int((data / "postmaster.pid").read_text().split()[0]))
    finally:
        postgres.run(*control, "-m", "fast", "stop")
        shutil.rmtree(sockets, ignore_errors=True)


def _hand_over(*folders: Path) -> None:
    """Give folders to the user that PostgreSQL runs as; it refuses to run as root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(postgres.OTHER_USER)
        for folder in folders:
            os.chown(folder, user.pw_uid, user.pw_gid)
