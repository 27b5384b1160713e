"""The application server under measurement: started as in life, its CPU time read from /proc."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsroom.management.commands.serve import server_command

ROOT = Path(__file__).resolve().parents[2]
SITE = "newsroom.wsgi:application"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


@contextmanager
def serving(application: str, address: str) -> Iterator[int]:
    """Run `application` under the newsroom's own command line; give the pid once it answers.

    `address` is asked until it answers; any answer will do.
    """
    command = [application if word == SITE else word for word in server_command()]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait(process, address)
        yield process.pid
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(process: subprocess.Popen, address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{address} does not answer")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and all processes below it have used until now."""
    return sum(_own_seconds(each) for each in _tree(pid))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _own_seconds(pid: int) -> float:
    # The name of the program stands in brackets and may hold anything; numbers follow it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / TICKS_PER_SECOND
