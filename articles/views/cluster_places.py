"""What a cluster's page says of its members' places: a table of articles, and their news."""

import datetime as dt
from dataclasses import dataclass

from .. import listing, tag_years, typography
from ..models import Cluster, ClusterMember
from ..succession import Units
from .cards import Card, card
from .frame import Frame, Link

NEWS = 6


@dataclass(frozen=True)
class Row:
    """A member and how many articles of each year bear its place; `counts` is empty without."""

    member: Link
    counts: list[int]


@dataclass(frozen=True)
class Table:
    """The cluster's articles per member and year; `totals` counts each article once."""

    years: list[Link]
    rows: list[Row]
    totals: list[int]


@dataclass(frozen=True)
class PlaceNews:
    """An article about a member's place that does not bear the cluster."""

    card: Card
    place: Link


def table(
    cluster: Cluster,
    members: list[ClusterMember],
    units: Units,
    columns: dict[int, Link],
    at: dt.datetime,
) -> Table | None:
    """Return the table over the years of `columns`; None where no member has a place.

    One query, whatever the number of members and years.
    """
    families = [_family(member, units) for member in members]
    if not columns or not any(families):
        return None
    found = tag_years.counts_by_year(cluster, families, min(columns), max(columns), at)
    per_year = [found.get(year, [0] * (1 + len(families))) for year in columns]
    rows = [
        Row(_link(member, units), [counts[number] for counts in per_year] if family else [])
        for number, (member, family) in enumerate(zip(members, families, strict=True), start=1)
    ]
    return Table(list(columns.values()), rows, [counts[0] for counts in per_year])


def news(
    cluster: Cluster,
    members: list[ClusterMember],
    units: Units,
    year: int | None,
    frame: Frame,
) -> list[PlaceNews]:
    """Return the newest articles of that year about the members' places; two queries at most."""
    tags = {pk for member in members for pk in _family(member, units)}
    if year is None or not tags:
        return []
    walk = listing.of_places_in(tags, frame.at, year, without=cluster)
    found = listing.newest(frame.at, (walk, NEWS))
    places = listing.latest_unit_of([one.article_id for one in found], tags, frame.at)
    return [
        PlaceNews(card(one, frame.day), _place(units, places[one.article_id]))
        for one in found
        if one.article_id in places
    ]


def _family(member: ClusterMember, units: Units) -> list[int]:
    """Return the tags that stand for the member's place, whatever it was called."""
    unit = units.by_id.get(member.province_id)
    return [one.pk for one in units.lineage(unit)] if unit else []


def _link(member: ClusterMember, units: Units) -> Link:
    unit = units.by_id.get(member.province_id)
    return Link(unit.get_absolute_url() if unit else "", typography.tied(member.name))


def _place(units: Units, pk: int) -> Link:
    unit = units.by_id[pk]
    return Link(unit.get_absolute_url(), unit.name)
