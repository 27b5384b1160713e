"""SQLite: one number tells whether anybody has written since it was last looked at."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable

from .hearing import Away, State
from .shelf import Shelf

logger = logging.getLogger(__name__)

_NEW = "SELECT key, version, serial FROM newsroom_stamp WHERE serial > ?"
_LAST = "SELECT COALESCE(MAX(serial), 0) FROM newsroom_stamp"
SECONDS_TO_WAIT = 1
LOOK_SECONDS = 0.005
UNSEEN_SECONDS = 0.05


class Polling:
    """Looks at the number before a page is given out, with a connection used for nothing else.

    The number moves on every write of others, most of which bump no stamp: then the stamps that
    are new, usually none, are read in one query along their index. Pages do not go for less.

    Under load one look serves all hits of five milliseconds, and whoever comes while somebody looks
    does not wait for him unless the last look is fifty milliseconds old: threads that look at
    once would wait for each other longer than for the number.
    """

    def __init__(self, shelf: Shelf, database: str):
        self._shelf = shelf
        self._database = database
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._seen = self._serial = -1
        self.current_until = float("-inf")

    def state(self) -> State:
        """Take in what was committed. AWAY where the file cannot be read."""
        late = time.monotonic() - self.current_until
        if late < 0:
            return State.CURRENT
        if not self._lock.acquire(blocking=late > UNSEEN_SECONDS):
            return State.CURRENT  # somebody is looking
        try:
            self._look()
        except sqlite3.Error as error:
            logger.warning("The database cannot be read: %s", error)
            self._connection, self.current_until = None, float("-inf")
            return State.AWAY
        finally:
            self._lock.release()
        return State.CURRENT

    def versions(self, stamps: Iterable[str]) -> dict[str, int]:
        """Never needed: what was committed is known, or the database is away."""
        raise Away

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _look(self) -> None:
        looking_at = time.monotonic()
        database = self._connection or self._connected()
        (number,) = database.execute("PRAGMA data_version").fetchone()
        if number != self._seen:
            self._take_in(database)
            # Set last: where reading fails, the next one reads again.
            self._seen = number
        self.current_until = looking_at + LOOK_SECONDS

    def _connected(self) -> sqlite3.Connection:
        """Connect; the number begins anew, what was taken in before stays so."""
        self._connection = sqlite3.connect(
            self._database,
            timeout=SECONDS_TO_WAIT,
            isolation_level=None,
            check_same_thread=False,
        )
        self._seen = -1
        return self._connection

    def _take_in(self, database: sqlite3.Connection) -> None:
        if self._serial < 0:
            # From here on; what was made before, while the file could not be read, may be old.
            self._shelf.clear()
            (self._serial,) = database.execute(_LAST).fetchone()
            return
        rows = database.execute(_NEW, [self._serial]).fetchall()
        self._shelf.hear((key, version) for key, version, _serial in rows)
        self._serial = max([self._serial, *(serial for _key, _version, serial in rows)])
