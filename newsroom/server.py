"""The application server: granian, told how to serve, and made to stop whenever it is told to.

python -m newsroom.server APPLICATION --host=… --port=… --workers=… --threads=…
"""

import sys
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings
from granian.log import LogLevels

SECONDS_TO_STOP = 10


class Server(Granian):
    """Granian, whose main process waits for an event that its signal handlers set.

    A handler runs inside of that wait. Where the end of a worker has just woken it, as when a
    terminal or a supervisor tells all processes at once to end, the wait holds the event's lock,
    and setting it from there would wait for itself for ever, the port taken and nobody serving.
    """

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Note that the server is to end, and wake it."""
        self.interrupt_signal = True
        self._wake()

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """Note that the workers are to be begun anew, and wake the server."""
        self.reload_signal = True
        self._wake()

    def _wake(self) -> None:
        Thread(target=self.main_loop_interrupt.set, daemon=True).start()


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
        make(sys.argv[1:]).serve()
    except FatalError:
        sys.exit(1)
