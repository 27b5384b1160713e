"""The application server: granian, told how to serve, and made to stop whenever it is told to.

python -m newsroom.server APPLICATION --host=… --port=… --workers=… --threads=…
"""

import signal
import sys
from argparse import ArgumentParser
from importlib import import_module
from queue import SimpleQueue
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings
from granian.log import LogLevels

SECONDS_TO_STOP = 10


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


def load(application: str) -> Any:
    """Return what "module:name" names, in a worker, which is deaf to SIGINT from here on.

    Ctrl-C reaches all processes of a terminal, and the first one then tells the workers to end: of
    two different signals in one moment a worker may hear neither.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    module, _, name = application.partition(":")
    return getattr(import_module(module), name)


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
        make(sys.argv[1:]).serve(target_loader=load)
    except FatalError:
        sys.exit(1)
