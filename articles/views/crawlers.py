"""Small files that programs ask for by name."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from newsroom import freshness, stamps
from newsroom.models import SiteSettings

from ..sitemaps import PublicPages
from .frame import absolute, public_page

CLOSED = ("/binh-luan/", "/admin/", "/tim-kiem/")


@public_page
def robots(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Say what crawlers leave alone and where each page of the sitemap is."""
    pages = PublicPages(at).paginator.page_range
    addresses = ["/sitemap.xml", *(f"/sitemap.xml?p={number}" for number in pages[1:])]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        "",
        *(f"Sitemap: {absolute(address)}" for address in addresses),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public_page
def favicon(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Draw the seal with the site's initials."""
    freshness.shows(stamps.SITE)
    drawing = render_to_string("favicon.svg", {"site": SiteSettings.load()})
    return HttpResponse(drawing, content_type="image/svg+xml")
