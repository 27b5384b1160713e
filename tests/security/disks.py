"""Disks without a byte left (of a server's processes, a folder, PostgreSQL), and those too slow."""

import os
import resource
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connection

from tests.page_cache.servers import Node

CHUNKS = (1 << 20, 4_096, 1)
BETWEEN_BEATS_SECONDS, STANDSTILL_SECONDS = 0.1, 0.25
REFUSAL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$
"""


class Pulse(threading.Thread):
    """Has a byte written through to the disk of a folder, again and again, while one is inside.

    A machine may share its disk with strangers, and whoever has something stored waits for them
    then. It takes milliseconds; what takes over STANDSTILL_SECONDS is noted.
    """

    def __init__(self, folder: Path, through: Callable[[int], None] = os.fsync):
        super().__init__(daemon=True)
        self._file, self._through = folder / "pulse", through
        self._stopped = threading.Event()
        self.standstills: list[tuple[float, float]] = []

    def run(self) -> None:
        with self._file.open("wb", buffering=0) as file:
            while not self._stopped.wait(BETWEEN_BEATS_SECONDS):
                began = time.monotonic()
                os.pwrite(file.fileno(), b".", 0)
                self._through(file.fileno())
                if (ended := time.monotonic()) - began > STANDSTILL_SECONDS:
                    self.standstills.append((began, ended))

    def __enter__(self) -> "Pulse":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped.set()
        self.join()

    def stood_still(self, began: float, ended: float) -> float:
        """Return for how many seconds between two moments of the monotonic clock it wrote none."""
        return sum(max(0.0, min(to, ended) - max(at, began)) for at, to in self.standstills)


@contextmanager
def no_file_grows(node: Node) -> Iterator[None]:
    """Let no worker write a byte to any file meanwhile; reading goes on."""
    workers = node.workers()
    for pid in workers:
        _limit(pid, 0)
    try:
        yield
    finally:
        for pid in workers:
            _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, size: int) -> None:
    with suppress(ProcessLookupError):
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Path]:
    """Give a disk of its own; whoever may not mount one does not run the test, and is told."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    is_done = shutil.which("mount") and not subprocess.run(words, check=False).returncode
    if not is_done:
        pytest.skip("needs root, who may mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no byte on a disk meanwhile."""
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file:
        for size in CHUNKS:
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    assert not shutil.disk_usage(disk).free
    try:
        yield
    finally:
        filling.unlink()


@contextmanager
def refused_by_postgresql() -> Iterator[None]:
    """Let the server itself answer "disk full" (53100) to whatever would make any table longer."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(REFUSAL)
        for table in tables:
            cursor.execute(
                f'CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_room CASCADE")
