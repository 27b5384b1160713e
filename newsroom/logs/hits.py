"""How many requests were answered in front of Django, told together.

A line each would cost as much as answering; counting costs a look at a counter.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger("newsroom.requests")
EVERY_SECONDS = 10


class Ticks:
    """A counter several threads may raise at once, by calling `tick`."""

    def __init__(self):
        self._looks = 0
        self.tick = itertools.count().__next__

    def value(self) -> int:
        """Return how often it was raised."""
        value = self.tick() - self._looks
        self._looks += 1
        return value


def counter() -> Callable[[], object]:
    """Return what is to be called at each hit; every ten seconds is told how many there were.

    It does nothing where the log is switched off.
    """
    if not logger.isEnabledFor(logging.INFO):
        return lambda: None
    hits = Ticks()
    threading.Thread(target=_tell, args=(hits,), name="hits", daemon=True).start()
    return hits.tick


def _tell(hits: Ticks) -> None:
    told = 0
    while True:
        time.sleep(EVERY_SECONDS)
        told += tell(hits, told)


def tell(hits: Ticks, told: int) -> int:
    """Log how many there were beyond those `told`, if any; return how many."""
    number = hits.value() - told
    if number:
        fields = {"cache": "hit", "requests": number, "seconds": EVERY_SECONDS}
        logger.info("", extra={"fields": fields})
    return number
