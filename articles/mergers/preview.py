"""What a change will do, shown before it is done: addresses, articles, members of clusters."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
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
    """An old unit with the articles that bear it, the newest of them by number."""

    unit: Province
    count: int
    shown: list[Article]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


def articles(plan: Plan) -> list[Bearing]:
    """Return for each old unit its articles of every state; one query, and one a unit."""
    pks = [unit.pk for unit in plan.old]
    rows = ArticleTag.objects.filter(tag__in=pks).values("tag").annotate(count=Count("pk"))
    counts = {row["tag"]: row["count"] for row in rows.order_by()}
    return [Bearing(unit, counts.get(unit.pk, 0), _newest(unit)) for unit in plan.old]


def _newest(unit: Province) -> list[Article]:
    bearing = Article.objects.filter(taggings__tag=unit.pk).select_related("newest_revision")
    return list(bearing.defer("newest_revision__body").order_by("-pk")[:SHOWN])


def members(plan: Plan) -> QuerySet[ClusterMember]:
    """Return the members of clusters that belong to an old unit and go on beyond its last day."""
    rows = ClusterMember.objects.filter(province__in=[unit.pk for unit in plan.old])
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=plan.change.day))
    return rows.select_related("cluster", "province").order_by("cluster__sort_key", "name", "pk")


def addresses(plan: Plan) -> list[Address]:
    """Return every page of a place that will show something else, that of the new unit first."""
    return [*_new_units(plan), *_touched(plan), *_earlier(plan)]


def _new_units(plan: Plan) -> Iterator[Address]:
    new = plan.change.made()
    before = plan.holder.name if plan.holder else _("no page yet")
    after = _("%(unit)s, from %(day)s") % {"unit": new.name, "day": _told(plan.change.day)}
    yield Address(new.get_absolute_url(), before, after)


def _touched(plan: Plan) -> Iterator[Address]:
    for unit in plan.touched:
        after = _until(plan, unit)
        if unit is not plan.holder:
            yield Address(unit.get_absolute_url(), unit.name, after)
            continue
        leads = _("leads to %(path)s") % {"path": unit.get_absolute_url()}
        moved = Province(kind=unit.kind, slug=plan.slug(unit))
        yield Address(moved.get_absolute_url(), leads, after)


def _until(plan: Plan, unit: Province) -> str:
    """Return what the page of a touched unit will say."""
    told = {"unit": unit.name, "day": _told(plan.last_day(unit)), "heir": plan.change.new.name}
    if unit not in plan.old:
        return _("%(unit)s, until %(day)s") % told
    if plan.is_renaming:
        return _("%(unit)s, until %(day)s, then %(heir)s") % told
    return _("%(unit)s, until %(day)s, then part of %(heir)s") % told


def _earlier(plan: Plan) -> Iterator[Address]:
    """Yield the pages of units that went into the old ones: they lead on to the new one."""
    text = _("%(unit)s, leads to %(heir)s")
    for old in plan.old:
        for unit in plan.units.former(old):
            path = unit.get_absolute_url()
            if unit is not plan.holder:
                before = text % {"unit": unit.name, "heir": old.name}
                after = text % {"unit": unit.name, "heir": plan.change.new.name}
                yield Address(path, before, after)


def _told(day: dt.date | None) -> str:
    return vietnamese.short_date(day, vietnamese.DAY)
