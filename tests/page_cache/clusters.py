"""A PostgreSQL of one test's own, which may be stopped and started again."""

import os
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import connection, connections

from newsroom.page_cache.listening import BEAT
from tests import postgres
from tests.page_cache.servers import until

AS = ("--username=postgres", "--dbname=postgres")


class Cluster:
    """A server with a copy of this test's database; `url` leads to the copy."""

    def __init__(self):
        self.url = postgres.start()
        self.home = Path(unquote(urlsplit(self.url).path.split("/")[1]))
        self.data = self.home / "data"
        # How it was started stands there: the program, then its options.
        self.program, *self.options = shlex.split((self.data / "postmaster.opts").read_text())
        self._copy()

    def _copy(self) -> None:
        here, dump = connection.settings_dict, self.home / "dump"
        asked = {"host": here["HOST"], "port": here["PORT"], "username": here["USER"]}
        origin = [f"--{name}={value}" for name, value in asked.items() if value]
        self._run("pg_dump", "-Fc", f"--file={dump}", *origin, here["NAME"])
        self._run("pg_restore", f"--host={self.home}", *AS, dump)

    def make_durable(self) -> None:
        """Let a commit that was answered outlive a stop; tests are quicker without."""
        with self.here(), connection.cursor() as cursor:
            cursor.execute("ALTER DATABASE postgres SET synchronous_commit = on")

    @contextmanager
    def here(self) -> Iterator[None]:
        """Let this process work in the copy meanwhile."""
        database = connections["default"]
        before = database.settings_dict
        database.close()
        database.settings_dict = before | {"HOST": str(self.home), "NAME": "postgres"}
        try:
            yield
        finally:
            database.close()
            database.settings_dict = before

    def _run(self, name: str, *arguments: str | Path) -> None:
        postgres.run(Path(self.program).parent / name, *arguments)

    def stop(self) -> None:
        """End it as a power cut would: nobody is told goodbye."""
        pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not _is_there(pid), 10, "PostgreSQL did not stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let every process of it stand still meanwhile: its connections stay, and say nothing."""
        pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        processes = [pid, *_children(pid)]
        _tell(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            _tell(processes, signal.SIGCONT)

    def start(self) -> None:
        """Start it as it was started first."""
        options = shlex.join(word for word in self.options if word not in ("-D", str(self.data)))
        flags = ("-D", self.data, "-l", self.home / "log", "-o", options)
        self._run("pg_ctl", *flags, "-w", "-s", "start")


def cut_listeners() -> int:
    """End the connections on which workers listen; return how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND state = 'idle' AND query IN (%s, 'LISTEN newsroom_stamps')",
            [BEAT],
        )
        return cursor.fetchone()[0]


def _tell(processes: list[int], what: signal.Signals) -> None:
    """Signal them all; one that has ended, as a backend of the server may any time, needs none."""
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, what)


def _is_there(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
