"""Feeds: RSS 2.0 with the newest articles of the site, a section, a tag or an author."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Rss201rev2Feed

from newsroom import freshness, stamps, vietnamese
from newsroom.models import SiteSettings

from . import listing
from .listing import Listed
from .models import Section, Tag
from .paging import Walk
from .views.former_places import Notes, dated_name
from .views.frame import absolute, public_page
from .views.sections import renamed
from .views.tags import merged, unit

LIMIT = 50


@public_page
def site(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """The newest articles of all."""
    return _feed(request, at, listing.of_site(at))


@public_page
def section(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """The newest articles of a section and its sub-sections; an old address leads on."""
    freshness.shows(stamps.MENU)
    found = Section.objects.filter(slug=slug).first()
    if found is None:
        return HttpResponsePermanentRedirect(f"{renamed(slug).get_absolute_url()}rss.xml")
    family = [found.pk, *found.children.values_list("pk", flat=True)]
    return _feed(request, at, listing.of_sections(family, at), found.name)


@public_page
def province(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """The newest articles of a provincial unit and of those that went into it."""
    units, found = unit(slug)
    if found.slug != slug:
        return HttpResponsePermanentRedirect(f"{found.get_absolute_url()}rss.xml")
    walk = listing.of_tags([one.pk for one in units.gathered(found)], at)
    name = dated_name(found, at.astimezone(vietnamese.ZONE).date())
    return _feed(request, at, walk, name, Notes(units, found, at))


@public_page
def tag(request: HttpRequest, at: dt.datetime, kind: str, slug: str) -> HttpResponse:
    """The newest articles of a cluster or topic; 404 while there is none.

    The address of a topic that was merged leads on.
    """
    found: Tag | None = listing.public_tags(at).filter(kind=kind, slug=slug).first()
    if found is None:
        return HttpResponsePermanentRedirect(f"{merged(kind, slug).get_absolute_url()}rss.xml")
    return _feed(request, at, listing.of_tags([found.pk], at), found.name)


@public_page
def author(request: HttpRequest, at: dt.datetime, slug: str) -> HttpResponse:
    """The newest articles under a pen name; 404 while there is none."""
    found = get_object_or_404(listing.public_authors(at), slug=slug)
    return _feed(request, at, listing.of_author(found, at), found.name)


def _feed(
    request: HttpRequest, at: dt.datetime, walk: Walk, name: str = "", notes: Notes | None = None
) -> HttpResponse:
    """Return the feed at the request's own path; two queries, and those of `notes`."""
    freshness.shows(stamps.SITE)
    about = SiteSettings.load()
    title = f"{name} – {about.name}" if name else about.name
    feed = Rss201rev2Feed(
        title=_text(title),
        link=absolute(request.path.removesuffix("rss.xml")),
        description=_text(about.tagline or title),
        language="vi",
        feed_url=absolute(request.path),
    )
    shown = listing.newest(at, (walk, LIMIT))[:LIMIT]
    said = notes([listed.article_id for listed in shown]) if notes else {}
    for listed in shown:
        _add(feed, listed, said.get(listed.article_id, ""))
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8"
    )


def _add(feed: Rss201rev2Feed, listed: Listed, note: str) -> None:
    """Add an article under its section, and under the former place it is about."""
    told = listed.date_precision != vietnamese.NONE
    feed.add_item(
        title=_text(listed.headline),
        link=absolute(listed.url),
        description=_text(listed.standfirst),
        unique_id=_name(listed.article_id),
        unique_id_is_permalink=False,
        pubdate=listed.first_public_at.astimezone(vietnamese.ZONE) if told else None,
        categories=[_text(text) for text in (listed.section_name, note) if text],
    )


def _name(article_id: int) -> str:
    """Return what a feed reader knows the article by: its address changes when it is moved."""
    return f"article-{article_id}@{urlsplit(settings.SITE_URL).hostname}"


def _text(text: str) -> str:
    """Return what XML can hold: a character it cannot would cost readers the whole feed."""
    return vietnamese.clean(text)
