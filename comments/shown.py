"""A comment, a thread and a list of them as templates show them: everything is said already."""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom import rich_text, vietnamese
from newsroom.skeletons import fill

from . import listing
from .listing import Row
from .models import Comment

ORDER = "xep"


class Shown(NamedTuple):
    """One comment as readers see it; of a gap nothing but its place."""

    pk: int
    is_gap: bool = False
    name: str = ""
    text: str = ""
    iso: str = ""
    time: str = ""
    url: str = ""
    like_url: str = ""
    reply_url: str = ""
    report_url: str = ""
    likes: int = 0
    answers: str = ""
    desk: str = ""
    is_picked: bool = False
    is_redacted: bool = False


@dataclass(frozen=True)
class OrderLink:
    """One of the orders readers choose from."""

    url: str
    name: str
    is_current: bool


def shown(comment: Comment | Row) -> Shown:
    """Return what readers see of a comment: of one that is gone, that it is."""
    if comment.state != Comment.State.APPROVED:
        return Shown(comment.pk, is_gap=True)
    return Shown(
        pk=comment.pk,
        name=comment.name,
        text=paragraphs(comment.text),
        iso=timezone.localtime(comment.submitted_at).isoformat(timespec="minutes"),
        time=vietnamese.short_date(comment.submitted_at, vietnamese.TIME),
        url=_address("thread", comment.pk),
        like_url=_address("like", comment.pk),
        reply_url=f"{write_url(comment.article_id)}?tra-loi={comment.pk}",
        report_url=_address("report", comment.pk),
        likes=comment.likes,
        answers=_answered(comment),
        desk=comment.desk,
        is_picked=comment.picked_at is not None,
        is_redacted=comment.redacted_at is not None,
    )


def paragraphs(text: str) -> SafeString:
    """Return the text as Django's `linebreaks` does, most of which are one line, in short."""
    if "\n" in text or "\r" in text:
        return linebreaks_filter(text)
    return rich_text.safe(f"<p>{escape(text)}</p>")


def write_url(article_id: int) -> str:
    """Return the address of the form for a comment on the article."""
    return _address("write", article_id)


def _address(name: str, number: int) -> str:
    """Return the address of that name; a page has a hundred of them."""
    before, after = _around_number(name)
    return f"{before}{number}{after}"


@cache
def _around_number(name: str) -> tuple[str, str]:
    before, number, after = reverse(f"comments:{name}", args=[0]).partition("0")
    return before, after


def _answered(comment: Comment | Row) -> str:
    """Return whom a reply answers where that is another reply, and is still there to be named."""
    if comment.answered_id in (None, comment.thread_id):
        return ""
    answered = comment.answered
    return answered.name if answered.state == Comment.State.APPROVED else ""


def threads(tops: list[Row], closed: str | None) -> list[SafeString]:
    """Return the markup of the threads with their first replies; one query.

    `closed` tells why nobody can answer, None where everybody can.
    """
    replies = listing.first_replies(tops)
    return [_first_of(top, replies.get(top.pk, []), closed) for top in tops]


def _first_of(top: Row, replies: list[Row], closed: str | None) -> SafeString:
    first = replies[: listing.FIRST_REPLIES]
    more = _rest(top, first[-1]) if len(replies) > len(first) else ""
    return thread(top, first, closed, more)


def thread(
    top: Comment | Row, replies: list[Row], closed: str | None, more: str = ""
) -> SafeString:
    """Return the markup of a comment with these replies; `more` leads to the others."""
    return fill(
        "comments/_thread.html",
        top=shown(top),
        replies=[
            fill("comments/_reply.html", reply=shown(reply), closed=bool(closed))
            for reply in replies
        ],
        closed=bool(closed),
        more=more,
    )


def _rest(top: Row, last: Row) -> str:
    """Return the address of the thread's own page, from behind the last reply shown here."""
    query = {listing.AFTER: listing.ORDERS[listing.OLDEST].spelt(last)}
    return f"{_address('thread', top.pk)}?{urlencode(query)}"


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
    path = _address("list", article_id)
    return f"{path}?{urlencode(query)}" if query else path


def neighbours(page: listing.Page, address: str) -> tuple[str, str]:
    """Return the addresses of the page before and the page after; "" where there is none."""
    sign = "&" if "?" in address else "?"
    pairs = ((listing.BEFORE, page.before), (listing.AFTER, page.after))
    before, after = (
        f"{address}{sign}{urlencode({name: cursor})}" if cursor else "" for name, cursor in pairs
    )
    return before, after
