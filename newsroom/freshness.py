"""What a page that is being made is made of, and until when it stays true.

Whoever reads something for a page says so here, in one line where it is read. The page cache keeps
the finished page under these stamps; without a page being made nothing is noted.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

# In a request's META: whoever asks will keep the page, so note its versions and its end. It is
# what that one keeps of other pages (parts.py).
WANTED = "newsroom.freshness"
# As old as a number readers only glance at (likes) may be.
COUNTERS = dt.timedelta(seconds=60)


@dataclass
class Freshness:
    """The stamps a page depends on, with their versions, and when it ends.

    From `until` on it shows what it must not, or lacks what it should show: it is never given
    out again. From `renew_at` on it is only less exact (a date in its head, a counter): it may
    still be given out while the database is away. `may_be_kept` is False where no stamp tells
    of a change.

    `parts` is what is kept of other pages (parts.py), None where nothing is. `known` are versions
    read for this page, all as of its own moment.
    """

    versions: dict[str, int] = field(default_factory=dict)
    until: dt.datetime | None = None
    renew_at: dt.datetime | None = None
    may_be_kept: bool = True
    parts: dict[Any, Any] | None = None
    known: dict[str, int] = field(default_factory=dict)


_making: ContextVar[Freshness | None] = ContextVar("making", default=None)


@contextmanager
def making(made: Freshness | None = None) -> Iterator[Freshness]:
    """Note what is said inside about the page that is made there."""
    made = made or Freshness()
    token = _making.set(made)
    try:
        yield made
    finally:
        _making.reset(token)


def present() -> Freshness | None:
    """Return what is noted about the page that is being made, None where none is."""
    return _making.get()


def shows(*stamps: str) -> None:
    """The page shows something that bumps these stamps when it changes."""
    if made := _making.get():
        made.versions.update(dict.fromkeys(stamps, 0))


def until(moment: dt.datetime | None) -> None:
    """The page must not be shown any more from that moment on; None says nothing."""
    if (made := _making.get()) and moment:
        made.until = min(made.until or moment, moment)


def renewed_at(moment: dt.datetime) -> None:
    """The page should be made anew at that moment."""
    if made := _making.get():
        made.renew_at = min(made.renew_at or moment, moment)


def counts(at: dt.datetime) -> None:
    """The page shows numbers that change without a stamp."""
    renewed_at(at + COUNTERS)


def is_unforeseeable() -> None:
    """Nothing will tell when the page changes: it is made for each who asks."""
    if made := _making.get():
        made.may_be_kept = False
