"""A clock that can be set wrong while a server runs: it goes by a file, for all of a process."""

import datetime as dt
import time
from contextlib import suppress
from pathlib import Path

from django.utils import timezone

FILE = "CLOCK_FILE"  # stands in the environment of a node that goes by one
LOOK_SECONDS = 0.05


class Clock:
    """So many seconds ahead of the machine's own, or behind, as the file says at the moment."""

    def __init__(self, path: Path):
        self.path = path
        self.now, self.seconds = timezone.now, time.time
        self._ahead, self._look_at = 0.0, float("-inf")

    def ahead(self) -> float:
        """Return what the file says; it is looked at now and then."""
        if time.monotonic() >= self._look_at:
            with suppress(OSError, ValueError):  # being written, or never yet
                self._ahead = float(self.path.read_text())
            self._look_at = time.monotonic() + LOOK_SECONDS
        return self._ahead

    def rule(self) -> None:
        """Let this process ask no other clock, but for what never goes back.

        Call it before anything takes a function of the clock's by its name.
        """
        time.time = lambda: self.seconds() + self.ahead()
        timezone.now = lambda: self.now() + dt.timedelta(seconds=self.ahead())


def set_ahead(path: Path, seconds: float) -> None:
    """Set the clock of all who go by the file; they follow within LOOK_SECONDS."""
    written = path.with_suffix(".new")
    written.write_text(str(seconds))
    written.replace(path)
