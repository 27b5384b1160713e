"""The pages of articles' lists, by keyset: each begins behind an article of the page before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from newsroom import keyset
from newsroom.keyset import Key
from newsroom.prepared import prepared

PAGE_SIZE = 20
OLDER, NEWER = "truoc", "sau"
AT = "first_public_at"  # in every table that is walked


class Range(NamedTuple):
    """Entries that stand in one order of an index: a function of `values` that returns them."""

    rows: Callable[..., QuerySet]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Walk:
    """A list as walks along an index, newest first: one range for each that it gathers.

    A section gathers its sub-sections, a province the units that went into it. `pk` is the look-up
    of an entry's article.
    """

    ranges: tuple[Range, ...]
    pk: str = "pk"

    def keys(self, limit: int, beyond: Key | None = None, ascending: bool = False) -> list[Key]:
        """Return up to `limit` keys, those on the far side of `beyond` if given; one query."""
        order = _Order(self.pk, ascending)
        rows = _ask(_keys, self, *(beyond or ()), order=order, limit=limit)
        return [Key(*row) for row in rows]

    def count(self) -> int:
        """Return how many articles there are in all."""
        parts = [found.rows(*found.values).values_list(self.pk) for found in self.ranges]
        return (parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]).count()


class _Order(NamedTuple):
    """Sorted by moment and the look-up `pk`, from the newest down unless ascending."""

    pk: str
    ascending: bool = False

    @property
    def columns(self) -> tuple[str, str]:
        return (AT, self.pk) if self.ascending else (f"-{AT}", f"-{self.pk}")

    def past(self, *key: Any) -> Q:
        """Return the condition for what stands behind a key; all does where there is none."""
        if not key:
            return Q()
        return keyset.behind(AT, *key, falling=not self.ascending, number_column=self.pk)


def _ask(make: Callable[..., QuerySet], walk: Walk, *values: Any, **fixed: Any) -> list:
    """Ask a prepared query of all ranges of a walk; see `_sources`."""
    shapes = tuple((found.rows, len(found.values)) for found in walk.ranges)
    given = (value for found in walk.ranges for value in found.values)
    return make(*given, *values, shapes=shapes, **fixed)


def _sources(
    shapes: tuple[tuple[Callable[..., QuerySet], int], ...], values: tuple[Any, ...]
) -> tuple[list[QuerySet], tuple[Any, ...]]:
    """Return the rows of each range, made of its share of the values, and the values left."""
    sources = []
    for rows, number in shapes:
        sources.append(rows(*values[:number]))
        values = values[number:]
    return sources, values


@prepared
def _keys(*values: Any, shapes: Any, order: _Order, limit: int) -> QuerySet:
    sources, key = _sources(shapes, values)
    sources = [rows.filter(order.past(*key)) for rows in sources]
    if len(sources) == 1:
        rows = sources[0].values_list(AT, order.pk)
    else:
        parts = [
            _first(rows, order.columns, limit).values_list(AT, order.pk).order_by()
            for rows in sources
        ]
        rows = parts[0].union(*parts[1:])
    return rows.order_by(*order.columns)[:limit]


def newest(*lists: tuple[Walk, int]) -> set[int]:
    """Return the numbers of the newest articles of several lists together; one query.

    Each list comes with how many are wanted of it; one that gathers several ranges may bring as
    many of each.
    """
    ranges = [(found, walk.pk, limit) for walk, limit in lists for found in walk.ranges]
    if not ranges:
        return set()
    shapes = tuple((one.rows, len(one.values)) for one, *_ in ranges)
    orders = tuple((_Order(pk), limit) for _one, pk, limit in ranges)
    values = (value for one, *_ in ranges for value in one.values)
    return {number for (number,) in _newest(*values, shapes=shapes, orders=orders)}


@prepared
def _newest(*values: Any, shapes: Any, orders: tuple[tuple[_Order, int], ...]) -> QuerySet:
    sources, _rest = _sources(shapes, values)
    parts = [
        _first(rows, order.columns, limit).values_list(order.pk).order_by()
        for rows, (order, limit) in zip(sources, orders, strict=True)
    ]
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


def _first(rows: QuerySet, order: tuple[str, ...], limit: int) -> QuerySet:
    """Return the first `limit` rows without a slice: SQLite has none inside a union."""
    wanted = rows.order_by(*order)[:limit].values("pk")
    return rows.model._default_manager.filter(pk__in=wanted)


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
    if key := keyset.read_moment(query.get(OLDER, "")):
        return _older(walk, key)
    if key := keyset.read_moment(query.get(NEWER, "")):
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
    return [key.number for key in keys]


class Pager(NamedTuple):
    """The addresses and words of the two buttons under a list; "" where there is none."""

    newer: str = ""
    older: str = ""
    newer_label: str = ""
    older_label: str = ""


def links(page: Page, path: str, **kept: str) -> Pager:
    """Return the buttons under a list.

    `kept` are the parameters that both keep, such as a search's words.
    """
    return Pager(
        newer=_address(path, NEWER, page.newer, kept),
        older=_address(path, OLDER, page.older, kept),
        newer_label=_("Newer"),
        older_label=_("Older"),
    )


def _address(path: str, name: str, cursor: str | None, kept: dict[str, str]) -> str:
    if cursor is None:
        return ""
    query = urlencode({**kept, **({name: cursor} if cursor else {})})
    return f"{path}?{query}" if query else path
