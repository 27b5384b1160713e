"""The page of search results."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from newsroom import rich_text, vietnamese

from .. import highlight, listing, paging, search
from ..models import Author, Publication, Section, Tag
from ..paging import Page, Walk
from . import lists
from .cards import Card, card, latest
from .frame import Frame, answer, public_page
from .tags import dated_name

PATH = "/tim-kiem/"
PARAMETER = "q"
MAX_COUNT = 1_000


@dataclass(frozen=True)
class Result:
    """One article found, its words met marked."""

    card: Card
    headline: highlight.Pieces
    snippet: highlight.Pieces


@dataclass(frozen=True)
class MatchingPage:
    """A section, tag or author whose name holds the words; `kind` says which of them it is."""

    url: str
    name: str
    kind: str


@public_page
def results(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Show what was found for `?q=`; without a word to search for, say what is missing."""
    frame = Frame.load(at)
    query = search.typed(request.GET.get(PARAMETER, ""))
    terms = vietnamese.search_terms(query)
    page = frame.page(
        title=f"{query} – {_('Search articles')}" if query else _("Search articles"),
        robots="noindex",
        is_search=True,
    )
    found = _found(request, query, terms, frame) if terms else {}
    return answer(
        "articles/search.html",
        page,
        crumbs=[lists.front_page()],
        query=query,
        has_words=bool(terms),
        latest=latest(at, frame.day),
        **found,
    )


def _found(request: HttpRequest, query: str, terms: list[str], frame: Frame) -> dict[str, Any]:
    rows = search.find(query, frame.at)
    walk = Walk((rows,), at="article__first_public_at", pk="article_id")
    page = paging.paged(walk, request.GET)
    shown = _results(page, terms, frame)
    count = rows.order_by()[: MAX_COUNT + 1].count()
    return {
        "results": shown,
        "count": min(count, MAX_COUNT),
        "has_more": count > MAX_COUNT,
        "spellings": _spellings(shown, query),
        "pages": [_matching(thing, frame.day) for thing in search.pages(query, frame.at)],
        "near": [] if count else search.near(query, frame.at),
        "pager": paging.links(page, PATH, **{PARAMETER: query}),
    }


def _spellings(shown: list[Result], query: str) -> list[str]:
    """Return with which accents the words were found, when they were typed without any."""
    if vietnamese.fold(query) != query.lower():
        return []
    lines = (pieces for result in shown for pieces in (result.headline, result.snippet))
    return highlight.spellings(lines, query)


def _results(page: Page, terms: list[str], frame: Frame) -> list[Result]:
    found = listing.cards(page.article_ids, frame.at, "revision__body")
    return [_result(publication, terms, frame.day) for publication in found]


def _result(publication: Publication, terms: list[str], day: dt.date) -> Result:
    revision = publication.revision
    shown = card(publication, day)
    text = f"{revision.standfirst} {rich_text.plain_text(revision.body)}"
    return Result(
        card=shown,
        headline=highlight.marked(shown.headline, terms),
        snippet=highlight.snippet(text, terms),
    )


def _matching(thing: Section | Tag | Author, day: dt.date) -> MatchingPage:
    name = thing.name
    if isinstance(thing, Tag) and thing.kind == Tag.Kind.PROVINCE:
        name = dated_name(thing.province, day)
    return MatchingPage(thing.get_absolute_url(), name, _kind(thing))


def _kind(thing: Section | Tag | Author) -> str:
    if isinstance(thing, Section):
        return _("Section")
    if isinstance(thing, Author):
        return _("Author")
    kinds = {
        Tag.Kind.PROVINCE: _("Place"),
        Tag.Kind.CLUSTER: _("Emulation cluster"),
        Tag.Kind.TOPIC: _("Topic"),
    }
    return kinds[thing.kind]
