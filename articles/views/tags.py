"""The pages of provinces and topics."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import pgettext

from newsroom import vietnamese
from newsroom.parameters import reads

from .. import listing
from ..models import OldTopicSlug, Province, Tag
from ..paging import NEWER, OLDER, Walk
from ..succession import Units, undated_slug
from . import lists
from .former_places import Notes, dated_name
from .frame import Frame, Link, answer, public_page


@public_page
@reads(OLDER, NEWER)
def topic(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """List the articles of a topic; 404 while no article readers see has it.

    The address of a topic that was merged leads on.
    """
    found = listing.public_tags(at).filter(kind=Tag.Kind.TOPIC, slug=slug).first()
    if found is None:
        return HttpResponsePermanentRedirect(merged(Tag.Kind.TOPIC, slug).get_absolute_url())
    walk = listing.of_tags([found.pk], at)
    return _answer(request, Frame.load(at), found, walk, template="articles/list.html")


def merged(kind: str, slug: str) -> Tag:
    """Return the topic into which the one at this address was merged; raises Http404."""
    old = OldTopicSlug.objects.filter(slug=slug, topic__kind=kind).select_related("topic").first()
    if old is None:
        raise Http404
    return old.topic


@public_page
@reads(OLDER, NEWER)
def province(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """List the articles of a provincial unit and of the units that went into it.

    Every unit has its page, without an article too.
    """
    units, found = unit(slug)
    if found.slug != slug:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    frame = Frame.load(at)
    walk = listing.of_tags([one.pk for one in units.gathered(found)], at)
    return _answer(
        request,
        frame,
        found,
        walk,
        template="articles/province.html",
        title=dated_name(found, frame.day),
        notes=Notes(units, found, at),
        facts=facts(units, found, frame.day),
    )


def unit(slug: str) -> tuple[Units, Province]:
    """Return the unit at `/dia-phuong/<slug>/` and all others around it; raises Http404.

    A dated address under which no unit is, or is any more, stands for the one without the date.
    """
    units = Units(listing.units())
    by_slug = {one.slug: one for one in units.all}
    found = by_slug.get(slug) or by_slug.get(undated_slug(slug))
    if found is None:
        raise Http404
    return units, found


def facts(units: Units, found: Province, day: dt.date) -> list[list[str | Link]]:
    """Return what stands under the name: its days, what it became, what went into it."""
    lines: list[list[str | Link]] = []
    if found.valid_from:
        lines.append([pgettext("place", "from %(day)s") % {"day": _date(found.valid_from)}])
    if found.valid_to:
        lines.append([pgettext("place", "until %(day)s") % {"day": _date(found.valid_to)}])
    return [*lines, *_became(units, found, day), *_made_of(units, found, day)]


def _became(units: Units, found: Province, day: dt.date) -> list[list[str | Link]]:
    """Return the line that leads to what the unit is now, or is going to be."""
    heir = units.heir(found, day)
    if heir is not found:
        renamed = units.is_renamed(found, day)
        phrase = pgettext("place", "now") if renamed else pgettext("place", "now part of")
        return [[f"{phrase} ", _link(heir)]]
    if coming := units.next(found, day):
        renamed = units.is_whole_in(found, coming)
        phrase = pgettext("place", "then") if renamed else pgettext("place", "then part of")
        return [[f"{phrase} ", _link(coming)]]
    return []


def _made_of(units: Units, found: Province, day: dt.date) -> list[list[str | Link]]:
    """Return the lines that lead to what went, or is going, into the unit."""
    former = units.former(found)
    if not former:
        return []
    if found.valid_from and day < found.valid_from:
        former = units.merged_into(found)
        made = pgettext("place", "going to be made of")
        also = pgettext("place", "this page also lists the articles of these units")
    else:
        made = pgettext("place", "made of the former")
        also = pgettext("place", "this page also lists the articles of the former units")
    former = sorted(former, key=lambda one: (bytes(one.sort_key), one.valid_to or dt.date.max))
    return [[f"{made} ", *_enumerated(former)], [also]]


def _enumerated(units: list[Province]) -> list[str | Link]:
    """Return the units as links with commas between; those who share a name say until when."""
    names = [unit.name for unit in units]
    pieces: list[str | Link] = []
    for unit in units:
        shared = names.count(unit.name) > 1
        pieces += [", ", _link(unit, dated_name(unit, dt.date.max) if shared else unit.name)]
    return pieces[1:]


def _link(unit: Province, name: str = "") -> Link:
    return Link(unit.get_absolute_url(), name or unit.name)


def _date(day: dt.date) -> str:
    return vietnamese.short_date(day, vietnamese.DAY)


def _answer(
    request: HttpRequest,
    frame: Frame,
    found: Tag,
    walk: Walk,
    *,
    template: str,
    title: str = "",
    notes: lists.Notes | None = None,
    **context: Any,
) -> HttpResponse:
    shown = lists.shown(request, frame.at, walk, today=frame.day, notes=notes)
    path = found.get_absolute_url()
    page = frame.page(
        path=path,
        title=title or found.name,
        robots=lists.robots(shown["is_first"]),
        feed=f"{path}rss.xml",
    )
    crumbs = [lists.front_page()]
    return answer(template, page, heading=title or found.name, crumbs=crumbs, **context, **shown)
