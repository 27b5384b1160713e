"""The verbs on a cluster's members and years. No member is ever deleted: it is ended.

Each asks for the right, changes, logs and bumps the cluster's list in one transaction. Every
function raises NotAllowed for whoever may not.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from newsroom import events, stamps
from newsroom.models import Event, User
from newsroom.refusals import Conflict, NotAllowed, NotReady

from .models import Cluster, ClusterMember, ClusterTerm, Province
from .permissions import may_change

OFFICES = ("chair", "deputy", "host")
MEMBER_COLUMNS = ("name", "province_id", "valid_from", "valid_to")
TERM_COLUMNS = ("year", "chair_id", "deputy_id", "host_id", "pledged_on")


def last_change(cluster: Cluster) -> Event | None:
    """Return the newest event that changed the cluster, its members or its years."""
    return events.latest(cluster, "add", "change", "roster", "copy_year")


@dataclass(frozen=True)
class Joining:
    """A new member of a year, in place of the members whose numbers are `replaces`."""

    name: str
    province: Province | None
    replaces: frozenset[int]


@dataclass(frozen=True)
class NewYear:
    """A year about to be begun. Members that are named nowhere stay as they are.

    `offices` says by the number of a member who leads; a replaced member means its replacement.
    """

    year: int
    leaving: frozenset[int] = frozenset()
    joining: tuple[Joining, ...] = ()
    offices: Mapping[str, int | None] = field(default_factory=dict)


@transaction.atomic
def save_roster(
    *,
    actor: User | None,
    cluster: Cluster,
    members: Iterable[ClusterMember] = (),
    terms: Iterable[ClusterTerm] = (),
    dropped: Iterable[ClusterTerm] = (),
) -> None:
    """Save new and changed members and years of a cluster and drop `dropped`; the rest stays.

    One event tells all that changed, and nothing is written where nothing did. Raises NotReady
    for days out of order and for whoever leads in a year he is no member in, Conflict for a year
    that somebody else added meanwhile.
    """
    _begin(actor, cluster)
    changed = {
        "members": _saved(list(members), cluster, MEMBER_COLUMNS),
        "dropped": [_drop(term) for term in dropped],
        "terms": _saved(_not_taken(terms, cluster), cluster, TERM_COLUMNS),
    }
    if not any(changed.values()):
        return
    _check(cluster.terms.order_by("year"), cluster)
    stamps.bump({stamps.tag(cluster.pk)})
    data = {kind: rows for kind, rows in changed.items() if rows}
    events.record(actor=actor, verb="roster", obj=cluster, data=data)


@transaction.atomic
def copy_year(*, actor: User | None, cluster: Cluster, plan: NewYear) -> ClusterTerm:
    """Begin a year of the cluster with the members of the year before.

    Who leaves or is replaced is ended with 31 December, who joins begins on 1 January. Raises
    Conflict when the year or a member's end was there first, NotReady when a leader would be no
    member.
    """
    _begin(actor, cluster)
    _check_days([ClusterTerm(cluster=cluster, year=plan.year)])
    if cluster.terms.filter(year=plan.year).exists():
        raise taken(cluster, plan.year)
    replaced = frozenset().union(*(one.replaces for one in plan.joining))
    left = _end(cluster, plan.leaving | replaced, plan.year)
    joined = {one: _join(cluster, one, plan.year) for one in plan.joining}
    heirs = {pk: member.pk for one, member in joined.items() for pk in one.replaces}
    offices = {f"{name}_id": heirs.get(pk, pk) for name, pk in plan.offices.items()}
    term = ClusterTerm.objects.create(cluster=cluster, year=plan.year, **offices)
    _check(cluster.terms.filter(year__gte=plan.year).order_by("year"), cluster)
    stamps.bump({stamps.tag(cluster.pk)})
    data = {
        "year": plan.year,
        "left": left,
        "joined": [_told(member, MEMBER_COLUMNS) | {"id": member.pk} for member in joined.values()],
        "offices": offices,
    }
    events.record(actor=actor, verb="copy_year", obj=cluster, data=data)
    return term


def term_problems(term: ClusterTerm, members: Mapping[int, ClusterMember]) -> dict[str, str]:
    """Return, by office, why its holder cannot lead in that year: he is no member in it."""
    problems = {}
    for office in OFFICES:
        pk = getattr(term, f"{office}_id")
        if pk and not (pk in members and members[pk].belongs_in(term.year)):
            name = members[pk].name if pk in members else "?"
            message = _("“%(member)s” is no member in %(year)s.")
            problems[office] = message % {"member": name, "year": term.year}
    return problems


def taken(cluster: Cluster, year: int) -> Conflict:
    """Return the conflict about a year that is there already: who was faster, if that is known."""
    event = events.latest(cluster, "copy_year", "roster")
    text = _("The year %(year)s of this cluster is there already.") % {"year": year}
    return Conflict(f"{text} {events.sentence(event)}" if event else text, event)


def _begin(actor: User | None, cluster: Cluster) -> None:
    """Check the right; nobody else changes the cluster's members and years before the commit."""
    if not may_change(actor, cluster):
        raise NotAllowed()
    Cluster.objects.select_for_update().get(pk=cluster.pk)


def _saved(rows: list[models.Model], cluster: Cluster, columns: tuple[str, ...]) -> list[dict]:
    """Save those rows that are new or changed; return what changed of each."""
    _check_days(rows)
    stored = {row.pk: row for row in type(rows[0]).objects.filter(cluster=cluster)} if rows else {}
    changed = []
    for row in rows:
        if row.pk is not None and row.pk not in stored:
            raise Conflict(_("The cluster has changed in the meantime."))
        change = _changes(stored.get(row.pk), row, columns)
        if change:
            row.cluster = cluster
            row.save()
            changed.append({"id": row.pk, "name": str(row), **change})
    return changed


def _changes(before: models.Model | None, row: models.Model, columns: tuple[str, ...]) -> dict:
    """Return {"added": values} of a new row, {"changed": {column: [old, new]}}, or {}."""
    now = _told(row, columns)
    if before is None:
        return {"added": now}
    was = _told(before, columns)
    different = {name: [was[name], now[name]] for name in columns if was[name] != now[name]}
    return {"changed": different} if different else {}


def _told(row: models.Model, columns: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns}
    days = {name: day.isoformat() for name, day in values.items() if isinstance(day, dt.date)}
    return values | days


def _check_days(rows: Iterable[models.Model]) -> None:
    """Raise NotReady for a member whose last day lies before its first, a year of no calendar."""
    for row in rows:
        if isinstance(row, ClusterMember) and row.valid_to and row.valid_to < row.valid_from:
            raise NotReady({"valid_to": _("The last day lies before the first one.")})
        if isinstance(row, ClusterTerm) and not dt.MINYEAR < row.year < dt.MAXYEAR:
            raise NotReady({"year": _("There is no such year.")})


def _drop(term: ClusterTerm) -> dict[str, Any]:
    """Delete a year that was made by mistake; return what it said."""
    told = _told(term, TERM_COLUMNS)
    term.delete()
    return told


def _not_taken(terms: Iterable[ClusterTerm], cluster: Cluster) -> list[ClusterTerm]:
    """Return the years; raises Conflict for a new one that is there by now."""
    terms = list(terms)
    for term in terms:
        if term.pk is None and cluster.terms.filter(year=term.year).exists():
            raise taken(cluster, term.year)
    return terms


def _check(terms: Iterable[ClusterTerm], cluster: Cluster) -> None:
    """Raise NotReady when somebody leads in a year he is no member in."""
    members = {member.pk: member for member in cluster.members.all()}
    for term in terms:
        if problems := term_problems(term, members):
            raise NotReady(problems)


def _end(cluster: Cluster, numbers: frozenset[int], year: int) -> list[int]:
    """End these members with the year before; return their numbers."""
    last_day = dt.date(year - 1, 12, 31)
    members = list(cluster.members.filter(pk__in=numbers))
    if len(members) < len(numbers) or not all(one.belongs_in(year) for one in members):
        raise Conflict(_("The members have changed in the meantime. Look at them again."))
    for member in members:
        member.valid_to = last_day
    _check_days(members)
    ClusterMember.objects.filter(pk__in=numbers).update(valid_to=last_day)
    return sorted(numbers)


def _join(cluster: Cluster, one: Joining, year: int) -> ClusterMember:
    """Add a member from the first day of the year on."""
    if not one.name:
        raise NotReady({"name": _("The new member has no name.")})
    return ClusterMember.objects.create(
        cluster=cluster, name=one.name, province=one.province, valid_from=dt.date(year, 1, 1)
    )
