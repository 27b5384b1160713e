"""The page of a section."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from newsroom.parameters import reads

from .. import listing
from ..models import OldSectionSlug, Section
from ..paging import NEWER, OLDER
from . import lists
from .frame import Frame, Link, answer, public_page


@public_page
@reads(OLDER, NEWER)
def section(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """List a section's articles and those of its sub-sections; an old address leads on."""
    frame = Frame.load(at)
    found = frame.section(slug)
    if found is None:
        return HttpResponsePermanentRedirect(renamed(slug).get_absolute_url())
    walk = listing.of_sections(frame.family(found), at)
    shown = lists.shown(request, at, walk, today=frame.day)
    path = found.get_absolute_url()
    page = frame.page(
        path=path,
        within=found,
        title=found.name,
        robots=lists.robots(shown["is_first"]),
        feed=f"{path}rss.xml",
    )
    return answer(
        "articles/list.html",
        page,
        heading=found.name,
        crumbs=[lists.front_page(), *frame.way_to(found)[:-1]],
        subsections=_links(frame.children(found)),
        **shown,
    )


def renamed(slug: str) -> Section:
    """Return the section that had the address once; raises Http404."""
    old = OldSectionSlug.objects.filter(slug=slug).select_related("section").first()
    if old is None:
        raise Http404
    return old.section


def _links(sections: list[Section]) -> list[Link]:
    return [Link(one.get_absolute_url(), one.name) for one in sections]
