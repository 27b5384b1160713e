"""What a change will do, shown before it is done: addresses, articles, members of clusters."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, When
from django.utils.translation import gettext as _

from newsroom import vietnamese

from ..models import Article, ArticleTag, ClusterMember, Province
from .plan import Plan

SHOWN = 100


@dataclass(frozen=True)
class Address:
    """A page and its feed, what they show now and what they will show."""

    path: str
    before: str
    after: str

    @property
    def feed(self) -> str:
        """The address of the feed."""
        return f"{self.path}rss.xml"


@dataclass(frozen=True)
class Bearing:
    """An old unit with the articles that bear it, the newest of them by number.

    `late` counts those published on the new unit's first day or after; they are shown first,
    and have `late_at`.
    """

    unit: Province
    count: int
    late: int
    shown: list[Article]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


def articles(plan: Plan) -> list[Bearing]:
    """Return for each old unit its articles of every state; one query, and one a unit."""
    since = dt.datetime.combine(plan.change.day, dt.time(), vietnamese.ZONE)
    rows = ArticleTag.objects.filter(tag__in=[unit.pk for unit in plan.old]).order_by()
    late = Count("pk", filter=Q(first_public_at__gte=since))
    counted = rows.values_list("tag").annotate(count=Count("pk"), late=late)
    counts = {tag: numbers for tag, *numbers in counted}
    return [Bearing(unit, *counts.get(unit.pk, (0, 0)), _shown(unit, since)) for unit in plan.old]


def _shown(unit: Province, since: dt.datetime) -> list[Article]:
    bearing = Article.objects.filter(taggings__tag=unit.pk).select_related("newest_revision")
    late_at = Case(When(first_public_at__gte=since, then="first_public_at"))
    bearing = bearing.annotate(late_at=late_at).defer("newest_revision__body")
    return list(bearing.order_by(F("late_at").desc(nulls_last=True), "-pk")[:SHOWN])


def members(plan: Plan) -> list[ClusterMember]:
    """Return the members of clusters that belong to an old unit and go on beyond its last day."""
    rows = ClusterMember.objects.filter(province__in=[unit.pk for unit in plan.old])
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=plan.change.day))
    rows = rows.select_related("cluster", "province").order_by("pk")
    return sorted(
        rows, key=lambda one: (bytes(one.cluster.sort_key), vietnamese.sort_key(one.name))
    )


def addresses(plan: Plan) -> list[Address]:
    """Return every page of a place that will show something else, that of the new unit first."""
    return [*_new_units(plan), *_touched(plan), *_earlier(plan)]


def _new_units(plan: Plan) -> Iterator[Address]:
    new = plan.change.made()
    before = _since(plan.holder) if plan.holder else _("no page yet")
    yield Address(new.get_absolute_url(), before, _since(new))


def _touched(plan: Plan) -> Iterator[Address]:
    for unit in plan.touched:
        if unit is not plan.holder:
            yield Address(unit.get_absolute_url(), _since(unit), _fate(plan, unit))
            continue
        leads = _("leads to %(path)s") % {"path": unit.get_absolute_url()}
        moved = Province(kind=unit.kind, slug=plan.slug(unit))
        yield Address(moved.get_absolute_url(), leads, _fate(plan, unit))


def _earlier(plan: Plan) -> Iterator[Address]:
    """Yield the pages of units that went into the old ones: they lead on to the new one."""
    for old in plan.old:
        for unit in plan.units.former(old):
            if unit is not plan.holder:
                before, after = _leading(unit, old), _leading(unit, plan.change.made())
                yield Address(unit.get_absolute_url(), before, after)


def _since(unit: Province) -> str:
    if not unit.valid_from:
        return unit.name
    day = vietnamese.short_date(unit.valid_from, vietnamese.DAY)
    return _("%(unit)s (from %(day)s)") % {"unit": unit.name, "day": day}


def _until(unit: Province, day: dt.date | None) -> str:
    last = vietnamese.short_date(day, vietnamese.DAY)
    return _("%(name)s (until %(day)s)") % {"name": unit.name, "day": last}


def _fate(plan: Plan, unit: Province) -> str:
    """Return what the page of a touched unit will say."""
    ended = _until(unit, plan.last_day(unit))
    if unit not in plan.old:
        return ended
    phrase = _("%(unit)s, then %(heir)s") if plan.is_renaming else _("%(unit)s, then in %(heir)s")
    return phrase % {"unit": ended, "heir": plan.change.new.name}


def _leading(unit: Province, heir: Province) -> str:
    told = {"unit": _until(unit, unit.valid_to), "heir": _since(heir)}
    return _("%(unit)s, leads to %(heir)s") % told
