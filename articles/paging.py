"""Lists by keyset: a page begins where another ended, so that deep pages cost what the first does.

A cursor names the entry it starts from: its moment in microseconds and its article's number.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

PAGE_SIZE = 20
OLDER, NEWER = "truoc", "sau"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CURSOR = re.compile(r"(-?[0-9]{1,17})_([0-9]{1,18})", re.ASCII)


class Key(NamedTuple):
    """One entry's place in a list sorted by (moment, article) descending."""

    at: dt.datetime
    article_id: int

    def spelt(self) -> str:
        """Return the key as a cursor in an address."""
        micros = (self.at - _EPOCH) // dt.timedelta(microseconds=1)
        return f"{micros}_{self.article_id}"


def read_cursor(text: str) -> Key | None:
    """Return the key `text` spells, None for anything that is not one; never raises."""
    match = _CURSOR.fullmatch(text or "")
    if not match:
        return None
    try:
        at = _EPOCH + dt.timedelta(microseconds=int(match[1]))
    except OverflowError:
        return None
    return Key(at, int(match[2]))


@dataclass(frozen=True)
class Walk:
    """A list as walks along an index, newest first: one queryset for each range it gathers.

    A section gathers its sub-sections, a province the units that went into it. `at` and `pk` are
    the look-ups of an entry's moment and its article's number.
    """

    sources: tuple[QuerySet, ...]
    at: str = "first_public_at"
    pk: str = "pk"

    def keys(self, limit: int, beyond: Key | None = None, ascending: bool = False) -> list[Key]:
        """Return up to `limit` keys, those on the far side of `beyond` if given; one query."""
        order = (self.at, self.pk) if ascending else (f"-{self.at}", f"-{self.pk}")
        side = "gt" if ascending else "lt"
        sources = [rows.filter(self._past(beyond, side)) for rows in self.sources]
        if len(sources) == 1:
            rows = sources[0].values_list(self.at, self.pk)
        else:
            parts = [
                _first(rows, order, limit).values_list(self.at, self.pk).order_by()
                for rows in sources
            ]
            rows = parts[0].union(*parts[1:])
        return [Key(*row) for row in rows.order_by(*order)[:limit]]

    def newest(self, limit: int) -> list[QuerySet]:
        """Return for each range the newest `limit` article numbers, to be used in a subquery."""
        order = (f"-{self.at}", f"-{self.pk}")
        return [_first(rows, order, limit).values(self.pk).order_by() for rows in self.sources]

    def count(self) -> int:
        """Return how many articles there are in all."""
        parts = [rows.values_list(self.pk) for rows in self.sources]
        return (parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]).count()

    def _past(self, key: Key | None, side: str) -> Q:
        if key is None:
            return Q()
        # The first condition alone can be answered by the index; the second is its tie-breaker.
        return Q(**{f"{self.at}__{side}e": key.at}) & (
            Q(**{f"{self.at}__{side}": key.at}) | Q(**{f"{self.pk}__{side}": key.article_id})
        )


def _first(rows: QuerySet, order: tuple[str, ...], limit: int) -> QuerySet:
    """Return the first `limit` rows without a slice: SQLite has none inside a union."""
    return rows.filter(pk__in=rows.order_by(*order)[:limit].values("pk"))


@dataclass(frozen=True)
class Page:
    """The articles of one page and the cursors of its neighbours; None where there is none."""

    article_ids: list[int] = field(default_factory=list)
    newer: str | None = None
    older: str | None = None
    first: bool = True


def paged(walk: Walk, query: Mapping[str, str]) -> Page:
    """Return the page that the query parameters ask for, the first one when in doubt.

    One query a page, two when somebody walks back to the top.
    """
    if key := read_cursor(query.get(OLDER, "")):
        return _older(walk, key)
    if key := read_cursor(query.get(NEWER, "")):
        return _newer(walk, key)
    return _top(walk)


def _top(walk: Walk) -> Page:
    found = walk.keys(PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    return Page(_ids(shown), older=shown[-1].spelt() if len(found) > PAGE_SIZE else None)


def _older(walk: Walk, key: Key) -> Page:
    found = walk.keys(PAGE_SIZE + 1, beyond=key)
    shown = found[:PAGE_SIZE]
    return Page(
        _ids(shown),
        newer=shown[0].spelt() if shown else "",
        older=shown[-1].spelt() if len(found) > PAGE_SIZE else None,
        first=False,
    )


def _newer(walk: Walk, key: Key) -> Page:
    found = walk.keys(PAGE_SIZE + 1, beyond=key, ascending=True)
    if len(found) <= PAGE_SIZE:
        return _top(walk)
    shown = found[:PAGE_SIZE][::-1]
    return Page(_ids(shown), newer=shown[0].spelt(), older=shown[-1].spelt(), first=False)


def _ids(keys: list[Key]) -> list[int]:
    return [key.article_id for key in keys]


def links(page: Page, path: str, **kept: str) -> dict[str, str]:
    """Return the addresses and words of the two buttons under a list; "" where there is none.

    `kept` are the parameters that both keep, such as a search's words.
    """
    return {
        "newer": _address(path, NEWER, page.newer, kept),
        "older": _address(path, OLDER, page.older, kept),
        "newer_label": _("Newer"),
        "older_label": _("Older"),
    }


def _address(path: str, name: str, cursor: str | None, kept: dict[str, str]) -> str:
    if cursor is None:
        return ""
    query = urlencode({**kept, **({name: cursor} if cursor else {})})
    return f"{path}?{query}" if query else path
