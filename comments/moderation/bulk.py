"""Many comments at once, each with its own result, and one way back for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsroom.models import User
from newsroom.refusals import Conflict, NotAllowed, Refused

from ..models import Comment, Decision
from . import deciding
from .changing import UNCLAIMED, as_before, change, conflict, may_change, reopen_reports

_VERBS = {
    verb.__name__: verb
    for verb in (
        deciding.approve,
        deciding.reject,
        deciding.mark_spam,
        deciding.hold,
        deciding.remove,
        deciding.reopen,
    )
}


@dataclass(frozen=True)
class Outcome:
    """What became of one comment among many; no refusal means that it was done."""

    comment: Comment
    refusal: Refused | None = None


@dataclass(frozen=True)
class Outcomes:
    """What became of many comments, in the order they were given."""

    rows: tuple[Outcome, ...]

    @property
    def done(self) -> list[Comment]:
        """Those that were changed."""
        return [row.comment for row in self.rows if row.refusal is None]

    @property
    def conflicts(self) -> list[Outcome]:
        """Those somebody decided before or has open; each refusal says who and when."""
        return [row for row in self.rows if isinstance(row.refusal, Conflict)]

    @property
    def not_allowed(self) -> list[Outcome]:
        """Those the actor has no right to."""
        return [row for row in self.rows if isinstance(row.refusal, NotAllowed)]


def decide_many(
    *, actor: User | None, comments: Iterable[Comment], verb: str, batch: str = "", **arguments: Any
) -> Outcomes:
    """Carry out one verb (a key of TRANSITIONS) on each comment, each in its own transaction.

    `arguments` are the verb's own: reason, note. `batch` names them all, for `undo`. Raises
    NotReady before anything is changed; conflicts and missing rights are told by row and stop
    nothing.
    """
    verb_of_one = _VERBS[verb]
    return _each(
        comments,
        lambda comment: verb_of_one(actor=actor, comment=comment, batch=batch, **arguments),
    )


def undo(*, actor: User, batch: str) -> Outcomes:
    """Take back what one press of a button decided, comment by comment: each is as it was before.

    Counts and bumps where readers see a difference. A comment that was changed since, or that
    the actor has no right to, keeps its state and is told in the outcomes.
    """
    decisions = list(_of_batch(batch).select_related("comment__article"))
    by_comment = {decision.comment_id: decision for decision in decisions}
    return _each(
        [decision.comment for decision in decisions],
        lambda comment: _take_back(actor, comment, by_comment[comment.pk]),
    )


def _of_batch(batch: str) -> QuerySet[Decision]:
    rows = Decision.objects.filter(batch=batch, undone_at=None).order_by("pk")
    return rows if batch else rows.none()


@transaction.atomic
def _take_back(actor: User, comment: Comment, decision: Decision) -> Comment:
    may_change(actor, comment)
    if comment.version != decision.version:
        raise conflict(comment, actor)
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now())
    restored = change(actor, "undo", comment, as_before(decision) | UNCLAIMED)
    if restored.state == Comment.State.APPROVED:
        reopen_reports(restored, decision.at)
    return restored


def _each(comments: Iterable[Comment], do: Any) -> Outcomes:
    return Outcomes(tuple(_outcome(comment, do) for comment in comments))


def _outcome(comment: Comment, do: Any) -> Outcome:
    try:
        do(comment)
    except (Conflict, NotAllowed) as refusal:
        return Outcome(comment, refusal)
    return Outcome(comment)
