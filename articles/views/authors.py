"""The page of a pen name."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from newsroom.parameters import reads

from .. import listing
from ..paging import NEWER, OLDER
from . import lists
from .frame import Frame, answer, public_page


@public_page
@reads(OLDER, NEWER)
def author(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """List what readers see under a pen name; 404 while there is nothing."""
    found = get_object_or_404(listing.public_authors(at), slug=slug)
    frame = Frame.load(at)
    shown = lists.shown(request, at, listing.of_author(found, at), today=frame.day)
    path = found.get_absolute_url()
    page = frame.page(
        path=path,
        title=found.name,
        description=found.bio,
        robots=lists.robots(shown["is_first"]),
        feed=f"{path}rss.xml",
    )
    return answer(
        "articles/author.html",
        page,
        heading=found.name,
        crumbs=[lists.front_page()],
        bio=found.bio,
        **shown,
    )
