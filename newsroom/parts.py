"""Parts that many pages show (menu, latest news), made once for each state of what they say.

A part is kept as a finished page is: with the versions of its stamps, until something begins or
ends. But nobody has to be heard for it: whether it is still true is read from the database, for
all parts of a page at once, inside the page's own snapshot. So a page with kept parts is the page
that would have been made without them. They are kept for pages that will be kept themselves; what
is made for one alone (a form, a preview) is made of what the database says.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from . import freshness, stamps
from .freshness import Freshness

Key = TypeVar("Key")
Value = TypeVar("Value")
# Tells of a moment from when on something may be another one, None for never.
Ends = Callable[[dt.datetime], dt.datetime | None]

KEPT = 512  # parts in each process; all go when there are more
# Nearly every page hangs on these, so they are read with whatever is read first.
_USUAL = (stamps.FRONT, stamps.MENU, stamps.NAMES, stamps.SITE)


@dataclass(frozen=True)
class _Part:
    """What was made, at which moment, of what; `tied` are the versions it is true for."""

    value: Any
    at: dt.datetime
    noted: Freshness
    tied: Mapping[str, int]
    ends: dt.datetime | None

    def is_true(self, at: dt.datetime, page: Freshness) -> bool:
        """Whether it would be made the same for the page at that moment."""
        is_in_time = self.at <= at and (self.ends is None or at < self.ends)
        return is_in_time and versions(self.tied, page) == self.tied


def shared(
    key: Any,
    at: dt.datetime,
    make: Callable[[], Value],
    *,
    tied_to: Iterable[str] = (),
    ends: Ends | None = None,
) -> Value:
    """Return what `make` makes for pages at the moment `at`, or made before if that is still true.

    The key says what is made, with all values that go into it but the moment. What `make` shows it
    says itself (freshness.py); `tied_to` are stamps of what it looks at and does not show, and
    `ends` tells from when on it may be another one. Nobody may change the value: other pages show
    it too.
    """
    page = freshness.present()
    if page is None or page.parts is None:
        return make()
    part = _found(key, at, page)
    if part is None:
        part = _made(at, make, page, tied_to, ends)
        _keep(key, part, page.parts)
    _show(part, page)
    return part.value


def shared_each(
    name: Any,
    keys: Sequence[Key],
    at: dt.datetime,
    make: Callable[[list[Key]], Mapping[Key, Value]],
    *,
    shown: Callable[[Key], Iterable[str]],
    ends: Ends,
) -> dict[Key, Value]:
    """Return what `make` makes of each key: of those together whose value is not kept, or not true.

    `shown` names the stamps of a key's value. `name` says what is made, with all values that go
    into it but the moment and the key. As `shared` otherwise.
    """
    freshness.shows(*(stamp for key in keys for stamp in shown(key)))
    page = freshness.present()
    if page is None or page.parts is None:
        return dict(make(list(keys)))
    versions(page.versions, page)  # of all of them at once
    found = {key: _found((name, key), at, page) for key in keys}
    if missing := [key for key, part in found.items() if part is None]:
        with freshness.making():
            values = make(missing)
        for key in missing:
            noted = Freshness(versions=dict.fromkeys(shown(key), 0))
            tied = versions(noted.versions, page)
            found[key] = _Part(values[key], at, noted, tied, ends(at))
            _keep((name, key), found[key], page.parts)
    return {key: part.value for key, part in found.items()}


def versions(keys: Iterable[str], page: Freshness) -> dict[str, int]:
    """Return the versions of these stamps as of the page's moment; at most one query."""
    keys = set(keys)
    if not page.known.keys() >= keys:
        page.known |= stamps.versions({*keys, *page.versions, *_USUAL} - page.known.keys())
    return {key: page.known[key] for key in keys}


def _found(key: Any, at: dt.datetime, page: Freshness) -> _Part | None:
    part = page.parts.get(key)
    return part if part is not None and part.is_true(at, page) else None


def _made(
    at: dt.datetime,
    make: Callable[[], Any],
    page: Freshness,
    tied_to: Iterable[str],
    ends: Ends | None,
) -> _Part:
    with freshness.making(Freshness(parts=page.parts, known=page.known)) as noted:
        value = make()
    end = min(filter(None, [noted.until, ends and ends(at)]), default=None)
    return _Part(value, at, noted, versions({*noted.versions, *tied_to}, page), end)


def _keep(key: Any, part: _Part, parts: dict[Any, _Part]) -> None:
    if len(parts) >= KEPT:
        parts.clear()
    if part.noted.may_be_kept:
        parts[key] = part


def _show(part: _Part, page: Freshness) -> None:
    """The page shows the part: it hangs on the same stamps and ends no later."""
    freshness.shows(*part.noted.versions)
    freshness.until(part.noted.until)
    if part.noted.renew_at:
        freshness.renewed_at(part.noted.renew_at)
    page.may_be_kept &= part.noted.may_be_kept
