"""Which provincial unit went into which: pure questions about the dated units.

Names and codes were used again for other units; nothing here goes by them, except to tell
whether a name is still borne by a unit of today.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

from .models import Province

_DATED = re.compile(r"(.+)-den-\d{4}-\d\d-\d\d")


def dated_slug(slug: str, last_day: dt.date) -> str:
    """Return the address of a unit whose plain one a later unit took over."""
    return f"{slug}-den-{last_day.isoformat()}"


def undated_slug(slug: str) -> str:
    """Return what stands before the date of a dated address, "" for any other."""
    found = _DATED.fullmatch(slug)
    return found[1] if found else ""


class Units:
    """All units there are and were, asked any number of times without a query."""

    def __init__(self, units: Iterable[Province]):
        self.all = list(units)
        self.by_id = {unit.pk: unit for unit in self.all}
        self._predecessors: dict[int, list[Province]] = defaultdict(list)
        for unit in self.all:
            if unit.successor_id:
                self._predecessors[unit.successor_id].append(unit)

    def former(self, unit: Province) -> list[Province]:
        """The units that went into this one, and those that went into them."""
        direct = self._predecessors[unit.pk]
        return [one for other in direct for one in (*self.former(other), other)]

    def gathered(self, unit: Province) -> list[Province]:
        """The unit and all that went into it: whose articles its page lists."""
        return [unit, *self.former(unit)]

    def heir(self, unit: Province, day: dt.date) -> Province:
        """What the unit had become by `day`; itself while it exists."""
        while self.has_ended(unit, day) and unit.successor_id:
            unit = self.by_id[unit.successor_id]
        return unit

    def heirs(self, unit: Province) -> list[Province]:
        """What the unit became, and what that became, up to today's unit."""
        if not unit.successor_id:
            return []
        successor = self.by_id[unit.successor_id]
        return [successor, *self.heirs(successor)]

    def lineage(self, unit: Province) -> list[Province]:
        """The unit, all that went into it and all it went into, but not its siblings."""
        return [*self.gathered(unit), *self.heirs(unit)]

    def has_ended(self, unit: Province, day: dt.date) -> bool:
        """Whether the unit was no more on `day`."""
        return unit.valid_to is not None and unit.valid_to < day

    def is_renamed(self, unit: Province, day: dt.date) -> bool:
        """Whether the unit lives on whole under another name, alone in its heir."""
        heir = self.heir(unit, day)
        return heir is not unit and self.is_whole_in(unit, heir)

    def is_whole_in(self, unit: Province, heir: Province) -> bool:
        """Whether no other unit joined it on its way to becoming `heir`."""
        while unit != heir:
            successor = self.by_id[unit.successor_id]
            if self.merged_into(successor) != [unit]:
                return False
            unit = successor
        return True

    def merged_into(self, unit: Province) -> list[Province]:
        """The units that went into this one directly, on its first day."""
        return list(self._predecessors[unit.pk])

    def next(self, unit: Province, day: dt.date) -> Province | None:
        """What a unit that still exists on `day` is going to be; None for most."""
        coming = unit.successor_id and not self.has_ended(unit, day)
        return self.by_id[unit.successor_id] if coming else None

    def family(self, unit: Province) -> list[Province]:
        """All units a reader means who names one of them.

        What the unit has become, or is going to be, in the end, and all that went into that.
        """
        while unit.successor_id:
            unit = self.by_id[unit.successor_id]
        return self.gathered(unit)

    def names_on(self, day: dt.date) -> set[str]:
        """The names borne by a unit of that day."""
        return {unit.name for unit in self.all if unit.valid_on(day)}
