"""The sitemap: one list of all that search engines should know, in pages of `?p=`."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from newsroom import freshness, stamps, vietnamese
from newsroom.parameters import reads

from . import listing
from .models import Publication, Tag
from .succession import Units
from .views.frame import public_page

PAGE_SIZE = 5_000


class Entry(NamedTuple):
    """One address and since when it shows what it shows, where that may be told."""

    path: str
    changed: dt.datetime | None = None


class PublicPages(Sitemap):
    """The articles, oldest number first, then home, sections, tags and authors with articles.

    What is new comes behind the articles there are, so that a page once full stays as it is.
    """

    limit = PAGE_SIZE

    def __init__(self, at: dt.datetime):
        self.at = at

    def items(self) -> "Entries":
        """All entries; articles are loaded a page at a time."""
        return Entries(_articles(self.at), _fixed(self.at))

    def location(self, item: Entry) -> str:
        """The path of an entry."""
        return item.path

    def lastmod(self, item: Entry) -> dt.datetime | None:
        """When an entry changed."""
        return item.changed

    def get_domain(self, site: object = None) -> str:
        """The host of SITE_URL, whatever name the visitor called the server."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        """The scheme of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme


class Entries(Sequence):
    """The many entries of the database with the few held in memory behind them."""

    def __init__(self, stories: QuerySet[Publication], fixed: list[Entry]):
        self.stories = stories
        self.fixed = fixed

    @cached_property
    def number(self) -> int:
        """How many articles there are; one query."""
        return self.stories.count()

    def __len__(self) -> int:
        """Return how many there are."""
        return self.number + len(self.fixed)

    def __getitem__(self, part: slice) -> list[Entry]:
        """Return a stretch of them; one query."""
        start, stop = (max(0, edge - self.number) for edge in (part.start, part.stop))
        return [*map(_entry, self.stories[part]), *self.fixed[start:stop]]


@public_page
@reads("p")
def sitemap(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Answer with the page `?p=` of the sitemap; 404 beyond the last one."""
    try:
        urls = PublicPages(at).get_urls(page=request.GET.get("p", 1))
    except InvalidPage as error:
        raise Http404 from error
    text = render_to_string("sitemap.xml", {"urlset": urls})
    return HttpResponse(text, content_type="application/xml")


def _fixed(at: dt.datetime) -> list[Entry]:
    """Return the pages that list articles; four queries."""
    pages = [
        *listing.public_sections(at),
        *_tags(at),
        *listing.public_authors(at).order_by("pk"),
    ]
    return [Entry("/"), *(Entry(page.get_absolute_url()) for page in pages)]


def _tags(at: dt.datetime) -> list[Tag]:
    """Return the tags with articles; a province has those of the units that went into it too."""
    tagged = {tag.pk: tag for tag in listing.public_tags(at).order_by("pk")}
    units = Units(listing.units())
    gathering = (
        unit for unit in units.all if any(one.pk in tagged for one in units.gathered(unit))
    )
    return list({**tagged, **{unit.pk: unit for unit in gathering}}.values())


def _articles(at: dt.datetime) -> QuerySet[Publication]:
    freshness.shows(stamps.FRONT, stamps.MENU)
    public = Publication.objects.public(at).select_related("article__section")
    shown = ("starts_at", "date_precision", "article__slug", "article__section__slug")
    return public.only(*shown).order_by("article_id")


def _entry(publication: Publication) -> Entry:
    told = publication.date_precision != vietnamese.NONE
    path = publication.article.get_absolute_url()
    return Entry(path, publication.starts_at if told else None)
