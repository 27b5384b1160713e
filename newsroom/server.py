"""The application server: granian, told how to serve, and made to stop whenever it is told to.

python -m newsroom.server APPLICATION --host=… --port=… --workers=… --threads=…
"""

import ctypes
import os
import signal
import socket
import stat
import struct
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from importlib import import_module
from queue import SimpleQueue
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings
from granian.log import LogLevels

SECONDS_TO_STOP = 10
SECONDS_TO_LISTEN = 60
SO_ATTACH_REUSEPORT_CBPF = 51  # Linux; unknown to Python
BPF_RET = 0x06


class Wake:
    """What the main process waits for: the end of a worker, or a signal.

    An event has a lock, which the wait holds when it has just been woken. A signal handler that
    then sets it waits for ever for what it has interrupted: as when a terminal or a supervisor
    tells all processes at once to end. Nothing here has one, and what was set is never lost: who
    is woken for nothing looks again and waits.
    """

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Wake who waits, or who waits next."""
        self._told.put(None)

    def wait(self) -> None:
        """Wait until somebody has set it since the last time."""
        self._told.get()

    def clear(self) -> None:
        """Do nothing: what was set in the meantime must be seen."""


class Server(Granian):
    """Granian, whose main process ends and reloads whenever it is told to."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.main_loop_interrupt = Wake()


def load(workers: int, application: str) -> Any:
    """Return what "module:name" names, in a worker, which is deaf to SIGINT from here on.

    Ctrl-C reaches all processes of a terminal, and the first one then tells the workers to end: of
    two different signals in one moment a worker may hear neither.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    if sys.platform == "linux":
        threading.Thread(target=give_to_the_newest, args=[workers], daemon=True).start()
    module, _, name = application.partition(":")
    return getattr(import_module(module), name)


def give_to_the_newest(workers: int) -> None:
    """Have the kernel give new connections to the newest worker while there is one too many.

    So it is at a reload. A worker that ends closes connections on which nothing was said yet, and
    those it has not accepted: to a reader that is no answer. So it gets none in its last seconds.
    The newest worker's socket is the last of them all, its index the number of workers; while there
    is none of this index the kernel chooses as ever. Waits until this process listens.
    """
    end = time.monotonic() + SECONDS_TO_LISTEN
    while not (listening := list(_listening())) and time.monotonic() < end:
        time.sleep(0.05)
    code = ctypes.create_string_buffer(struct.pack("HBBI", BPF_RET, 0, 0, workers))
    program = struct.pack("HP", 1, ctypes.addressof(code))
    for one in listening:
        with closing(one), suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, program)


def _listening() -> Iterator[socket.socket]:
    """Yield a copy of each socket this process takes connections from."""
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # closed meanwhile
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                one = socket.socket(fileno=os.dup(int(name)))
                if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    yield one
                else:
                    one.close()


def make(arguments: list[str]) -> Server:
    """Return the server that these words of a command line ask for; it does not run yet."""
    parser = ArgumentParser()
    parser.add_argument("application")
    parser.add_argument("--host", required=True)
    for number in ("--port", "--workers", "--threads"):
        parser.add_argument(number, type=int, required=True)
    parser.add_argument("--seconds-to-stop", type=int, default=SECONDS_TO_STOP)
    told = parser.parse_args(arguments)
    return Server(
        told.application,
        address=told.host,
        port=told.port,
        workers=told.workers,
        blocking_threads=told.threads,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(),
        websockets=False,
        # Without this one dead worker ends the whole server.
        respawn_failed_workers=True,
        # A worker told to stop while it starts does not listen yet; without this it stays for ever.
        workers_kill_timeout=told.seconds_to_stop,
        # Below errors it warns of the many threads, which are meant to be many (newsroom/gate).
        log_level=LogLevels.error,
    )


if __name__ == "__main__":
    try:
        server = make(sys.argv[1:])
        server.serve(target_loader=partial(load, server.workers))
    except FatalError:
        sys.exit(1)
