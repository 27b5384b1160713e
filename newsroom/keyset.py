"""Lists by keyset: a page begins behind the entry where another ended, so that deep pages cost
what the first does.
"""

import datetime as dt
import re
from typing import Any, NamedTuple

from django.db.models import Q

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_CURSOR = re.compile(r"(-?[0-9]{1,17})_([0-9]{1,18})", re.ASCII)


class Key(NamedTuple):
    """Where an entry stands: what the list is sorted by, and its number among those equal in it."""

    value: dt.datetime | int | None  # None for an entry that has left the list
    number: int

    def spelt(self) -> str:
        """Return the key as a cursor in an address; a moment in microseconds."""
        value = self.value
        if isinstance(value, dt.datetime):
            value = (value - _EPOCH) // _MICROSECOND
        return f"{value}_{self.number}"


def read(text: str) -> Key | None:
    """Return the key a cursor names, None for anything that is not one; never raises."""
    match = _CURSOR.fullmatch(text or "")
    return Key(int(match[1]), int(match[2])) if match else None


def read_moment(text: str) -> Key | None:
    """Return the same for a list sorted by moments."""
    key = read(text)
    try:
        return key and Key(_EPOCH + key.value * _MICROSECOND, key.number)
    except OverflowError:
        return None


def behind(column: str, value: Any, number: Any, *, falling: bool, number_column: str = "pk") -> Q:
    """Return the condition for what stands behind a key in an order that falls, or rises."""
    side = "lt" if falling else "gt"
    # The first condition alone can be answered by the index; the second is its tie-breaker.
    return Q(**{f"{column}__{side}e": value}) & (
        Q(**{f"{column}__{side}": value}) | Q(**{f"{number_column}__{side}": number})
    )
