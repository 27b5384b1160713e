"""Where a comment comes from: blocked senders, what else came from there, and how fast.

A network may be one flat or a whole mobile provider. So what came from it and was published
speaks for it, and nothing here alone makes a comment suspect but a sender somebody blocked.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from .. import senders
from ..models import BlockedSender, Comment
from .hits import Hit

State = Comment.State
REPUTATION, BURST, CROWD = 20, 20, 10

WINDOW = dt.timedelta(days=30)
LATEST = 200  # of a network are looked at
MIN_BAD = 5
MOSTLY_BAD = 0.6  # of what was decided
TRUSTED, MOSTLY_GOOD = 10, 0.8

SOON = dt.timedelta(minutes=5)
MANY_SOON = 8  # from one network
CROWD_WITHIN = dt.timedelta(minutes=10)
CROWDED = 60  # under one article

_BAD = (State.REJECTED, State.SPAM)
_ARRIVED = tuple(set(State) - {State.WITHDRAWN, State.PURGED})


def email_hash(email: str) -> str:
    """Return the hash a blocked e-mail address is known by."""
    return senders.hashed("email", email.strip().lower()) if email.strip() else ""


def sender_hashes(comment: Comment) -> dict[str, str]:
    """Return by which hashes the sender of a comment can be blocked: those that are known."""
    found = {
        BlockedSender.Kind.ADDRESS: comment.address_hash,
        BlockedSender.Kind.PREFIX: comment.prefix_hash,
        BlockedSender.Kind.EMAIL: email_hash(comment.email),
    }
    return {kind.value: value for kind, value in found.items() if value}


def blocked(comment: Comment) -> Iterator[Hit]:
    """Notice a blocked sender, once, by what weighs most. One query."""
    known = sender_hashes(comment)
    if not known:
        return
    any_of = Q()
    for kind, value in known.items():
        any_of |= Q(kind=kind, value_hash=value)
    rows = BlockedSender.objects.filter(any_of, until__gt=timezone.now())
    if worst := rows.order_by("-points", "pk").first():
        yield Hit("blocked", worst.points, worst.kind)


def standing(comment: Comment) -> Iterator[Hit]:
    """Notice what came from the same network: mostly refused, or much at once. One query."""
    if not comment.prefix_hash:
        return
    now = timezone.now()
    rows = Comment.objects.filter(prefix_hash=comment.prefix_hash, submitted_at__gte=now - WINDOW)
    rows = rows.exclude(pk=comment.pk).order_by("-submitted_at")
    latest = list(rows.values_list("state", "submitted_at")[:LATEST])
    states = Counter(state for state, _at in latest)
    bad, good = sum(states[state] for state in _BAD), states[State.APPROVED]
    if bad >= MIN_BAD and bad >= MOSTLY_BAD * (bad + good):
        yield Hit("reputation", REPUTATION, f"{bad}/{bad + good}")
    soon = sum(at >= now - SOON for _state, at in latest)
    if soon >= MANY_SOON and not (good >= TRUSTED and good >= MOSTLY_GOOD * (bad + good)):
        yield Hit("burst", BURST, str(soon + 1))


def crowd(comment: Comment) -> Iterator[Hit]:
    """Notice an article that is flooded just now. One query."""
    rows = Comment.objects.filter(
        article=comment.article_id,
        state__in=_ARRIVED,
        queued_at__gte=timezone.now() - CROWD_WITHIN,
    ).order_by()
    if len(rows.values_list("pk", flat=True)[:CROWDED]) >= CROWDED:
        yield Hit("crowd", CROWD, str(CROWDED))
