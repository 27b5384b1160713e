"""How a comment changes: one conditional UPDATE and all that follows from it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.permissions import Verb, can
from newsroom import events, stamps
from newsroom.models import User
from newsroom.refusals import Conflict, NotAllowed

from .. import notices
from ..models import Comment, Decision, Discussion

State = Comment.State

# What each verb starts from and leads to.
WAITING = (State.PENDING, State.HELD)
DECIDED = (State.HELD, State.APPROVED, State.REJECTED, State.SPAM, State.REMOVED)
TRANSITIONS = {
    "approve": (WAITING, State.APPROVED),
    "reject": (WAITING, State.REJECTED),
    "mark_spam": (WAITING, State.SPAM),
    "hold": (WAITING, State.HELD),
    "remove": ((State.APPROVED,), State.REMOVED),
    "reopen": (DECIDED, State.PENDING),
}
# What is kept with all that is needed to take it back.
DECISIONS = {*TRANSITIONS, "redact", "undo"}
LEASE = dt.timedelta(minutes=3)
# Who is said to have a comment open for longer claimed it by a clock that ran ahead.
LONGEST_LEASE = 2 * LEASE
UNCLAIMED = {"claimed_by": None, "claimed_until": None}


class Taken(Conflict):
    """A colleague has this comment open."""

    def __init__(self, comment: Comment):
        words = {"who": comment.claimed_by, "time": events.clock(comment.claimed_until)}
        super().__init__(_("%(who)s has this comment open until %(time)s.") % words)


@dataclass(frozen=True)
class Why:
    """What a verb is told beside the comment: a code, a note for the desk, one for the reader."""

    reason: str = ""
    note: str = ""
    reader_note: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """The columns of a comment that say it."""
        return {"reason": self.reason, "reason_note": self.note, "reader_note": self.reader_note}


def available(comment: Comment) -> list[str]:
    """Return the verbs that lead on from the comment's state: what a desk shows as buttons."""
    return [verb for verb, (sources, _target) in TRANSITIONS.items() if comment.state in sources]


def may_change(actor: User | None, comment: Comment) -> None:
    """Raise NotAllowed unless the actor moderates the section the comment stands in."""
    if not can(actor, Verb.MODERATE, comment.article):
        raise NotAllowed()


def unclaimed_for(actor: User | None, now: dt.datetime) -> Q:
    """Return the condition that nobody but the actor has the comment open."""
    free = Q(claimed_by=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + LONGEST_LEASE)
    return free | Q(claimed_by=actor) if actor else free


def move(
    actor: User | None,
    verb: str,
    comment: Comment,
    why: Why | None = None,
    *,
    batch: str = "",
    **more: Any,
) -> Comment:
    """Carry out a verb of a moderator on the comment as he saw it; `more` are other columns.

    Raises NotAllowed, Taken, Conflict.
    """
    may_change(actor, comment)
    sources, target = TRANSITIONS[verb]
    if comment.state not in sources:
        raise conflict(comment)
    now = timezone.now()
    decided = target != State.PENDING
    values = {
        "state": target,
        "decided_at": now if decided else None,
        "decided_by": actor if decided else None,
        **UNCLAIMED,
        **(why or Why()).columns,
        **more,
    }
    return change(actor, verb, comment, values, why=why, batch=batch, at=now)


def change(
    actor: User | None,
    verb: str,
    comment: Comment,
    values: dict[str, Any],
    *,
    why: Why | None = None,
    batch: str = "",
    claims: bool = True,
    only: Q | None = None,
    at: dt.datetime | None = None,
) -> Comment:
    """Write `values` if the comment is as the actor saw it, and do all that follows.

    Writes an event and, for what a moderator decides, a decision; puts letters to who asked for
    them into the outbox; where readers see a difference, counts the article's comments and bumps
    their stamp. Without `claims` it does not matter who has the comment open. `only` is one
    more condition on the row. Raises Taken, Conflict.
    """
    now, before, columns = at or timezone.now(), comment.state, _columns(comment, values)
    free = unclaimed_for(actor, now) if claims else Q()
    _write(comment, values, free & (only or Q()), actor)
    if verb in DECISIONS:
        _decide(actor, verb, comment, before, why or Why(), batch, now, columns)
    record(actor, verb, comment, before, now)
    notices.about(comment, before)
    if State.APPROVED in (before, comment.state):
        readers_see(comment, before)
    if before == State.APPROVED != comment.state:
        settle_reports(actor, comment, now)
    return comment


def searchable(comment: Comment, text: str) -> dict[str, str]:
    """Return another text of the comment with what it is found by, as columns."""
    changed = Comment(name=comment.name, text=text)
    field = Comment._meta.get_field("search_words")
    return {"text": text, "search_words": field.pre_save(changed, add=False)}


def _decide(
    actor: User | None,
    verb: str,
    comment: Comment,
    before: str,
    why: Why,
    batch: str,
    now: dt.datetime,
    columns: dict[str, Any],
) -> None:
    Decision.objects.create(
        comment=comment,
        verb=verb,
        from_state=before,
        to_state=comment.state,
        actor=actor,
        at=now,
        waited=max(now - comment.queued_at, dt.timedelta()),
        version=comment.version,
        reason=why.reason,
        note=why.note,
        reader_note=why.reader_note,
        batch=batch,
        before=columns,
    )


def _columns(comment: Comment, names: Iterable[str]) -> dict[str, Any]:
    """Return the columns as they stand, JSON-able; who has it open is nobody's to bring back."""
    fields = [Comment._meta.get_field(name) for name in names if name not in UNCLAIMED]
    values = {field.attname: getattr(comment, field.attname) for field in fields}
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in values.items()
    }


def as_before(decision: Decision) -> dict[str, Any]:
    """Return the columns a decision changed, as they were, to be written by `change`."""
    get_field = Comment._meta.get_field
    return {name: get_field(name).to_python(value) for name, value in decision.before.items()}


def _write(comment: Comment, values: dict[str, Any], only: Q, actor: User | None) -> None:
    seen = Comment.objects.filter(only, pk=comment.pk, state=comment.state, version=comment.version)
    if State.APPROVED in (comment.state, values.get("state")):
        # What is and stays gone keeps its gap; see readers_see.
        shown = values.get("state", comment.state) == State.APPROVED
        values = values | {"is_shown": shown}
    if not seen.update(version=F("version") + 1, **values):
        raise conflict(comment, actor)
    for name, value in values.items():
        setattr(comment, name, value)
    comment.version += 1


def conflict(comment: Comment, actor: User | None = None) -> Conflict:
    """Return the refusal that names who has the comment open or decided it last."""
    now = timezone.now()
    rows = Comment.objects.select_related("claimed_by")
    current = rows.filter(pk=comment.pk).exclude(unclaimed_for(actor, now)).first()
    if current and (current.state, current.version) == (comment.state, comment.version):
        return Taken(current)
    event = events.latest(comment, *TRANSITIONS, "edit", "confirm", "redact", "undo", "withdraw")
    otherwise = _("This cannot be done with the comment as it stands now.")
    return Conflict(events.sentence(event) if event else otherwise, event)


def readers_see(comment: Comment, before: str) -> None:
    """Count the article's comments and say which stand in its list. Bumps the stamp.

    A comment that is gone stays in the list as a gap while somebody's reply to it is there.
    """
    change_of = (comment.state == State.APPROVED) - (before == State.APPROVED)
    if change_of:
        _count(comment.article_id, change_of)
    top = comment.thread_id or comment.pk
    answered = Comment.objects.filter(thread=top, state=State.APPROVED).exists()
    gone = Comment.objects.filter(pk=top).exclude(state=State.APPROVED)
    gone.update(is_shown=answered)
    stamps.bump({stamps.comments(comment.article_id)})


def settle_reports(actor: User | None, comment: Comment, at: dt.datetime) -> int:
    """Close what readers reported of the comment, and return how many reports were open."""
    open_reports = comment.reports.filter(closed_at=None)
    closed = open_reports.update(closed_at=at, closed_by=actor)
    Comment.objects.filter(pk=comment.pk).update(reported_at=None)
    comment.reported_at = None
    return closed


def reopen_reports(comment: Comment, closed_at: dt.datetime) -> None:
    """Open the reports again that a decision of that moment closed; some may be open since."""
    closed = comment.reports.filter(closed_at=closed_at)
    closed.exclude(address_hash__in=_open_hashes(comment)).update(closed_at=None, closed_by=None)
    since = comment.reports.filter(closed_at=None).aggregate(first=Min("at"))["first"]
    Comment.objects.filter(pk=comment.pk).update(reported_at=since)
    comment.reported_at = since


def _open_hashes(comment: Comment) -> QuerySet:
    rows = comment.reports.filter(closed_at=None).exclude(address_hash="")
    return rows.values("address_hash")


def _count(article_id: int, change_of: int) -> None:
    """Add to the number of comments readers see under an article."""
    table = connection.ops.quote_name(Discussion._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (article_id, approved) VALUES (%s, %s) "
            f"ON CONFLICT (article_id) DO UPDATE SET approved = {table}.approved + %s",
            [article_id, max(change_of, 0), change_of],
        )


# What the log says of a comment. A verb that changes none of it reads it before: what the desk
# has on its screen may be old.
LOGGED = ("state", "version", "reason")


def record(actor: User | None, verb: str, comment: Comment, before: str, at: dt.datetime) -> None:
    """Log by number and code alone: the log is never purged."""
    data = {"article": comment.article_id, "version": comment.version}
    events.record(
        actor=actor,
        verb=verb,
        obj=comment,
        from_state=before,
        to_state=comment.state,
        reason=comment.get_reason_display(),
        data=data | ({"reason": comment.reason} if comment.reason else {}),
        at=at,
    )
