"""The outbox: letters wait in the database until the mail server has taken them."""

import datetime as dt
from contextlib import suppress

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from .. import limits, senders
from ..models import Comment, Decision, Notice
from . import postman
from .subscriptions import subscribed

Kind, State = Notice.Kind, Comment.State

# Letters to addresses somebody typed who may not own them. Everything else goes to confirmed ones.
ASKING = (Kind.CONFIRM, Kind.SUBSCRIBE, Kind.OWN_DATA)
AN_HOUR = limits.Limit("letters-hour", 4, 3_600)
A_DAY = limits.Limit("letters-day", 10, 86_400)
IN_ALL = limits.Limit("letters-all", 600, 3_600)
# The same question twice within this time is one question.
ONCE_IN = dt.timedelta(minutes=10)

TOLD = (State.APPROVED, State.REJECTED, State.REMOVED)
UNDONE_WITHIN = dt.timedelta(minutes=2)  # moderators take back slips of the finger
GATHERED_FOR = dt.timedelta(hours=1)


def write(
    comment: Comment, kind: str, *, due_at: dt.datetime | None = None, reply: Comment | None = None
) -> Notice | None:
    """Put a letter about the comment into the outbox, to be sent when it is due; now by default.

    Runs in the transaction of what it tells of. `kind` is a `Notice.Kind`. Returns the letter that
    waits already where there is one, None where there is no address. Raises TooMany, having
    written nothing, where nobody may be asked anything for a while.
    """
    if not comment.email:
        return None
    now = timezone.now()
    if waiting := _written(comment, kind, reply, now):
        return waiting
    if kind in ASKING:
        _spend(comment.email)
    notice = Notice.objects.create(
        comment=comment, kind=kind, reply=reply, created_at=now, due_at=due_at or now
    )
    postman.call_after_commit()
    return notice


def received(comment: Comment) -> None:
    """Ask the sender of a new comment for what is missing: his word that the address is his.

    Raises TooMany where the comment would wait for a letter that cannot be written.
    """
    if comment.state == State.UNCONFIRMED:
        write(comment, Kind.CONFIRM)
    elif comment.wants_notices and not comment.email_confirmed_at:
        with suppress(limits.TooMany):  # the comment needs no letter; its page says that none goes
            write(comment, Kind.SUBSCRIBE)


def about(comment: Comment, before: str) -> None:
    """Tell those who asked for it that the comment's state has changed from `before`.

    Its own sender is told what was decided, in two minutes, and of each outcome once, however often
    it comes about; who is answered hears of it with the other answers of an hour. What is not true
    any more is taken out of the outbox.
    """
    if comment.state == before:
        return
    if comment.email:
        comment.notices.filter(kind=Kind.DECIDED, sent_at=None).delete()
    if comment.state in TOLD and subscribed(comment) and not _was_told(comment):
        write(comment, Kind.DECIDED, due_at=timezone.now() + UNDONE_WITHIN)
    if comment.state == State.APPROVED and comment.answered_id:
        _tell_of_reply(comment)


def _was_told(comment: Comment) -> bool:
    """Whether a letter has gone out before while the comment stood as it does now."""
    then = Decision.objects.filter(comment=comment, at__lte=OuterRef("sent_at")).order_by("-pk")
    sent = comment.notices.filter(kind=Kind.DECIDED, sent_at__isnull=False)
    told = sent.annotate(told=Subquery(then.values("to_state")[:1]))
    return told.filter(told=comment.state).exists()


def _tell_of_reply(reply: Comment) -> None:
    answered = Comment.objects.get(pk=reply.answered_id)
    if answered.state == State.APPROVED and subscribed(answered) and answered.email != reply.email:
        write(answered, Kind.REPLIES, due_at=timezone.now() + GATHERED_FOR, reply=reply)


def _written(comment: Comment, kind: str, reply: Comment | None, now: dt.datetime) -> Notice | None:
    """Return the letter that says the same: still waiting, or a question just asked.

    Of one reply nobody is told twice.
    """
    rows = Notice.objects.filter(comment=comment, kind=kind, reply=reply)
    if kind in ASKING:
        rows = rows.filter(created_at__gt=now - ONCE_IN)
    elif reply is None:
        rows = rows.filter(sent_at=None)
    return rows.first()


def _spend(email: str) -> None:
    """Count one letter to an address; raises TooMany, counting nothing, beyond any budget."""
    budgets = _budgets(email)
    over = [limits.ends(limit) for limit, whose in budgets if limits.is_over(limit, *whose)]
    if over:
        raise limits.TooMany(max(over))
    for limit, whose in budgets:
        limits.spend(limit, *whose)


def _budgets(email: str) -> list[tuple[limits.Limit, list[str]]]:
    whose = [senders.hashed("email", email.lower())]
    return [(AN_HOUR, whose), (A_DAY, whose), (IN_ALL, [])]
