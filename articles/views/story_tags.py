"""The tags under an article, and what has become of its places since it was printed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from newsroom import vietnamese

from .. import listing
from ..models import Province, Tag
from ..succession import Units

Kind = Tag.Kind


@dataclass(frozen=True)
class ShownTag:
    """One tag; `former` marks a place whose name no unit of today bears."""

    url: str
    name: str
    former: bool = False


@dataclass(frozen=True)
class TagGroups:
    """The tags of an article by kind, and the note about its former places."""

    provinces: list[ShownTag]
    clusters: list[ShownTag]
    topics: list[ShownTag]
    note: str = ""


def owners(tags: list[Tag]) -> list[str]:
    """Return the owners of the clusters among the tags."""
    return [tag.cluster.owner for tag in tags if tag.kind == Kind.CLUSTER]


def tag_groups(tags: list[Tag], day: dt.date) -> TagGroups | None:
    """Return the tags as they are shown on `day`, None when there are none.

    One query when there is a place among them that is no more.
    """
    if not tags:
        return None
    ended = [tag.pk for tag in tags if tag.kind == Kind.PROVINCE and _has_ended(tag, day)]
    units = Units(listing.units() if ended else ())
    former = _former([units.by_id[pk] for pk in ended], units, day)
    return TagGroups(
        provinces=_shown(tags, Kind.PROVINCE, {unit.pk for unit in former}),
        clusters=_shown(tags, Kind.CLUSTER),
        topics=_shown(tags, Kind.TOPIC),
        note=_note(former, units, day) if former else "",
    )


def _has_ended(place: Tag, day: dt.date) -> bool:
    last_day = place.province.valid_to
    return last_day is not None and last_day < day


def _former(ended: list[Province], units: Units, day: dt.date) -> list[Province]:
    """Return those of the places that are no more whose name no unit of today bears."""
    borne = units.names_on(day)
    return [unit for unit in ended if unit.name not in borne]


def _shown(tags: list[Tag], kind: str, former: Iterable[int] = ()) -> list[ShownTag]:
    return [
        ShownTag(tag.get_absolute_url(), tag.name, tag.pk in former)
        for tag in tags
        if tag.kind == kind
    ]


def _note(former: list[Province], units: Units, day: dt.date) -> str:
    """Return “Tên địa phương theo ngày đăng bài. Từ 1/7/2025: Hải Dương nay thuộc Hải Phòng; …”."""
    by_date: dict[dt.date, list[Province]] = defaultdict(list)
    for unit in former:
        by_date[unit.valid_to + dt.timedelta(days=1)].append(unit)
    sentences = [
        _("From %(day)s: %(changes)s.")
        % {
            "day": vietnamese.short_date(since, vietnamese.DAY),
            "changes": "; ".join(_changes(gone, units, day)),
        }
        for since, gone in sorted(by_date.items())
    ]
    return " ".join([_("Places bear the names of the day of publication."), *sentences])


def _changes(gone: list[Province], units: Units, day: dt.date) -> list[str]:
    """Return a clause for each heir: “Hà Nam và Nam Định nay thuộc Ninh Bình”."""
    by_heir: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for unit in gone:
        heir = units.heir(unit, day).name
        by_heir[heir, units.is_renamed(unit, day)].append(unit.name)
    return [
        (_("%(units)s is now %(heir)s") if renamed else _("%(units)s now part of %(heir)s"))
        % {"units": together(names), "heir": heir}
        for (heir, renamed), names in by_heir.items()
    ]


def together(names: list[str]) -> str:
    """Return "A", "A và B", "A, B và C"."""
    *first, last = names
    if not first:
        return last
    return _("%(names)s and %(last)s") % {"names": ", ".join(first), "last": last}
