"""The form above the results: what can be chosen, what is chosen, and how to drop it again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from newsroom import freshness, parts, stamps, vietnamese
from newsroom.skeletons import fill

from .. import listing
from ..models import Province
from ..search import filters
from ..search.filters import Choices, Filters
from ..succession import Units
from .frame import Link
from .tags import dated_name

PATH = "/tim-kiem/"
QUERY, SORT = "q", "xep"
NEWEST = "moi"
PROPOSED = 50  # pen names


@dataclass(frozen=True)
class Option:
    """One line of a select; `inner` stands below the one before."""

    value: str
    name: str
    chosen: bool = False
    inner: bool = False


@dataclass(frozen=True)
class Fields:
    """What can be chosen, what was typed, and the filters in use; words where one is wrong."""

    sections: list[Option]
    places: list[Option]
    former_places: list[Option]
    clusters: list[Option]
    authors: list[str]
    author: str
    since: str
    until: str
    author_problem: str
    since_problem: str
    until_problem: str
    is_open: bool
    chips: list[Link]

    @property
    def markup(self) -> SafeString:
        """The fields as the form shows them."""
        return fill("articles/_search_filters.html", form=self)


@dataclass(frozen=True)
class Form:
    """The form above the results: its fields, its order, and the filters in use."""

    fields: SafeString
    sort: str
    chips: list[Link]


def address(parameters: dict[str, str]) -> str:
    """Return the address of a search, without what is empty."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{PATH}?{query}" if query else PATH


def form(chosen: Filters, choices: Choices, at: dt.datetime, kept: dict[str, str]) -> Form:
    """Return the form; three queries for the pen names it proposes where these are not kept.

    `kept` are the parameters of this search; the links that drop a filter keep the others.
    """
    day = at.astimezone(filters.ZONE).date()
    chips = _chips(chosen, kept, day)

    def markup() -> SafeString:
        freshness.shows(stamps.MENU, stamps.NAMES)
        return _fields(chosen, choices, at, day, chips).markup

    # Most searches have no filters, and all of these have the same fields.
    is_usual = not any(chosen.typed.values())
    usual = partial(parts.shared, ("search fields", day), at, markup, ends=listing.next_change)
    return Form(usual() if is_usual else markup(), kept.get(SORT, ""), chips)


def _fields(
    chosen: Filters, choices: Choices, at: dt.datetime, day: dt.date, chips: list[Link]
) -> Fields:
    today, former = _places(choices.units, chosen.place, day)
    return Fields(
        sections=_sections(choices, chosen),
        places=today,
        former_places=former,
        clusters=[_option(one, chosen.cluster) for one in choices.clusters],
        authors=[author.name for author in listing.frequent_authors(at, PROPOSED)],
        author=chosen.typed[filters.AUTHOR],
        since=chosen.typed[filters.SINCE],
        until=chosen.typed[filters.UNTIL],
        author_problem=chosen.problems.get(filters.AUTHOR, ""),
        since_problem=chosen.problems.get(filters.SINCE, ""),
        until_problem=chosen.problems.get(filters.UNTIL, ""),
        is_open=bool(chosen.active or chosen.problems),
        chips=chips,
    )


def _sections(choices: Choices, chosen: Filters) -> list[Option]:
    """Return the sections in Vietnamese order, each with those within it."""
    by_name = sorted(choices.sections, key=lambda section: vietnamese.sort_key(section.name))
    ordered = [
        section
        for top in by_name
        if top.parent_id is None
        for section in (top, *(one for one in by_name if one.parent_id == top.pk))
    ]
    return [_option(one, chosen.section, inner=one.parent_id is not None) for one in ordered]


def _places(
    units: Units, chosen: Province | None, day: dt.date
) -> tuple[list[Option], list[Option]]:
    """Return the units of today and those before; these say until when."""
    today = [unit for unit in units.all if unit.valid_on(day)]
    former = [unit for unit in units.all if units.has_ended(unit, day)]
    return _dated(today, chosen, day), _dated(former, chosen, day)


def _dated(places: Iterable[Province], chosen: Province | None, day: dt.date) -> list[Option]:
    return [Option(unit.slug, dated_name(unit, day), unit is chosen) for unit in places]


def _option(thing: Any, chosen: Any, inner: bool = False) -> Option:
    return Option(thing.slug, thing.name, thing is chosen, inner)


def _chips(chosen: Filters, kept: dict[str, str], day: dt.date) -> list[Link]:
    """Return the filters in use; each link leads to the same search without it."""
    active = chosen.active
    if not active:
        return []
    labels = {
        filters.SECTION: _("Section: %(name)s") % {"name": chosen.section},
        filters.PLACE: _place_label(chosen, day),
        filters.CLUSTER: str(chosen.cluster),
        filters.AUTHOR: _author_label(chosen),
        filters.SINCE: _("From %(day)s") % {"day": active.get(filters.SINCE)},
        filters.UNTIL: _("Until %(day)s") % {"day": active.get(filters.UNTIL)},
    }
    return [Link(address(kept | {name: ""}), labels[name]) for name in active]


def _place_label(chosen: Filters, day: dt.date) -> str:
    return _("Place: %(name)s") % {"name": dated_name(chosen.place, day)} if chosen.place else ""


def _author_label(chosen: Filters) -> str:
    return _("Author: %(name)s") % {"name": ", ".join(author.name for author in chosen.authors)}
