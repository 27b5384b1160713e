"""What becomes of likes that came in a burst: they count after all, or they go."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from newsroom.models import User

from ..models import Comment, Like
from .changing import LOGGED, may_change, record


@transaction.atomic
def release_likes(*, actor: User | None, comment: Comment) -> int:
    """Count the likes that were kept back and return how many; from now on likes count again.

    Writes an event and no stamp: a number on a page may be as old as the page. Raises NotAllowed.
    """
    rows = _kept_back(actor, comment)
    number = rows.update(counted=True)
    return _settled(actor, "release_likes", comment, number, counted=number)


@transaction.atomic
def drop_likes(*, actor: User | None, comment: Comment) -> int:
    """Delete the likes that were kept back and return how many; from now on likes count again.

    Writes an event. Raises NotAllowed.
    """
    rows = _kept_back(actor, comment)
    number, _kinds = rows.delete()
    return _settled(actor, "drop_likes", comment, number, counted=0)


def _kept_back(actor: User | None, comment: Comment):
    may_change(actor, comment)
    # Likes that are being given wait, or are waited for: none is left behind uncounted.
    Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk).exists()
    return Like.objects.filter(comment=comment, counted=False)


def _settled(actor: User | None, verb: str, comment: Comment, number: int, counted: int) -> int:
    rows = Comment.objects.filter(pk=comment.pk)
    rows.update(likes=F("likes") + counted, likes_frozen=False)
    comment.refresh_from_db(fields=["likes", "likes_frozen", *LOGGED])
    if number:
        record(actor, verb, comment, comment.state, timezone.now())
    return number
