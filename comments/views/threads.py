"""The comments of an article as pages of their own, and the permanent address of each."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import listing as articles
from articles.models import Article
from articles.views import errors
from articles.views.frame import absolute, answer, public_page
from newsroom import freshness
from newsroom.parameters import reads

from .. import closing, listing, shown
from .seen import ROBOTS, Seen, around, seen


@public_page
@reads(shown.ORDER, listing.AFTER, listing.BEFORE)
def all_of_article(request: HttpRequest, at: dt.datetime, article_id: str) -> HttpResponse:
    """Show all threads of an article, a page at a time, in the order the address names.

    404 for an article readers never saw, 410 for one that was withdrawn.
    """
    story = articles.story(int(article_id), at)
    if story is None:
        if articles.was_public(int(article_id), at):
            return errors.gone(at)
        raise Http404
    order = request.GET.get(shown.ORDER)
    order = order if order in listing.ORDERS else listing.DEFAULT
    page = listing.threads(story.article_id, order, request.GET)
    before, after = shown.neighbours(page, shown.list_url(story.article_id, order))
    context = around(story, at, _("Readers' views: %(headline)s"), robots=ROBOTS)
    context["page"] = _with_canonical(context["page"], shown.list_url(story.article_id))
    around_it = _shown(story.article, context["page"].site, at)
    return answer(
        "comments/list.html",
        **context,
        **around_it,
        count=listing.count(story.article_id),
        threads=shown.threads(page.rows, around_it["closed"]),
        orders=shown.order_links(story.article_id, order),
        before=before,
        after=after,
        is_first=page.is_first,
    )


@public_page
@reads(listing.AFTER, listing.BEFORE)
@seen
def thread(request: HttpRequest, found: Seen) -> HttpResponse:
    """Show one thread with its replies, a page at a time; asked for a reply, from that one on."""
    top = found.comment.thread or found.comment
    since = found.comment if found.comment.thread_id else None
    page = listing.replies(top, request.GET, since)
    address = reverse("comments:thread", args=[top.pk])
    _before, after = shown.neighbours(page, address)
    context = around(found.story, found.at, _("A reader's view: %(headline)s"), robots=ROBOTS)
    context["page"] = _with_canonical(context["page"], address)
    around_it = _shown(found.story.article, context["page"].site, found.at)
    return answer(
        "comments/thread.html",
        **context,
        **around_it,
        thread=shown.thread(top, page.rows, around_it["closed"]),
        after=after,
        whole_url="" if page.is_first else address,
        list_url=shown.list_url(found.story.article_id),
    )


def _with_canonical(page: Any, path: str) -> Any:
    """Name the address that stands for all orders and pages, though none of them is indexed."""
    return replace(page, canonical=absolute(path))


def _shown(article: Article, site: Any, at: dt.datetime) -> dict[str, Any]:
    freshness.counts(at)
    return {
        "write_url": shown.write_url(article.pk),
        "closed": closing.reason(article, site, at),
    }
