"""Lists by keyset: a page begins where another ended, so that deep pages cost what the first does.

A cursor names the entry it starts from: its moment in microseconds and its article's number.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

PAGE_SIZE = 20
OLDER, NEWER = "truoc", "sau"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CURSOR = re.compile(r"(-?[0-9]{1,17})_([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """One entry's place in a list sorted by (moment, article) descending."""

    at: dt.datetime
    article_id: int

    def __str__(self) -> str:
        micros = (self.at - _EPOCH) // dt.timedelta(microseconds=1)
        return f"{micros}_{self.article_id}"


@dataclass(frozen=True)
class Page:
    """The rows of one page and the cursors of its neighbours; None where there is none."""

    rows: list[Any]
    newer: str | None = None
    older: str | None = None
    first: bool = True


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor `text` spells, None for anything that is not one; never raises."""
    match = _CURSOR.fullmatch(text or "")
    if not match:
        return None
    try:
        at = _EPOCH + dt.timedelta(microseconds=int(match[1]))
    except OverflowError:
        return None
    return Cursor(at, int(match[2]))


def paged(rows: QuerySet, query: Mapping[str, str], at: str, pk: str) -> Page:
    """Return the page of `rows` that the query parameters ask for, the first one when in doubt.

    `at` and `pk` are the look-ups of the moment and the article's number; one query a page, two
    when somebody walks back to the top.
    """
    if cursor := read_cursor(query.get(OLDER, "")):
        return _older(rows, cursor, at, pk)
    if cursor := read_cursor(query.get(NEWER, "")):
        return _newer(rows, cursor, at, pk)
    return _first(rows, at, pk)


def _first(rows: QuerySet, at: str, pk: str) -> Page:
    found = list(rows.order_by(f"-{at}", f"-{pk}")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(shown, older=_spell(shown[-1], at, pk) if len(found) > PAGE_SIZE else None)


def _older(rows: QuerySet, cursor: Cursor, at: str, pk: str) -> Page:
    found = list(
        rows.filter(_beyond(cursor, "lt", at, pk)).order_by(f"-{at}", f"-{pk}")[: PAGE_SIZE + 1]
    )
    shown = found[:PAGE_SIZE]
    return Page(
        shown,
        newer=_spell(shown[0], at, pk) if shown else "",
        older=_spell(shown[-1], at, pk) if len(found) > PAGE_SIZE else None,
        first=False,
    )


def _newer(rows: QuerySet, cursor: Cursor, at: str, pk: str) -> Page:
    found = list(rows.filter(_beyond(cursor, "gt", at, pk)).order_by(at, pk)[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return _first(rows, at, pk)
    shown = found[:PAGE_SIZE][::-1]
    return Page(shown, newer=_spell(shown[0], at, pk), older=_spell(shown[-1], at, pk), first=False)


def _beyond(cursor: Cursor, side: str, at: str, pk: str) -> Q:
    # The first condition alone can be answered by the index; the second is its tie-breaker.
    return Q(**{f"{at}__{side}e": cursor.at}) & (
        Q(**{f"{at}__{side}": cursor.at}) | Q(**{f"{pk}__{side}": cursor.article_id})
    )


def _spell(row: Any, at: str, pk: str) -> str:
    return str(Cursor(_read(row, at), _read(row, pk)))


def _read(row: Any, lookup: str) -> Any:
    for name in lookup.split("__"):
        row = getattr(row, name)
    return row


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
