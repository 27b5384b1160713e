"""Who has a comment open: by opening it, for three minutes, released by itself."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress

from django.db.models import QuerySet
from django.utils import timezone

from newsroom.models import User
from newsroom.refusals import Conflict, NotAllowed
from newsroom.roles import ADMINISTRATORS, Role

from ..models import Comment
from .changing import (
    LEASE,
    LONGEST_LEASE,
    UNCLAIMED,
    WAITING,
    conflict,
    may_change,
    unclaimed_for,
)


def claim(*, actor: User, comment: Comment) -> dt.datetime:
    """Keep the comment for the actor and return until when; asked again, it is kept longer.

    Writes the row alone: no event, no stamp, no version. Raises Taken while somebody else has it
    open, Conflict when it was decided meanwhile, NotAllowed.
    """
    may_change(actor, comment)
    now = timezone.now()
    until = now + LEASE
    rows = Comment.objects.filter(unclaimed_for(actor, now), pk=comment.pk, state=comment.state)
    if not rows.update(claimed_by=actor, claimed_until=until):
        raise conflict(comment, actor)
    comment.claimed_by, comment.claimed_until = actor, until
    return until


def claim_first(*, actor: User, comments: Iterable[Comment]) -> Comment | None:
    """Keep the first of the comments nobody else has open, and return it.

    Two moderators who go on at the same moment never get the same one.
    """
    for comment in comments:
        with suppress(Conflict):
            claim(actor=actor, comment=comment)
            return comment
    return None


def release_others(*, actor: User, comment: Comment) -> None:
    """Let go of all the actor has open but this comment: nobody keeps what he leafed past."""
    Comment.objects.filter(claimed_by=actor).exclude(pk=comment.pk).update(**UNCLAIMED)


def release(*, actor: User, comment: Comment) -> None:
    """Let go of the comment if the actor has it open; nothing happens otherwise."""
    Comment.objects.filter(pk=comment.pk, claimed_by=actor).update(**UNCLAIMED)


def hand_over(*, actor: User | None, person: User, heir: User | None) -> None:
    """Leave to `heir` what waits for a moderator who leaves; to nobody if the heir decides nothing.

    Writes the rows alone, as a claim does. Raises NotAllowed for whoever is no administrator.
    """
    if actor is not None and not actor.roles & ADMINISTRATORS:
        raise NotAllowed()
    follows = heir if heir and heir.roles & {Role.MODERATOR, Role.SECRETARY} else None
    left_to(person).update(assigned_to=follows)
    Comment.objects.filter(claimed_by=person).update(**UNCLAIMED)


def left_to(person: User) -> QuerySet[Comment]:
    """Return what waits for the person."""
    return Comment.objects.filter(assigned_to=person, state__in=WAITING)


def claimant(comment: Comment, at: dt.datetime) -> User | None:
    """Return who has the comment open at the moment `at`."""
    until = comment.claimed_until
    return comment.claimed_by if until and at < until <= at + LONGEST_LEASE else None
