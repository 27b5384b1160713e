"""What the moderator sees beside a comment: article, parents, sender, reports, what was noticed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from articles.admin.desk_numbers import LATE, waited

from .. import moderation
from ..models import Comment, Discussion, Like, Report
from ..querysets import MOST, in_words
from .marks import described, marked
from .place import Place

State = Comment.State
NEIGHBOURS = 6
REMEMBERED = 200  # earlier comments of a sender that are looked at
FEW = 10


@dataclass(frozen=True)
class History:
    """What the newsroom knows of who wrote a comment, from earlier ones."""

    earlier: str
    first: dt.datetime | None
    others: int  # REMEMBERED + 1 stands for more


def article_facts(comment: Comment, at: dt.datetime) -> dict[str, Any]:
    """Return what stands over the comment: the text readers see, and what they have said to it."""
    article = comment.article
    counted = Discussion.objects.filter(pk=article.pk).values_list("approved", flat=True).first()
    return {
        "article": article,
        "is_public": article.publications.public(at).exists(),
        "published_comments": counted or 0,
        "published_at": article.first_public_at,
    }


def parents_of(comment: Comment) -> list[Comment]:
    """Return what the comment stands under and what it answers, each once."""
    found = {row.pk: row for row in (comment.thread, comment.answered) if row}
    return list(found.values())


def history_of(comment: Comment) -> History:
    """Return what earlier comments with the same address or e-mail were.

    Looks at the newest of each alone: behind one network stand whole villages.
    """
    rows = _earlier(comment)
    states = list(rows.values())
    numbers = {state: states.count(state) for state in set(states)}
    words = (
        (State.APPROVED, _("%(n)s published")),
        (State.REJECTED, _("%(n)s rejected")),
        (State.SPAM, _("%(n)s spam")),
        (State.REMOVED, _("%(n)s removed")),
    )
    always = {State.APPROVED, State.REJECTED}
    parts = [
        text % {"n": numbers.get(state, 0)}
        for state, text in words
        if numbers.get(state) or state in always
    ]
    earlier = ", ".join(parts) if rows else ""
    return History(earlier, _first_seen(comment), len(rows))


def _earlier(comment: Comment) -> dict[int, str]:
    found: dict[int, str] = {}
    for condition in _ties(comment):
        rows = Comment.objects.filter(condition).exclude(pk=comment.pk)
        found |= dict(rows.order_by("-submitted_at").values_list("pk", "state")[:REMEMBERED])
    return found


def _ties(comment: Comment) -> list[Q]:
    """Return what ties comments to one sender, each condition with an index of its own."""
    ties = {"address_hash": comment.address_hash, "email": comment.email}
    return [Q(**{column: value}) for column, value in ties.items() if value]


def _first_seen(comment: Comment) -> dt.datetime | None:
    moments = [
        Comment.objects.filter(condition)
        .order_by("submitted_at")
        .values_list("submitted_at", flat=True)
        .first()
        for condition in _ties(comment)
    ]
    known = [moment for moment in moments if moment and moment < comment.submitted_at]
    return min(known, default=None)


def same_texts(comment: Comment, place: Place) -> str:
    """Return how many others say the same in the sections the person moderates, in words."""
    if not comment.text_hash:
        return ""
    rows = place.mine_to_see.filter(text_hash=comment.text_hash).exclude(pk=comment.pk)
    number = rows.number()
    return in_words(number) if number else ""


def noticed(comment: Comment) -> dict[str, Any]:
    """Return the text as it was sent with its marks, the points, and what readers would see."""
    sent = moderation.sent_text(comment)
    return {
        "text": marked(sent, comment.hits),
        "redacted": marked(comment.text) if comment.original_text else "",
        "name": marked(comment.name),
        "points": [f"{described(hit)} (+{hit['points']})" for hit in comment.hits],
    }


def reports_of(comment: Comment) -> QuerySet[Report]:
    """Return what readers report of it and nobody has closed, oldest first."""
    return comment.reports.filter(closed_at=None).order_by("pk")[:FEW]


def likes_of(comment: Comment) -> dict[str, Any]:
    """Return what readers see counted, and what was given before a burst was frozen."""
    if comment.state != State.APPROVED:
        return {}
    given = Like.objects.filter(comment=comment)[: MOST + 1].count()
    return {"counted": comment.likes, "given": given, "frozen": comment.likes_frozen}


def neighbours(comment: Comment, place: Place) -> list[dict[str, Any]]:
    """Return those that come first in the tab, or around this one, with this one among them."""
    first = list(place.free()[:NEIGHBOURS])
    if comment.pk not in {row.pk for row in first}:
        further = list(place.beyond(place.free(), place.key_of(comment))[: NEIGHBOURS - 1])
        first = [comment, *further] if place.key_of(comment).value else first
    return [_neighbour(row, comment, place) for row in first]


def _neighbour(row: Comment, current: Comment, place: Place) -> dict[str, Any]:
    since = getattr(row, place.tab.key) or row.queued_at
    return {
        "comment": row,
        "url": place.url(row.pk),
        "wait": waited(since, place.now) if place.tab.waits else "",
        "late": place.tab.waits and place.now - since > LATE,
        "noticed": [described(hit) for hit in row.hits[:2]],
        "current": row.pk == current.pk,
    }
