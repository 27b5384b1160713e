"""The application server under measurement: started as in life."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from newsroom.management.commands.serve import ONE_HEAP, server_command

from . import ROOT
from .asking import Address

SITE = "newsroom.wsgi:application"
START_SECONDS = 60
MAX_SAID = 4_096  # bytes of what a server says that does not come up
_LISTEN = "0A"  # in the fourth column of /proc/net/tcp


@contextmanager
def serving(application: str, address: Address, environment: dict[str, str]) -> Iterator[int]:
    """Run `application` under the newsroom's own command line; give its first process.

    All of its workers are up by then.
    """
    command = [application if word == SITE else word for word in server_command()]
    # A worker that does not stop in time would only make the stand wait.
    command.append("--seconds-to-stop=2")
    environment = ONE_HEAP | environment
    with running(command, address, environment, settings.WORKERS) as pid:
        yield pid


@contextmanager
def running(
    command: list[str], address: Address, environment: dict[str, str], listeners: int = 1
) -> Iterator[int]:
    """Run a server; give its first process once so many listen there. Raises RuntimeError.

    Its log, a line a request, goes where nobody reads it unless it does not come up.
    """
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(process, address, listeners, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _wait(process: subprocess.Popen, address: Address, listeners: int, log: IO[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if _listening(address) >= listeners:
            return
        time.sleep(0.05)
    log.seek(0)
    said = log.read(MAX_SAID).decode(errors="replace")
    raise RuntimeError(f"{' '.join(process.args)} does not answer:\n{said}")


def _listening(address: Address) -> int:
    """Return how many sockets take connections there: each worker has one of its own."""
    host, port = address
    number = int.from_bytes(socket.inet_aton(host), sys.byteorder)
    wanted = [f"{number:08X}:{port:04X}", "00000000:0000", _LISTEN]
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1:4] == wanted for line in lines)
