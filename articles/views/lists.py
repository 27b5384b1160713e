"""What pages that are one long list have in common."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from .. import listing, paging
from ..paging import Walk
from .cards import card, latest
from .frame import Link

# Says something about the articles of a page, by their numbers.
Notes = Callable[[list[int]], dict[int, str]]


def front_page() -> Link:
    """The first link of a way back."""
    return Link("/", _("Front page"))


def shown(
    request: HttpRequest,
    at: dt.datetime,
    walk: Walk,
    *,
    today: dt.date,
    with_lead: bool = True,
    notes: Notes | None = None,
    **kept: str,
) -> dict[str, Any]:
    """Return what list.html shows of a walk; three queries, and those of `notes`.

    The first page opens with its newest article in large. `kept` are parameters that the buttons
    below the list keep.
    """
    page = paging.paged(walk, request.GET)
    said = notes(page.article_ids) if notes else {}
    cards = [
        card(listed, today, note=said.get(listed.article_id, ""))
        for listed in listing.cards(page.article_ids, at)
    ]
    lead = cards.pop(0) if with_lead and page.first and cards else None
    return {
        "lead": lead,
        "cards": cards,
        "pager": paging.links(page, request.path, **kept),
        "latest": latest(at, today),
        "is_first": page.first,
    }


def robots(is_first: bool) -> str:
    """What search engines are told: only the first page of a list is worth keeping."""
    return "" if is_first else "noindex, follow"
