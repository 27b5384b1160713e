"""What the next year of a cluster would look like: who goes on, and whose place was merged.

Pure questions; `clusters.copy_year` does what was decided.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from newsroom import vietnamese

from .models import Cluster, ClusterMember, ClusterTerm, Province
from .succession import Units

_TYPE_WORDS = {Province.UnitType.PROVINCE: "tỉnh", Province.UnitType.CITY: "thành phố"}


@dataclass(frozen=True)
class Candidate:
    """A member of the year before; `heir` is the unit its place has become, if it has."""

    member: ClusterMember
    place: Province | None
    heir: Province | None
    flag: str
    may_leave: bool
    may_be_replaced: bool


@dataclass(frozen=True)
class Newcomer:
    """A member that would stand for those whose places went into its `province`."""

    province: Province
    name: str
    replaces: list[ClusterMember]


class NextYear:
    """A cluster's members on the first day of `year`, seen with the places of that day."""

    def __init__(self, cluster: Cluster, year: int, units: Iterable[Province]):
        self.cluster, self.year = cluster, year
        self.day = dt.date(year, 1, 1)
        self.units = Units(units)

    @cached_property
    def before(self) -> ClusterTerm | None:
        """The latest year before this one that has leaders."""
        return self.cluster.terms.filter(year__lt=self.year).order_by("-year").first()

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The members that go on unless something is decided, in Vietnamese order."""
        found = [member for member in self.cluster.members.all() if member.belongs_in(self.year)]
        found.sort(key=lambda member: vietnamese.sort_key(member.name))
        taken = {member.province_id for member in found}
        return [self._candidate(member, taken) for member in found]

    @cached_property
    def newcomers(self) -> list[Newcomer]:
        """One new member for each unit that places of members went into."""
        groups: dict[int, list[Candidate]] = {}
        for one in self.candidates:
            if one.may_be_replaced:
                groups.setdefault(one.heir.pk, []).append(one)
        return [
            Newcomer(group[0].heir, _newcomer_name(group), [one.member for one in group])
            for group in groups.values()
        ]

    def _candidate(self, member: ClusterMember, taken: set[int | None]) -> Candidate:
        place = self.units.by_id.get(member.province_id)
        heir = self.units.heir(place, self.day) if place else None
        if heir is place:
            heir = None
        may_leave = member.valid_from < self.day
        return Candidate(
            member=member,
            place=place,
            heir=heir,
            flag=self._flag(place, heir) if heir else "",
            may_leave=may_leave,
            may_be_replaced=may_leave and heir is not None and heir.pk not in taken,
        )

    def _flag(self, place: Province, heir: Province) -> str:
        """Return what became of the place: "Hải Dương đã sáp nhập vào Hải Phòng từ 1/7/2025"."""
        first_day = place.valid_to + dt.timedelta(days=1)
        words = {
            "place": place.name,
            "heir": heir.name,
            "day": vietnamese.short_date(first_day, vietnamese.DAY),
        }
        if self.units.is_renamed(place, self.day):
            if place.name == heir.name:
                return _("%(place)s has been a unit of another kind since %(day)s") % words
            return _("%(place)s has been called %(heir)s since %(day)s") % words
        if place.name == heir.name:
            return _("%(place)s has been a new, larger unit since %(day)s") % words
        return _("%(place)s became part of %(heir)s on %(day)s") % words


def next_year(cluster: Cluster, today: dt.date) -> int:
    """Return the year behind the cluster's latest one; this year if it has none."""
    latest = cluster.terms.order_by("-year").values_list("year", flat=True).first()
    return latest + 1 if latest else today.year


def exchanged(name: str, place: Province, heir: Province) -> str:
    """Return a member's name with the one place for the other: "Sở Y tế thành phố Hải Phòng"."""
    new_type = _TYPE_WORDS[heir.unit_type]
    for word in _TYPE_WORDS.values():
        for spelt, new in ((word, new_type), (word.capitalize(), new_type.capitalize())):
            if f"{spelt} {place.name}" in name:
                return name.replace(f"{spelt} {place.name}", f"{new} {heir.name}")
    return name.replace(place.name, heir.name)


def _newcomer_name(group: list[Candidate]) -> str:
    """Return the name of the one whose place kept its name, else the first one's, exchanged."""
    namesakes = [one for one in group if one.place.name == one.heir.name]
    chosen = (namesakes or group)[0]
    return exchanged(chosen.member.name, chosen.place, chosen.heir)
