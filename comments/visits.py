"""One reader at the comment form: what he may see of it, and in which shape he gets it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _

from articles import listing, typography
from articles.models import Article, Publication
from articles.views import errors
from articles.views.frame import Frame
from newsroom.fields import row_number

from .models import Comment
from .pressure import Pressure
from .senders import Sender, sender_of

ANSWERED = "tra-loi"  # in the address: the number of the comment that is answered
ROBOTS = "noindex, nofollow"
BY_SCRIPT = "X-Requested-With"


@dataclass(frozen=True)
class Visit:
    """A request about the comments of an article that readers see at the moment `at`."""

    request: HttpRequest
    at: dt.datetime
    story: Publication

    @property
    def article(self) -> Article:
        """The article."""
        return self.story.article

    @cached_property
    def sender(self) -> Sender:
        """Who asks."""
        return sender_of(self.request)

    @property
    def pressure(self) -> Pressure:
        """How hard the network of who asks presses on this article."""
        return Pressure(self.sender.prefix_hash, self.article.pk)

    @cached_property
    def answered(self) -> Comment | None:
        """The comment that is answered: one that readers see under this article."""
        rows = Comment.objects.public().filter(article=self.article)
        number = row_number(self.request.GET.get(ANSWERED))
        return rows.filter(pk=number).first() if number else None

    @property
    def answers_nobody(self) -> bool:
        """Whether the comment that was to be answered is not there any more."""
        return ANSWERED in self.request.GET and not self.answered

    @property
    def by_script(self) -> bool:
        """Whether the script asks, which wants nothing but the part inside the page."""
        return self.request.headers.get(BY_SCRIPT) == "fetch"

    def show(self, name: str, status: int = 200, **shown: Any) -> HttpResponse:
        """Answer with a part of the comments: alone to the script, else as a page of its own."""
        part = f"comments/_{name}.html"
        context = {
            "article_id": self.article.pk,
            "address": self.article.get_absolute_url(),
            "answered": self.answered,
        }
        if self.by_script:
            return render(self.request, part, context | shown, status=status)
        context |= self._around() | {"part": part}
        return render(self.request, "comments/page.html", context | shown, status=status)

    def _around(self) -> dict[str, Any]:
        """Return what stands around a part that is a page of its own."""
        frame, section = Frame.load(self.at), self.article.section
        headline = typography.tied(self.story.revision.headline)
        title = _("Send a comment: %(headline)s") % {"headline": headline}
        return {
            "headline": headline,
            "page": frame.page(within=section, title=title, robots=ROBOTS),
            "crumbs": frame.way_to(section),
        }


def visited(view: Callable[[Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of a visit one of an address: 404 for what readers never saw, 410 for what was
    withdrawn."""

    @private
    @wraps(view)
    def answered(request: HttpRequest, article_id: str) -> HttpResponse:
        at = timezone.now()
        story = listing.story(int(article_id), at)
        if story:
            return view(Visit(request, at, story))
        if listing.was_public(int(article_id), at):
            return _gone(request, at)
        raise Http404

    return answered


def _gone(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Answer 410; a text that came too late is shown, to be copied."""
    if typed := request.POST.get("text", ""):
        return errors.gone(at, "comments/withdrawn.html", typed=typed)
    return errors.gone(at)


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep what the view answers out of every cache and every search engine."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        add_never_cache_headers(response)
        patch_vary_headers(response, [BY_SCRIPT])
        response["X-Robots-Tag"] = ROBOTS
        return response

    return answered
