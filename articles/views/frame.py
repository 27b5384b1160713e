"""What every page has around its own content, and the one way to answer with a page.

Pages are rendered without a request: what a page shows cannot depend on who asks for it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import get_resolver
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from newsroom import freshness, parameters, parts, stamps, vietnamese
from newsroom.models import SiteSettings
from newsroom.prepared import prepared
from newsroom.skeletons import fill
from newsroom.snapshots import snapshot

from .. import listing
from ..models import Section

# Kept by whoever likes, but asked about each time: a page changes the second an article goes out.
CACHE_CONTROL = f"public, max-age={settings.PAGE_MAX_AGE}" if settings.PAGE_MAX_AGE else "no-cache"
LONG_SEAL = 2  # letters; more are set smaller


@dataclass(frozen=True)
class Link:
    """A name that leads somewhere; `current` is the value of aria-current."""

    url: str
    name: str
    current: str = ""


@dataclass(frozen=True)
class Masthead:
    """What stands above and below the content of every page."""

    site: SiteSettings
    menu: list[Link]
    day: str
    today: str
    is_home: bool = False
    is_search: bool = False
    has_long_seal: bool = False


@dataclass(frozen=True)
class Page:
    """What base.html shows: the site, what is around the content, what search engines are told."""

    site: SiteSettings
    head: SafeString
    foot: SafeString
    title: str = ""
    description: str = ""
    canonical: str = ""
    robots: str = ""
    kind: str = "website"
    image: str = ""
    feed: str = ""


@dataclass(frozen=True)
class Frame:
    """The site and its sections at one moment."""

    at: dt.datetime
    site: SiteSettings
    sections: list[Section] = field(default_factory=list)

    @classmethod
    def load(cls, at: dt.datetime) -> "Frame":
        """Ask for the settings and all sections in the order of the menu; two queries or none."""
        return cls(at, *parts.shared("frame", at, _site_and_sections))

    @property
    def day(self) -> dt.date:
        """The day in Vietnam."""
        return self.at.astimezone(vietnamese.ZONE).date()

    def section(self, slug: str) -> Section | None:
        """The section at `/<slug>/`."""
        return next((section for section in self.sections if section.slug == slug), None)

    def tops(self) -> list[Section]:
        """The sections of the menu."""
        return [section for section in self.sections if section.parent_id is None]

    def children(self, section: Section) -> list[Section]:
        """The sub-sections of a section."""
        return [child for child in self.sections if child.parent_id == section.pk]

    def family(self, section: Section) -> list[int]:
        """The numbers of a section and its sub-sections: whose articles its page lists."""
        return [section.pk, *(child.pk for child in self.children(section))]

    def way_to(self, section: Section) -> list[Link]:
        """The section with the one it lies within before it, as links."""
        way = [one for one in self.sections if one.pk == section.parent_id] + [section]
        return [Link(one.get_absolute_url(), one.name) for one in way]

    def page(
        self,
        *,
        path: str = "",
        within: Section | None = None,
        robots: str = "",
        is_search: bool = False,
        **fields: Any,
    ) -> Page:
        """Return what base.html shows for the page at `path`, which lies `within` a section.

        A page with a word for `robots` is none that search engines keep: it has no canonical.
        """
        head, foot = self._around(path, within, is_search)
        canonical = absolute(path) if path and not robots else ""
        return Page(self.site, head, foot, canonical=canonical, robots=robots, **fields)

    def _around(
        self, path: str, within: Section | None, is_search: bool
    ) -> tuple[SafeString, SafeString]:
        """Return head and foot; pages of the same section have the same ones."""
        menu = [self._menu_link(section, path, within) for section in self.tops()]
        is_home = path == "/"

        def made() -> tuple[SafeString, SafeString]:
            freshness.shows(stamps.SITE, stamps.MENU)
            masthead = Masthead(
                site=self.site,
                menu=menu,
                day=self.day.isoformat(),
                today=vietnamese.long_date(self.day, vietnamese.DAY),
                is_home=is_home,
                is_search=is_search,
                has_long_seal=len(self.site.initials) > LONG_SEAL,
            )
            return (
                fill("_head.html", masthead=masthead),
                fill("_foot.html", masthead=masthead),
            )

        here = tuple(link.current for link in menu)
        return parts.shared(("around", self.day, here, is_home, is_search), self.at, made)

    def _menu_link(self, section: Section, path: str, within: Section | None) -> Link:
        url = section.get_absolute_url()
        inside = within is not None and section.pk in (within.pk, within.parent_id)
        return Link(url, section.name, "page" if url == path else "true" if inside else "")


def _site_and_sections() -> tuple[SiteSettings, list[Section]]:
    freshness.shows(stamps.SITE, stamps.MENU)
    return SiteSettings.load(), _sections()


@prepared
def _sections() -> QuerySet[Section]:
    return Section.objects.order_by("position", "pk")


def absolute(path: str) -> str:
    """Return the full address of a path of ours, whatever name the visitor called the server."""
    return f"{settings.SITE_URL}{path}"


def answer(template: str, page: Page, status: int = 200, **context: Any) -> HttpResponse:
    """Return the rendered page."""
    response = HttpResponse(render_to_string(template, {"page": page, **context}), status=status)
    response["Cache-Control"] = CACHE_CONTROL
    return response


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of (request, at, …) a page for everybody; all but GET and HEAD gets 405.

    `at` is the moment of the request, taken once; the database is seen as it is at that moment.
    Of the query the view gets what `parameters.reads` names. What the page is made of is noted
    for whoever keeps it (`response.freshness`), that of a 404 as well.
    """
    names = getattr(view, "parameters", ())

    @safe
    @wraps(view)
    def guarded(request: HttpRequest, at: dt.datetime, **captured: Any) -> HttpResponse:
        request.GET = QueryDict(parameters.read(request.META.get("QUERY_STRING", ""), names))
        made = freshness.Freshness(parts=request.META.get(freshness.WANTED))
        with freshness.making(made), snapshot():
            response = _shown(view, request, at, captured)
            if made.parts is not None:
                _seal(made, at)
        response.freshness = made
        return response

    guarded.parameters = names
    return guarded


def safe(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of (request, at, …) answer GET and HEAD; everything else gets 405.

    There is nothing a form could send here, so no token is asked for: a POST is told that it is
    not allowed, not that a token is missing.
    """

    @csrf_exempt
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, **captured: Any) -> HttpResponse:
        response = view(request, timezone.now(), **captured)
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        return response

    return guarded


def _shown(
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    at: dt.datetime,
    captured: dict[str, Any],
) -> HttpResponse:
    """Return the view's page or, where it finds nothing, the one that says so."""
    try:
        return view(request, at, **captured)
    except Http404 as error:
        # What is missing now may be there once any article has gone out.
        freshness.shows(stamps.FRONT, stamps.NAMES)
        return get_resolver().resolve_error_handler(404)(request, error)


def _seal(made: freshness.Freshness, at: dt.datetime) -> None:
    """Say until when the page is true and what it was made of, all as of its own moment."""
    freshness.until(listing.next_change(at))
    tomorrow = at.astimezone(vietnamese.ZONE).date() + dt.timedelta(days=1)
    freshness.renewed_at(dt.datetime.combine(tomorrow, dt.time.min, vietnamese.ZONE))
    made.versions = parts.versions(made.versions, made)
