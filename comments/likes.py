"""Likes without an account: one for each device and network, counted the moment it is given.

A burst, many within a minute from a few networks, is stored and not counted any further, until a
moderator has looked at it (moderation.release_likes, moderation.drop_likes). A like bumps no
stamp: counters on pages may be as old as the page.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F

from .limits import Limit
from .models import Comment, Like

PER_NETWORK = Limit("likes", 300, 600)
# A burst is so many likes of one comment within a minute, from so few networks.
BURST = 30
BURST_NETWORKS = 5
BURST_TIME = dt.timedelta(minutes=1)


@transaction.atomic
def give(*, comment_id: int, device: str, prefix: str, at: dt.datetime) -> int | None:
    """Store one device's like and return how many count now; the second time nothing changes.

    None for a comment readers do not see. Writes the like and the number, both or neither.
    """
    # Likes of one comment come one after another: so a burst is seen, and none is lost.
    rows = Comment.objects.select_for_update(no_key=True).public().filter(pk=comment_id)
    comment = rows.only("likes", "likes_frozen").first()
    if comment is None:
        return None
    frozen = comment.likes_frozen or _is_burst(comment_id, at)
    _like, is_new = Like.objects.get_or_create(
        comment=comment,
        device_hash=device,
        defaults={"prefix_hash": prefix, "at": at, "counted": not frozen},
    )
    if not is_new:
        return comment.likes
    _write(comment, frozen)
    return comment.likes + (not frozen)


def _is_burst(comment_id: int, at: dt.datetime) -> bool:
    """Whether the latest likes came too fast from too few networks; a walk of a few rows."""
    latest = Like.objects.filter(comment=comment_id).order_by("-at", "-pk")
    rows = list(latest.values_list("at", "prefix_hash")[:BURST])
    if len(rows) < BURST or rows[-1][0] < at - BURST_TIME:
        return False
    return len({prefix for _at, prefix in rows}) <= BURST_NETWORKS


def _write(comment: Comment, frozen: bool) -> None:
    rows = Comment.objects.filter(pk=comment.pk)
    if not frozen:
        rows.update(likes=F("likes") + 1)
    elif not comment.likes_frozen:
        rows.update(likes_frozen=True)
