"""The page of an emulation cluster, year by year."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.parameters import reads

from .. import listing, tag_years, typography
from ..models import Cluster, ClusterTerm, Tag
from ..paging import NEWER, OLDER, Walk
from ..succession import Units
from . import lists
from .cluster_panel import members_in, panel
from .cluster_places import news, table
from .frame import Frame, Link, answer, public_page

PARAMETER = "nam"
UNDATED = None
UNDATED_WORD = "khac"
OTHERS = 6
COLUMNS = 6
_POSSIBLE = frozenset(range(dt.MINYEAR + 1, dt.MAXYEAR))


@public_page
@reads(PARAMETER, OLDER, NEWER)
def cluster(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """Show a cluster in the year `?nam=`, the newest by default; 404 without a public article."""
    found = get_object_or_404(public_clusters(at), slug=slug)
    frame = Frame.load(at)
    terms = {term.year: term for term in found.terms.select_related("chair", "deputy", "host")}
    years = _years(found, set(terms), at)
    year = _chosen(request.GET.get(PARAMETER), years)
    walk = _walk(found, year, at)
    kept = {} if year == years[0] else {PARAMETER: _word(year)}
    shown = lists.shown(request, at, walk, today=frame.day, with_lead=False, **kept)
    path = found.get_absolute_url()
    page = frame.page(
        path=path,
        title=found.full_name,
        robots=lists.robots(shown["is_first"] and not kept),
        feed=f"{path}rss.xml",
    )
    return answer(
        "articles/cluster.html",
        page,
        heading_parts=typography.headline_parts(found.full_name, [found.owner]),
        crumbs=[lists.front_page()],
        years=_year_links(path, years, year),
        list_title=_list_title(walk.count(), year),
        others=_others(found, at),
        feed_url=page.feed,
        **_of_members(found, year, terms.get(year), _columns(path, years, year), frame),
        **shown,
    )


def _of_members(
    found: Cluster,
    year: int | None,
    term: ClusterTerm | None,
    columns: dict[int, Link],
    frame: Frame,
) -> dict[str, Any]:
    """Return what the page shows of the members of a year: panel, table, news of their places."""
    members = members_in(found, year)
    units = Units(listing.units() if members else ())
    return {
        "table": table(found, members, units, columns, frame.at),
        "news": news(found, members, units, year, frame),
        **panel(found, year, term, members, units, frame.day),
    }


def public_clusters(at: dt.datetime) -> QuerySet[Cluster]:
    """Clusters that stand on an article readers see."""
    return Cluster.objects.filter(pk__in=listing.public_tags(at).values("pk"))


def _years(found: Cluster, of_terms: set[int], at: dt.datetime) -> list[int | None]:
    """Return what may be chosen, newest first; articles without a date come behind all years."""
    dated = sorted({*of_terms, *tag_years.years(found, at)} & _POSSIBLE, reverse=True)
    undated = listing.of_tag_in(found.pk, at, None, None).keys(1)
    return [*dated, *([UNDATED] if undated else [])]


def _chosen(asked: str | None, years: list[int | None]) -> int | None:
    return next((year for year in years if _word(year) == asked), years[0])


def _word(year: int | None) -> str:
    return UNDATED_WORD if year is UNDATED else str(year)


def _walk(found: Cluster, year: int | None, at: dt.datetime) -> Walk:
    if year is UNDATED:
        return listing.of_tag_in(found.pk, at, None, None)
    return listing.of_tag_in(found.pk, at, *listing.year_bounds(year))


def _year_links(path: str, years: list[int | None], chosen: int | None) -> list[Link]:
    """Return the boxes with the years; the newest one is the page's own address."""
    return [
        Link(
            path if year == years[0] else f"{path}?{PARAMETER}={_word(year)}",
            _("Without date") if year is UNDATED else str(year),
            "page" if year == chosen else "",
        )
        for year in years
    ]


def _columns(path: str, years: list[int | None], chosen: int | None) -> dict[int, Link]:
    """Return the years of the table, newest first: the newest ones, or those up to the chosen."""
    links = dict(zip(years, _year_links(path, years, chosen), strict=True))
    dated = [year for year in years if year is not UNDATED]
    last = dated.index(chosen) + 1 if chosen in dated else 0
    shown = dated[max(0, last - COLUMNS) :][:COLUMNS]
    return {year: links[year] for year in shown}


def _list_title(count: int, year: int | None) -> str:
    articles = ngettext("%(n)s article", "%(n)s articles", count) % {"n": count}
    if year is UNDATED:
        return _("Without date: %(articles)s") % {"articles": articles}
    return _("Year %(year)s: %(articles)s") % {"year": year, "articles": articles}


def _others(found: Cluster, at: dt.datetime) -> list[Link]:
    rows = listing.public_tags(at).filter(kind=Tag.Kind.CLUSTER).exclude(pk=found.pk)
    return [Link(tag.get_absolute_url(), tag.name) for tag in rows.order_by("sort_key")[:OTHERS]]
