"""How long a process waits for PostgreSQL: without end, unless it serves readers."""

import time
from typing import Any

import psycopg

# For the answer to one statement, and before a server that did not answer is asked again.
ANSWER_SECONDS, REST_SECONDS = 4.0, 2.0
# For the server to take notice that an answer is not wanted any more.
NOTICE_SECONDS = 1.0

_is_impatient = False
_silent_until = float("-inf")


def serve_impatiently() -> None:
    """From here on this process gives up on a silent server; commands go on waiting."""
    global _is_impatient
    _is_impatient = True


def connect(arguments: dict[str, Any]) -> psycopg.Connection:
    """Connect. Raises psycopg.OperationalError at once while the server is known to be silent."""
    if _is_impatient and time.monotonic() < _silent_until:
        raise psycopg.OperationalError("the server has not answered, it is not asked again yet")
    try:
        return ImpatientConnection.connect(**arguments)
    except psycopg.errors.ConnectionTimeout:
        _leave_alone()
        raise


class ImpatientConnection(psycopg.Connection):
    """A connection that is closed, with what was begun on it, where an answer takes too long."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for what `gen` wants. Raises psycopg.OperationalError after ANSWER_SECONDS."""
        if not _is_impatient or timeout is not None:
            return super().wait(gen, interval, timeout)
        begun = time.monotonic()
        try:
            return super().wait(gen, interval, ANSWER_SECONDS)
        except psycopg.OperationalError:
            if time.monotonic() - begun >= ANSWER_SECONDS:
                self._give_up()
            raise

    def _give_up(self) -> None:
        """Close the connection, and have the server end what it is at; one that is silent rests.

        It would not see that nobody listens: what waits for a lock keeps its connection, until
        there is none left.
        """
        try:
            self.cancel_safe(timeout=NOTICE_SECONDS)
        except psycopg.Error:
            _leave_alone()
        self.pgconn.finish()


def _leave_alone() -> None:
    global _silent_until
    _silent_until = time.monotonic() + REST_SECONDS
