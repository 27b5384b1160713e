"""The panel of a cluster's page: kind, owner, who leads it in a year and who belongs to it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from newsroom import vietnamese

from .. import typography
from ..models import Cluster, ClusterMember, ClusterTerm
from ..succession import Units


@dataclass(frozen=True)
class Pair:
    """One line of the panel."""

    label: str
    lines: list[str]


@dataclass(frozen=True)
class Member:
    """A member of the year; `note` says its office and what its province belongs to now."""

    name: str
    url: str = ""
    note: str = ""


def members_in(cluster: Cluster, year: int | None) -> list[ClusterMember]:
    """Return those who belonged to it on any day of the year, in Vietnamese order; one query."""
    if year is None:
        return []
    rows = cluster.members.filter(valid_from__lte=dt.date(year, 12, 31))
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=dt.date(year, 1, 1)))
    return sorted(rows, key=lambda member: vietnamese.sort_key(member.name))


def panel(
    cluster: Cluster,
    year: int | None,
    term: ClusterTerm | None,
    members: list[ClusterMember],
    units: Units,
    day: dt.date,
) -> dict[str, Any]:
    """Return what the panel shows of a year and its members; no query.

    `day` decides what "now" means for provinces that were merged.
    """
    title = ngettext("%(n)s member in %(year)s", "%(n)s members in %(year)s", len(members))
    return {
        "pairs": _pairs(cluster, year, term),
        "members": [
            _member(member, _office(member, cluster, term), units, day) for member in members
        ],
        "members_title": title % {"n": len(members), "year": year},
    }


def _pairs(cluster: Cluster, year: int | None, term: ClusterTerm | None) -> list[Pair]:
    """Return the lines; one without anything to say is left out."""
    signed = vietnamese.short_date(term and term.pledged_on, vietnamese.DAY)
    pairs = [
        Pair(pgettext("cluster", "Kind"), [_kind(cluster)]),
        Pair(pgettext("cluster", "Owner"), [cluster.owner]),
        Pair(pgettext("cluster", "Sector"), [cluster.sector] if cluster.sector else []),
        Pair(_("Year %(year)s") % {"year": year}, _leaders(cluster, term) if term else []),
        Pair(pgettext("cluster", "Pledge signed"), [signed] if signed else []),
    ]
    return [pair for pair in pairs if pair.lines]


def _kind(cluster: Cluster) -> str:
    """Return "Cụm thi đua, số I (số 1)": as printed, with the figure where that differs."""
    name = f"{cluster.form.capitalize()} thi đua"
    if not cluster.number_printed:
        return name
    printed = f"{name}, số {cluster.number_printed}"
    if cluster.number is None or cluster.number_printed == str(cluster.number):
        return printed
    return f"{printed} (số {cluster.number})"


def _leaders(cluster: Cluster, term: ClusterTerm) -> list[str]:
    offices = zip(cluster.office_names, (term.chair, term.deputy, term.host), strict=True)
    return [f"{office}: {typography.tied(holder.name)}" for office, holder in offices if holder]


def _office(member: ClusterMember, cluster: Cluster, term: ClusterTerm | None) -> str:
    """Return the office the member has in that year, in small letters, or ""."""
    holders = (term.chair_id, term.deputy_id) if term else ()
    offices = zip(cluster.office_names, holders, strict=False)
    return next((office.lower() for office, pk in offices if pk == member.pk), "")


def _member(member: ClusterMember, office: str, units: Units, day: dt.date) -> Member:
    name, unit = typography.tied(member.name), units.by_id.get(member.province_id)
    if unit is None:
        return Member(name, note=office)
    heir = units.heir(unit, day)
    moved = _("now: %(unit)s") % {"unit": heir.name} if heir.name != unit.name else ""
    note = " · ".join(text for text in (office, moved) if text)
    return Member(name, unit.get_absolute_url(), note)
