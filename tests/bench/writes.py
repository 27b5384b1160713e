"""Writes that no page shows, beside what is measured: sessions and captchas, so many a second."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from comments import captcha
from newsroom.sessions import SessionStore

from . import ROOT
from .measuring import own_backend

_RUN = "import django; django.setup(); from tests.bench import writes; writes.main({})"


def main(rate: float) -> None:
    """Tell which process of the database writes for us, then write until somebody ends us."""
    print(*own_backend(), flush=True)
    began = time.monotonic()
    for number in count(1):
        _write(number)
        time.sleep(max(0.0, began + number / rate - time.monotonic()))


def _write(number: int) -> None:
    if number % 2:
        SessionStore().create()
    else:
        captcha.issue(network=str(number % 100))


@contextmanager
def going_on(rate: float) -> Iterator[tuple[int, ...]]:
    """Write in a process of its own; give the processes of the database that do it for us."""
    if not rate:
        yield ()
        return
    writer = subprocess.Popen(
        [sys.executable, "-c", _RUN.format(rate)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield tuple(map(int, writer.stdout.readline().split()))
    finally:
        writer.terminate()
        writer.wait()
        writer.stdout.close()
