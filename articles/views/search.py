"""The page of search results."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from newsroom import freshness, rich_text, stamps, vietnamese
from newsroom.parameters import reads
from newsroom.skeletons import fill

from .. import highlight, listing
from ..highlight import Query
from ..listing import Listed
from ..models import Author, Section, Tag
from ..search import filters, finding, names, suggesting
from ..search import typed as queries
from ..search.filters import Choices, Filters
from ..search.typed import Lack, Typed
from . import lists, search_form
from .cards import BriefCard, brief_card, latest
from .frame import Frame, answer, public_page
from .search_form import NEWEST, QUERY, SORT, address
from .search_pages import BEFORE, PAGE, Sheet, newest_sheet, ranked_sheet
from .tags import dated_name

_PAGE_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_PLACE = re.compile(r"[0-9]{1,19}", re.ASCII)


@dataclass(frozen=True)
class Result:
    """One article found, its words met marked."""

    card: BriefCard
    headline: highlight.Pieces
    snippet: highlight.Pieces

    @property
    def markup(self) -> SafeString:
        """Its line in the list."""
        return fill(
            "articles/_found.html",
            card=self.card,
            headline=_marked(self.headline),
            snippet=_marked(self.snippet),
        )


def _marked(pieces: highlight.Pieces) -> str:
    """Return the markup of the pieces; in most headlines nothing is met."""
    if len(pieces) == 1 and not pieces[0][1]:
        return pieces[0][0]
    return fill("_marked.html", pieces=pieces)


@dataclass(frozen=True)
class MatchingPage:
    """A section, tag or author whose name holds the words; `kind` says which of them it is."""

    url: str
    name: str
    kind: str


@dataclass(frozen=True)
class Asked:
    """What an address asks for, read; whatever stands in it, it is no error."""

    typed: Typed
    filters: Filters
    choices: Choices
    at: dt.datetime
    newest_first: bool
    page: int
    before: int | None

    @classmethod
    def read(cls, query: Mapping[str, str], frame: Frame) -> "Asked":
        """Read the parameters; two queries, three when an author is named."""
        choices = Choices.load(frame.sections, frame.at)
        return cls(
            typed=queries.read(query.get(QUERY)),
            filters=filters.read(query, choices, frame.at),
            choices=choices,
            at=frame.at,
            newest_first=query.get(SORT) == NEWEST,
            page=_page_number(query.get(PAGE, "")),
            before=_place(query.get(BEFORE, "")),
        )

    @property
    def has_answer(self) -> bool:
        """Whether there is something to look for: a word, or filters without one."""
        wordless = self.typed.lacks in (Lack.EMPTY, Lack.ONLY_UNWANTED)
        return not self.typed.lacks or (wordless and bool(self.filters.active))

    @property
    def sought(self) -> Typed:
        """The query to be answered."""
        if not self.typed.lacks:
            return self.typed
        return filters.Wordless(self.typed.text, unwanted=self.typed.unwanted)

    @property
    def kept(self) -> dict[str, str]:
        """The parameters that every link of the page keeps."""
        sort = {SORT: NEWEST} if self.newest_first else {}
        return {QUERY: self.typed.text, **self.filters.active, **sort}

    @cached_property
    def count(self) -> int:
        """How many articles meet it, exact up to finding.MAX_COUNTED."""
        total = self.sheet.total
        return finding.count(self.sought, self.at, self.filters.scope) if total is None else total

    @cached_property
    def sheet(self) -> Sheet:
        """The page of the list that is asked for."""
        if self.newest_first or self.typed.lacks:
            return newest_sheet(self.sought, self.at, self.filters.scope, self.kept, self.before)
        return ranked_sheet(self.typed, self.at, self.filters.scope, self.kept, self.page)


@public_page
@reads(QUERY, SORT, PAGE, BEFORE, *filters.NAMES)
def results(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Show what was found for `?q=` within the filters; without either, say what is missing."""
    freshness.shows(stamps.FRONT, stamps.MENU, stamps.NAMES)
    frame = Frame.load(at)
    asked = Asked.read(request.GET, frame)
    title = _("Search articles")
    page = frame.page(
        title=f"{asked.typed.text} – {title}" if asked.typed.text else title,
        robots="noindex",
        is_search=True,
    )
    return answer(
        "articles/search.html",
        page,
        crumbs=[lists.front_page()],
        typed=asked.typed,
        lack="" if asked.has_answer else asked.typed.lacks.name,
        words_read=sum(len(part.words) for part in (*asked.typed.wanted, *asked.typed.unwanted)),
        form=search_form.form(asked.filters, asked.choices, at, asked.kept),
        latest=latest(at, frame.day),
        **(_found(asked, frame) if asked.has_answer else {}),
    )


def _found(asked: Asked, frame: Frame) -> dict[str, Any]:
    sheet = asked.sheet
    shown = _results(sheet.article_ids, asked.typed, frame)
    return {
        "results": shown,
        "count": min(asked.count, finding.MAX_COUNTED),
        "number": vietnamese.grouped(min(asked.count, finding.MAX_COUNTED)),
        "quoted_url": _quoted(asked),
        "has_more": asked.count > finding.MAX_COUNTED,
        "is_exhausted": sheet.is_last and asked.count > sheet.listed,
        "spellings": _spellings(shown, asked.typed),
        "pages": _matching_pages(asked.typed, frame),
        "sheet": sheet,
        "sorts": _sorts(asked),
        **({} if asked.count else _help(asked)),
    }


def _quoted(asked: Asked) -> str:
    """Return where exactly these words in a row are looked for; "" where that is said already."""
    if not asked.typed.is_plain or len(asked.typed.words) < 2:
        return ""
    return address(asked.kept | {QUERY: f'"{asked.typed.text}"'})


def _help(asked: Asked) -> dict[str, Any]:
    """Return what may help where nothing was found."""
    kept = asked.kept
    better = suggesting.better(asked.typed, asked.at, asked.filters.scope)
    return {
        "better": better,
        "better_url": address(kept | {QUERY: better}),
        "unfiltered_url": address({QUERY: asked.typed.text}) if asked.typed.text else "",
        "near": names.near(asked.typed, asked.at),
    }


def _sorts(asked: Asked) -> list[dict[str, Any]]:
    """Return the two orders as links; none where there is only one."""
    if asked.typed.lacks or not asked.count:
        return []
    by_relevance = {name: value for name, value in asked.kept.items() if name != SORT}
    orders = [
        (_("By relevance"), by_relevance, not asked.newest_first),
        (_("Newest first"), by_relevance | {SORT: NEWEST}, asked.newest_first),
    ]
    return [
        {"name": name, "url": address(kept), "current": current} for name, kept, current in orders
    ]


def _spellings(shown: list[Result], typed: Typed) -> list[str]:
    """Return with which accents the words were found, when they were typed without any."""
    if queries.has_accents(typed.words):
        return []
    lines = (pieces for result in shown for pieces in (result.headline, result.snippet))
    return highlight.spellings(lines, typed.text)


def _results(article_ids: list[int], typed: Typed, frame: Frame) -> list[Result]:
    found, query = listing.cards(article_ids, frame.at, with_body=True), Query.of(typed)
    return [_result(listed, query) for listed in found]


def _result(listed: Listed, query: Query) -> Result:
    text = f"{listed.standfirst}\n{rich_text.rough_text(listed.body)}"
    sought = highlight.sought(query, listed.headline, text)
    snippet = highlight.snippet(text, sought)
    shown = brief_card(listed, "" if snippet else listed.standfirst)
    return Result(shown, highlight.marked(shown.headline, sought), snippet)


def _matching_pages(typed: Typed, frame: Frame) -> list[MatchingPage]:
    return [_matching(thing, frame.day) for thing in names.pages(typed, frame.at)]


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


def _page_number(text: str) -> int:
    return max(1, int(text)) if _PAGE_NUMBER.fullmatch(text) else 1


def _place(text: str) -> int | None:
    place = int(text) if _PLACE.fullmatch(text) else None
    return place if place is not None and place <= finding.WHOLE[1] else None
