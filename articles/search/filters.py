"""What a reader narrows a search to, read from the address: a link can be passed on.

What names nothing there is, is passed over; a date or an author that somebody typed and that
cannot be read is said in `Filters.problems`. Nothing here is ever an error.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from newsroom import parts, vietnamese
from newsroom.prepared import prepared
from newsroom.vietnamese import ZONE

from .. import listing
from ..models import Author, Province, Section, Tag
from ..succession import Units
from . import indexing
from .conditions import Any, Condition, Facet
from .finding import Scope
from .typed import Typed

SECTION, PLACE, CLUSTER, AUTHOR = "chuyen-muc", "dia-phuong", "cum", "tac-gia"
SINCE, UNTIL = "tu-ngay", "den-ngay"
NAMES = (SECTION, PLACE, CLUSTER, AUTHOR, SINCE, UNTIL)
MAX_CHARS = 80  # of one value
MAX_AUTHORS = 20  # one pen name typed in part may mean
YEARS = range(1900, 2101)  # the index knows no moment far from these


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, in Vietnamese order."""

    sections: list[Section]
    units: Units
    clusters: list[Tag]

    @classmethod
    def load(cls, sections: list[Section], at: dt.datetime) -> "Choices":
        """Ask for all units and for the clusters that have an article; two queries or none."""

        def found() -> tuple[Units, list[Tag]]:
            return Units(listing.units()), _clusters(at)

        kept = parts.shared("search choices", at, found, ends=listing.next_change)
        return cls(sections, *kept)


@prepared
def _clusters(at: dt.datetime) -> QuerySet[Tag]:
    return listing.public_tags(at).filter(kind=Tag.Kind.CLUSTER).order_by("sort_key", "pk")


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to. `typed` holds the values as they came, by parameter."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    section: Section | None = None
    place: Province | None = None
    cluster: Tag | None = None
    authors: tuple[Author, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def scope(self) -> Scope:
        """The same for the search."""
        until = self.until and self.until + dt.timedelta(days=1)
        return Scope(self.conditions, _midnight(self.since), _midnight(until))

    @property
    def active(self) -> dict[str, str]:
        """The parameters that narrow, with their values."""
        chosen = {
            SECTION: self.section,
            PLACE: self.place,
            CLUSTER: self.cluster,
            AUTHOR: self.authors,
            SINCE: self.since,
            UNTIL: self.until,
        }
        return {name: self.typed[name] for name, what in chosen.items() if what}


NONE = Filters(dict.fromkeys(NAMES, ""))


class Wordless(Typed):
    """A query that wants no word: whatever the filters leave, but for the unwanted."""

    def condition(self) -> Condition:
        """Everything in the index; the scope does the rest."""
        return self.narrowed(Facet(indexing.SHOWN))


def read(query: Mapping[str, str], choices: Choices, at: dt.datetime) -> Filters:
    """Read the parameters of an address; one query if an author is named. Never raises."""
    if not any(map(query.get, NAMES)):
        return NONE
    typed = {name: vietnamese.clean(query.get(name, "")[: 4 * MAX_CHARS]) for name in NAMES}
    typed = {name: value[:MAX_CHARS] for name, value in typed.items()}
    section = _with_slug(choices.sections, typed[SECTION])
    place = _with_slug(choices.units.all, typed[PLACE])
    cluster = _with_slug(choices.clusters, typed[CLUSTER])
    authors = _authors(typed[AUTHOR], at)
    since, until, problems = _days(typed[SINCE], typed[UNTIL])
    if typed[AUTHOR] and not authors:
        problems[AUTHOR] = _("There is no author “%(name)s”.") % {"name": typed[AUTHOR]}
    narrowed = [
        section and _any(indexing.section(pk) for pk in _family(choices.sections, section)),
        place and _any(indexing.tag(unit.pk) for unit in choices.units.family(place)),
        cluster and Facet(indexing.tag(cluster.pk)),
        authors and _any(indexing.author(author.pk) for author in authors),
    ]
    conditions = tuple(filter(None, narrowed))
    return Filters(typed, problems, section, place, cluster, authors, since, until, conditions)


def _with_slug(things: Iterable, slug: str):
    return next((thing for thing in things if thing.slug == slug), None)


def _family(sections: list[Section], section: Section) -> list[int]:
    return [one.pk for one in sections if section.pk in (one.pk, one.parent_id)]


def _authors(name: str, at: dt.datetime) -> tuple[Author, ...]:
    """Return whom a pen name means: with these accents, else with any, else who has it in part."""
    words = vietnamese.search_text(name)
    if not words.strip():
        return ()
    found = list(_named(words, at))
    same = [author for author in found if author.name.lower() == name.lower()]
    alike = [author for author in found if author.search_words == words]
    return tuple(same or alike or found)


def _named(words: str, at: dt.datetime) -> QuerySet[Author]:
    holding = listing.public_authors(at).filter(search_words__contains=words)
    return holding.order_by(Length("search_words"), "sort_key", "pk")[:MAX_AUTHORS]


def _days(since: str, until: str) -> tuple[dt.date | None, dt.date | None, dict[str, str]]:
    """Return the two days, and by parameter what is wrong with them; those do not count."""
    texts = {SINCE: since, UNTIL: until}
    days = {name: _day(text) for name, text in texts.items()}
    unread = [name for name, text in texts.items() if text and not days[name]]
    problems = {name: _not_a_date(texts[name]) for name in unread}
    if days[SINCE] and days[UNTIL] and days[SINCE] > days[UNTIL]:
        problems[SINCE] = _("The first day lies behind the last one, so no dates were applied.")
        return None, None, problems
    return days[SINCE], days[UNTIL], problems


def _not_a_date(text: str) -> str:
    return _("“%(text)s” is not a date. Type day/month/year, such as 10/7/2020.") % {"text": text}


def _day(text: str) -> dt.date | None:
    """Return the day that was typed; None for anything else."""
    try:
        moment, _precision = vietnamese.read_date(text)
    except ValueError:
        return None
    return moment.astimezone(ZONE).date() if moment.year in YEARS else None


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return day and dt.datetime.combine(day, dt.time(), ZONE)


def _any(names: Iterable[str]) -> Condition:
    return Any(tuple(map(Facet, names)))
