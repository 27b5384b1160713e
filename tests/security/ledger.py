"""What many people were told, and what became of what they sent: kept under load, judged after."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from django.db import connection

from newsroom import database_rules


class Fate(Enum):
    """What somebody knows of what he sent."""

    UNSURE = "unsure"  # no answer came: once, or not at all
    STORED = "stored"  # said to be stored: once
    REFUSED = "refused"  # said not to be stored: not at all


class Odd(Enum):
    """What nobody is told while all is well."""

    NOTHING = "no answer"
    AWAY = "503"
    REFUSED = "refused"  # with the words that were typed
    EARLY = "early"  # what is scheduled, by a clock that runs ahead


class Seen(NamedTuple):
    """Something odd: who saw it, what, where, and between which moments of the monotonic clock."""

    who: str
    what: Odd
    where: str
    begun: float
    ended: float


class Ledger:
    """Everybody writes into it, each his own things, so no lock is needed."""

    def __init__(self):
        self.answers: Counter[tuple[str, int]] = Counter()
        self.odd: list[Seen] = []
        self.wrong: list[str] = []  # what nobody may ever be told
        self.fates: dict[str, dict[object, Fate]] = {}

    def sends(self, kind: str, name: object) -> None:
        """Note that somebody is about to send this; nobody else sends the same."""
        self.fates.setdefault(kind, {})[name] = Fate.UNSURE

    def ends(self, kind: str, name: object, fate: Fate) -> None:
        """Note what became of it."""
        self.fates[kind][name] = fate

    def names(self, kind: str, *fates: Fate) -> list:
        """Return what was sent and had one of these fates, whichever if none is given."""
        kept = self.fates.get(kind, {})
        return [name for name, fate in kept.items() if fate in (fates or Fate)]

    def saw(self, who: str, what: Odd, where: str, begun: float) -> None:
        """Note something odd that has just ended."""
        self.odd.append(Seen(who, what, where, begun, time.monotonic()))

    def count(self, *fates: Fate) -> int:
        """Return how much of all kinds had one of these fates."""
        return sum(len(self.names(kind, *fates)) for kind in self.fates)

    def statuses(self) -> dict[int, int]:
        """Return how often each status came, 0 where nothing did."""
        together: Counter[int] = Counter()
        for (_who, status), times in self.answers.items():
            together[status] += times
        return dict(sorted(together.items()))

    def oddities(self) -> dict[str, int]:
        """Return how often each odd thing was seen."""
        return dict(Counter(seen.what.value for seen in self.odd))

    def not_as_told(self, kind: str, there: Mapping[object, int]) -> tuple[list, list, list]:
        """Compare with how often each is there: what is lost, doubled, and there all the same."""
        lost = [name for name in self.names(kind, Fate.STORED) if not there.get(name)]
        doubled = [name for name in self.names(kind) if there.get(name, 0) > 1]
        all_the_same = [name for name in self.names(kind, Fate.REFUSED) if there.get(name)]
        return lost, doubled, all_the_same


def never_sent(sent: Iterable, there: Iterable) -> set:
    """Return what is there though nobody sent it."""
    return set(there) - set(sent)


def check_the_database() -> None:
    """Fail unless it is sound and has all its rules."""
    assert database_rules.missing() == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
            cursor.execute("PRAGMA foreign_key_check")
            assert cursor.fetchall() == []
