"""How hard a network presses on an article, and what it gets: longer codes, far beyond a wait.

Behind one address of a mobile network sit hundreds of honest readers, so the numbers are wide, each
article has its own, and nobody is made to wait before codes have become longer twice.
"""

import datetime as dt
from dataclasses import dataclass

from . import limits
from .limits import Limit, TooMany

WINDOW = 600  # seconds
SHORTEST = 5  # digits
OPENED = Limit("opened", 900, WINDOW)
OPENED_ANYWHERE = Limit("anywhere", 4_500, WINDOW)
RENEWED = Limit("renewed", 300, WINDOW)
FAILED = Limit("failed", 10, WINDOW)
SOLVED = Limit("solved", 10_000, WINDOW)
# From so many on a code has one digit more, from so many two.
LONGER = {OPENED: (60, 150), RENEWED: (10, 40), FAILED: (4, 8)}

DRAWN = Limit("drawn", 3_000, WINDOW)
DRAWN_OF_ONE = Limit("drawn-one", 60, WINDOW)
SPOKEN = Limit("spoken", 1_000, WINDOW)
SPOKEN_OF_ONE = Limit("spoken-one", 60, WINDOW)

HOUR = 3_600
MAILED_BY_NETWORK = Limit("mailed-net", 6, HOUR)
MAILED_TO = Limit("mailed-to", 3, HOUR)


@dataclass(frozen=True)
class Pressure:
    """One network at one article. `network` is a hash, empty where it is not known."""

    network: str
    article_id: int

    @property
    def digits(self) -> int:
        """How long the next code is, from SHORTEST to two more."""
        steps = [
            sum(limits.spent(limit, *self._whose) >= step for step in LONGER[limit])
            for limit in LONGER
        ]
        return SHORTEST + max(steps)

    @property
    def rests_until(self) -> dt.datetime | None:
        """Until when no code is taken after too many wrong ones, None while they are."""
        return limits.rests_until(FAILED, *self._whose)

    def open(self) -> None:
        """Count a form that is asked for; raises TooMany far beyond what a network needs."""
        spend(OPENED_ANYWHERE, self.network)
        spend(OPENED, *self._whose)

    def renew(self) -> None:
        """Count a code that is asked for in place of another; raises TooMany likewise."""
        spend(RENEWED, *self._whose)

    def solve(self) -> None:
        """Count a right answer: it makes up for a wrong one of somebody behind the same address."""
        limits.spend(SOLVED, *self._whose)

    def fail(self) -> None:
        """Count a wrong answer; ten more than right ones begin a rest for this article."""
        wrong = limits.spend(FAILED, *self._whose)
        if wrong - limits.spent(SOLVED, *self._whose) >= FAILED.number:
            limits.rest(FAILED, *self._whose)

    @property
    def _whose(self) -> tuple[str, int]:
        return self.network, self.article_id


def spend(limit: Limit, *whose: object) -> int:
    """Count one more and return how many there are; raises TooMany beyond the limit."""
    used = limits.spend(limit, *whose)
    if used > limit.number:
        raise TooMany(limits.ends(limit))
    return used
