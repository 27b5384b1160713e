"""One comment at an address of its own: what readers may see of it, or why there is nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles import listing, typography
from articles.models import Publication
from articles.views import errors
from articles.views.frame import Frame, Link, Page, answer
from newsroom import freshness, stamps

from ..models import Comment

ROBOTS = "noindex, follow"
State = Comment.State


@dataclass(frozen=True)
class Seen:
    """A comment at the moment `at`, under a text readers see; gone itself, it is a gap."""

    comment: Comment
    story: Publication
    at: dt.datetime

    @property
    def is_there(self) -> bool:
        """Whether readers see the comment itself, not only its replies."""
        return self.comment.state == State.APPROVED


def seen(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of (request, seen) one of (request, at, comment_id).

    404 for what readers never saw, 410 for what was taken away, the comment or its article.
    """

    @wraps(view)
    def answered(request: HttpRequest, at: dt.datetime, comment_id: str) -> HttpResponse:
        rows = Comment.objects.select_related("thread").filter(pk=int(comment_id))
        # One that was never there is asked for in the same way: it takes the same time as a hidden
        # one.
        comment = rows.first() or Comment(pk=0, article_id=0)
        freshness.shows(stamps.comments(comment.article_id))
        if not comment.pk:  # one that is still to come has no stamp yet
            freshness.is_unforeseeable()
        is_seen = comment.state == State.APPROVED or comment.is_shown
        if not is_seen and not _was_public(comment):
            raise Http404
        story = listing.story(comment.article_id, at)
        if story and is_seen:
            return view(request, Seen(comment, story, at))
        if is_seen and not _was_public(comment):
            raise Http404
        return gone(at) if story else errors.gone(at)

    return answered


def there(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `seen`, for what can only be done with a comment that is there itself."""

    @seen
    @wraps(view)
    def answered(request: HttpRequest, found: Seen) -> HttpResponse:
        return view(request, found) if found.is_there else gone(found.at)

    return answered


def gone(at: dt.datetime) -> HttpResponse:
    """Answer 410: readers saw the comment once, and it has been taken away."""
    page = Frame.load(at).page(title=_("This comment has been removed"), robots="noindex")
    return answer("comments/gone.html", page, status=410)


def _was_public(comment: Comment) -> bool:
    """Whether readers saw it once; nobody approves the desk's own answers, they only end."""
    if comment.state == State.REMOVED:
        return True
    shown = Q(to_state=State.APPROVED) | Q(from_state=State.APPROVED)
    return comment.decisions.filter(shown).exists()


def around(story: Publication, at: dt.datetime, title: str, **fields: Any) -> dict[str, Any]:
    """Return what stands around a page about the comments of an article; two queries.

    `title` holds the headline's place, as %(headline)s.
    """
    frame, section = Frame.load(at), story.article.section
    headline = typography.tied(story.revision.headline)
    crumbs: list[Link] = frame.way_to(section)
    page: Page = frame.page(within=section, title=title % {"headline": headline}, **fields)
    address = story.article.get_absolute_url()
    return {"page": page, "crumbs": crumbs, "headline": headline, "address": address}
