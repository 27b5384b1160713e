"""How a process hears of what others have committed: what the ways for both databases share."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Protocol


class State(Enum):
    """What can be said of the pages on the shelf at this moment."""

    CURRENT = auto()  # whatever was committed is known, and old pages have gone
    DEAF = auto()  # nothing was heard for too long: ask before a page is given out
    AWAY = auto()  # the database does not answer


class Away(Exception):
    """The database does not answer."""


class NoWayToAsk(Away):
    """No connection can be made beside those that requests have; these may work."""


class Hearing(Protocol):
    """One of the two ways.

    Until the moment `current_until` of the monotonic clock nothing need be asked.
    """

    current_until: float

    def state(self) -> State:
        """Say what is known now. Never waits long and never raises."""

    def versions(self, stamps: Iterable[str]) -> dict[str, int]:
        """Ask the database for the present versions. Raises Away and NoWayToAsk."""

    def close(self) -> None:
        """End what was opened, for a process that goes on without it."""
