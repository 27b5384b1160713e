"""From a text to what an engine stores of it. Nothing here touches the database."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from newsroom.vietnamese import Word, words

MAX_WORDS = 16_000  # of one text; PostgreSQL knows no position behind 16,383
MAX_BYTES = 1_000_000  # of what it makes of one text at most; it takes 1,048,575
HEADLINE_GAP = 1  # no phrase runs from the headline into the text

END = (1 << 63) - 1  # behind every place
_FIRST_SECOND = 1 << 32  # keeps moments long before 1970 positive
_LAST_SECOND = (1 << 34) - 1
_REVISION_BITS = 29  # half a billion texts


@dataclass(frozen=True)
class Entry:
    """One text as it goes into the index. `place` says how late it is, see `place_of`."""

    place: int
    headline: tuple[Word, ...]
    text: tuple[Word, ...]
    facets: tuple[str, ...]


def entry(
    place: int, headline: str, parts: Iterable[str], names: Iterable[str], facets: Iterable[str]
) -> Entry:
    """Return the entry of a text: what stands below the headline in order, then the names."""
    title = words(headline)
    signed = [word for name in names for word in words(name)]
    body = [word for part in parts for word in words(part)]
    body = body[: _room(body, MAX_BYTES - 2 * _bytes(title) - _bytes(signed))]
    body = body[: MAX_WORDS - len(signed) - len(title)]
    return Entry(place, tuple(title), (*body, *signed), tuple(facets))


def _room(body: list[Word], budget: int) -> int:
    """Return how many of the words fit into so many bytes."""
    used = list(accumulate(_bytes([word]) for word in body))
    return bisect_right(used, budget)


def _bytes(part: Iterable[Word]) -> int:
    """Return what PostgreSQL makes of words at most: each alone, twice in a pair, its places."""
    return sum(3 * len(f"{word.folded}{word.exact}".encode()) + 32 for word in part)


def place_of(moment: dt.datetime, revision_id: int) -> int:
    """Return the number under which a text stands in the index: by its second, then by itself."""
    return first_place(moment) | revision_id


def revision_of(place: int) -> int:
    """Return the number of the text that stands there."""
    return place & ((1 << _REVISION_BITS) - 1)


def first_place(moment: dt.datetime) -> int:
    """Return the least place of that second; none lies before 1834 or behind 2378."""
    second = int(moment.timestamp()) + _FIRST_SECOND
    return min(max(second, 0), _LAST_SECOND) << _REVISION_BITS


def moment_of(place: int) -> dt.datetime:
    """Return the second that a place stands for, in UTC."""
    return dt.datetime.fromtimestamp((place >> _REVISION_BITS) - _FIRST_SECOND, dt.UTC)
