"""PostgreSQL: one connection a process on which the database tells what was bumped."""

import logging
import select
import threading
import time
from collections.abc import Iterable

import psycopg
from django.conf import settings
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom import stamps

from .hearing import Away, NoWayToAsk, State
from .shelf import Shelf

logger = logging.getLogger(__name__)

BEAT_SECONDS = 0.1
UNHEARD_SECONDS = 0.2
# How long to wait before trying again, to be connected or to be answered.
AGAIN_SECONDS = 0.1
AWAY_SECONDS = 0.5
PATIENCE_SECONDS = 0.2
A_MOMENT = 0.01

# Of a connection that is made for itself, nobody turns the driver's errors into Django's.
FAILED = (Error, psycopg.Error, OSError)

# Told apart from what Django asks to see whether a connection still works.
BEAT = "SELECT 1 AS heard"
_VERSIONS = "SELECT key, version FROM newsroom_stamp WHERE key = ANY(%s)"


class Listening:
    """Hears notices in a thread of its own, and knows by a beat that none is missing.

    A question that is answered proves that all notices of what was committed before it was asked
    have come: the database sends them first. So the shelf is as new as the last answered question.
    """

    def __init__(self, shelf: Shelf):
        self._shelf = shelf
        self.current_until = float("-inf")
        self._asking = Asking()
        self._thread = threading.Thread(target=self._until_closed, name="stamps", daemon=True)
        self._start_once = threading.Lock()
        self._closed = threading.Event()

    def state(self) -> State:
        """Say whether a question was answered that is young enough."""
        if time.monotonic() < self.current_until:
            return State.CURRENT
        self._start()
        return State.DEAF

    def versions(self, keys: Iterable[str]) -> dict[str, int]:
        """Ask on another connection. Raises Away and NoWayToAsk."""
        return self._asking.versions(list(keys))

    def _start(self) -> None:
        """Start the thread, once: in the process that serves, not in one that is forked later."""
        if self._start_once.acquire(blocking=False):
            self._thread.start()

    def close(self) -> None:
        """End thread and connections, for a process that goes on without them."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()
        self._asking.close()

    def _until_closed(self) -> None:
        told = ""
        while not self._closed.is_set():
            try:
                self._listen()
            except FAILED as error:
                reason = str(error).strip()
                if reason != told:  # not ten times a second
                    logger.warning("Stamps are not heard: %s", reason)
                told = reason
            except Exception:
                logger.exception("Stamps are not heard")
            self._closed.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        """Connect, take in what was missed, and listen; ends with the error of the connection."""
        database = _of_its_own()
        try:
            database.connect()
            connection = database.connection
            connection.add_notify_handler(self._told)
            connection.execute(f"LISTEN {stamps.CHANNEL}")
            self._take_in_what_was_missed(connection)
            notices = select.poll()
            notices.register(connection.fileno(), select.POLLIN)
            while not self._closed.is_set():
                asked_at = time.monotonic()
                connection.execute(BEAT)
                self.current_until = asked_at + UNHEARD_SECONDS
                notices.poll(1_000 * BEAT_SECONDS)
        finally:
            database.close()

    def _told(self, notice) -> None:
        """Take in one notice: "key=version key=version …"."""
        pairs = (part.rsplit("=", 1) for part in notice.payload.split())
        self._shelf.hear((key, int(version)) for key, version in pairs)

    def _take_in_what_was_missed(self, connection) -> None:
        # In this order: what is begun from now on hears the notices itself.
        self._shelf.lose()
        kept = self._shelf.stamps()
        found = dict(connection.execute(_VERSIONS, [kept]).fetchall())
        self._shelf.hear(found.items())
        self._shelf.compare(dict.fromkeys(kept, 0) | found)


class Asking:
    """Asks for versions, one request after the other, and not at all while nobody answers.

    Where a question has been out for too long, the others do not wait for their turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._database: BaseDatabaseWrapper | None = None
        self._not_before = self._moved_at = float("-inf")
        self._trouble: type[Away] = Away

    def versions(self, keys: list[str]) -> dict[str, int]:
        """Return the versions of the keys that have one. Raises Away and NoWayToAsk, soon."""
        if time.monotonic() < self._not_before:
            raise self._trouble
        if not self._comes_to_its_turn():
            raise Away
        self._moved_at = time.monotonic()
        try:
            return self._answer(keys)
        except FAILED as error:
            self._trouble = Away if self._database else _said_by(error)
            self._rest()
            self.close()
            raise self._trouble from error
        finally:
            self._moved_at = time.monotonic()
            self._lock.release()

    def _comes_to_its_turn(self) -> bool:
        """Wait for the others as long as one after the other is answered."""
        while True:
            seen = self._moved_at
            patience = seen + PATIENCE_SECONDS - time.monotonic()
            if self._lock.acquire(timeout=max(A_MOMENT, patience)):
                return True
            if seen == self._moved_at:
                return False

    def _answer(self, keys: list[str]) -> dict[str, int]:
        if self._database is None:
            database = _of_its_own()
            database.connect()
            self._database = database
        with self._database.cursor() as cursor:
            cursor.execute(_VERSIONS, [keys])
            return dict(cursor.fetchall())

    def close(self) -> None:
        """End the connection; the next question makes another."""
        database, self._database = self._database, None
        if database:
            database.close()

    def _rest(self) -> None:
        self._not_before = time.monotonic() + AWAY_SECONDS


def _said_by(error: BaseException) -> type[Away]:
    """Return what a connection that could not be made says of the database."""
    is_silent = isinstance(error.__cause__ or error, psycopg.errors.ConnectionTimeout)
    return Away if is_silent else NoWayToAsk


def _of_its_own() -> BaseDatabaseWrapper:
    """Return a connection beside those of requests; LISTEN needs one that no pool shares."""
    database = connections["default"].copy()
    database.settings_dict |= settings.LISTEN_DATABASE
    database.inc_thread_sharing()
    return database
