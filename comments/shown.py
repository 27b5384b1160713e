"""A comment, a thread and a list of them as templates show them: everything is said already."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom import vietnamese

from . import listing
from .models import Comment

ORDER = "xep"


@dataclass(frozen=True)
class Shown:
    """One comment as readers see it; of a gap nothing but its place."""

    pk: int
    article_id: int
    is_gap: bool = False
    name: str = ""
    text: str = ""
    iso: str = ""
    time: str = ""
    url: str = ""
    likes: int = 0
    answers: str = ""
    desk: str = ""
    is_picked: bool = False
    is_redacted: bool = False


@dataclass(frozen=True)
class Thread:
    """A comment with the replies that are shown under it, and where the others are."""

    top: Shown
    replies: list[Shown] = field(default_factory=list)
    more: str = ""


@dataclass(frozen=True)
class OrderLink:
    """One of the orders readers choose from."""

    url: str
    name: str
    is_current: bool


def shown(comment: Comment) -> Shown:
    """Return what readers see of a comment: of one that is gone, that it is."""
    if comment.state != Comment.State.APPROVED:
        return Shown(comment.pk, comment.article_id, is_gap=True)
    return Shown(
        pk=comment.pk,
        article_id=comment.article_id,
        name=comment.name,
        text=comment.text,
        iso=timezone.localtime(comment.submitted_at).isoformat(timespec="minutes"),
        time=vietnamese.short_date(comment.submitted_at, vietnamese.TIME),
        url=reverse("comments:thread", args=[comment.pk]),
        likes=comment.likes,
        answers=_answered(comment),
        desk=comment.desk,
        is_picked=comment.picked_at is not None,
        is_redacted=comment.redacted_at is not None,
    )


def _answered(comment: Comment) -> str:
    """Return whom a reply answers where that is another reply, and is still there to be named."""
    if comment.answered_id in (None, comment.thread_id):
        return ""
    answered = comment.answered
    return answered.name if answered.state == Comment.State.APPROVED else ""


def threads(tops: list[Comment]) -> list[Thread]:
    """Return the threads with their first replies; one query."""
    replies = listing.first_replies(tops)
    return [_thread(top, replies.get(top.pk, [])) for top in tops]


def _thread(top: Comment, replies: list[Comment]) -> Thread:
    first = replies[: listing.FIRST_REPLIES]
    more = _rest(top, first[-1]) if len(replies) > len(first) else ""
    return Thread(shown(top), [shown(reply) for reply in first], more)


def _rest(top: Comment, last: Comment) -> str:
    """Return the address of the thread's own page, from behind the last reply shown here."""
    query = {listing.AFTER: listing.ORDERS[listing.OLDEST].spelt(last)}
    return f"{reverse('comments:thread', args=[top.pk])}?{urlencode(query)}"


def order_links(article_id: int, current: str) -> list[OrderLink]:
    """Return the orders there are, each with its address."""
    names = {
        listing.MOST_LIKED: _("Most liked"),
        listing.NEWEST: pgettext("comments", "Newest first"),
        listing.OLDEST: pgettext("comments", "Oldest first"),
    }
    return [
        OrderLink(list_url(article_id, order), name, order == current)
        for order, name in names.items()
    ]


def list_url(article_id: int, order: str = listing.DEFAULT, **cursor: str) -> str:
    """Return the address of a page of an article's comments."""
    query = ({ORDER: order} if order != listing.DEFAULT else {}) | cursor
    path = reverse("comments:list", args=[article_id])
    return f"{path}?{urlencode(query)}" if query else path


def neighbours(page: listing.Page, address: str) -> tuple[str, str]:
    """Return the addresses of the page before and the page after; "" where there is none."""
    sign = "&" if "?" in address else "?"
    pairs = ((listing.BEFORE, page.before), (listing.AFTER, page.after))
    before, after = (
        f"{address}{sign}{urlencode({name: cursor})}" if cursor else "" for name, cursor in pairs
    )
    return before, after
