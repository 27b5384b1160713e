"""How many requests were answered in front of Django, told together.

A line each would cost as much as answering; counting costs two looks at a counter.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]

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


def counted(cached: Callable[[Application], Application], application: Application) -> Application:
    """Return cached(application), which tells every ten seconds how many requests it answered
    itself; uncounted where the log is switched off."""
    if not logger.isEnabledFor(logging.INFO):
        return cached(application)
    asked, passed = Ticks(), Ticks()
    telling = threading.Thread(target=_tell, args=(asked, passed), name="hits", daemon=True)
    telling.start()
    return _counting(asked, cached(_counting(passed, application)))


def _counting(ticks: Ticks, application: Application) -> Application:
    tick = ticks.tick

    def served(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        tick()
        return application(environ, start_response)

    return served


def _tell(asked: Ticks, passed: Ticks) -> None:
    told = 0
    while True:
        time.sleep(EVERY_SECONDS)
        told += tell(asked, passed, told)


def tell(asked: Ticks, passed: Ticks, told: int) -> int:
    """Log how many were answered beyond those `told`, if any; return how many."""
    left = passed.value()  # first: what is on its way now counts as a hit no earlier than it is
    number = max(asked.value() - left - told, 0)
    if number:
        fields = {"cache": "hit", "requests": number, "seconds": EVERY_SECONDS}
        logger.info("", extra={"fields": fields})
    return number
