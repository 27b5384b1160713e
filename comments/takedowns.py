"""Demands to take something down, and what must be kept because of one. The secretary's verbs.

Registering a demand takes nothing away from readers: that is done, or not, by the verbs of the
article or the comment. It keeps the comment it names from being purged, since it is evidence.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import events, vietnamese
from newsroom.models import User
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role

from .models import MAX_NOTE, Comment, Takedown

Outcome = Takedown.Outcome

KEEPERS = frozenset({Role.SECRETARY})
READERS = KEEPERS | {Role.ADMINISTRATOR}
TIME_TO_ANSWER = dt.timedelta(hours=24)
SOON = dt.timedelta(hours=6)
BY_REGISTER = "takedown"  # in the log of a hold: the demand that set or lifted it


def open_demands() -> QuerySet[Takedown]:
    """Return those not answered yet, the one that is due first on top."""
    rows = Takedown.objects.filter(outcome=Outcome.OPEN)
    return rows.order_by("deadline_at", "pk")


def note_seen(*, actor: User, demand: Takedown | None = None) -> None:
    """Log that somebody read a demand, or their list: it names who made them. See `events.note`."""
    register = Takedown(reference=_("Take-down register"))
    events.note(actor=actor, verb="see_demand", obj=demand or register)


@transaction.atomic
def save(*, actor: User | None, demand: Takedown) -> Takedown:
    """Register a demand, change or answer it. Writes an event.

    Answered, it says by whom and when; opened again, by nobody. A comment it names for the first
    time is put on legal hold, unless it is purged; one it names no more is let go, unless somebody
    keeps it by hand or another demand names it. Raises NotAllowed, NotReady.
    """
    _check(actor)
    if problems := problems_of(demand):
        raise NotReady(problems)
    before = Takedown.objects.select_for_update().filter(pk=demand.pk).first()
    _sign(demand, before, actor)
    demand.save()
    _record(actor, demand, before)
    if demand.comment_id != (before and before.comment_id):
        _keep_what_is_named(actor, demand, before)
    return demand


def problems_of(demand: Takedown) -> dict[str, str]:
    """Return why a demand cannot stand so, by field."""
    problems = {}
    if demand.received_at and demand.deadline_at and demand.deadline_at < demand.received_at:
        problems["deadline_at"] = _("The deadline lies before the day it was received.")
    if demand.outcome != Outcome.OPEN and not vietnamese.has_text(demand.answer):
        problems["answer"] = _("Say what was done and answered.")
    return problems


@transaction.atomic
def hold(*, actor: User | None, comment: Comment, reason: str) -> None:
    """Keep the comment from being purged or erased, whoever asks. Writes an event.

    Raises NotAllowed, NotReady without a reason, Conflict where it is so already or is purged.
    """
    _set_hold(actor, comment, reason, held=True)


@transaction.atomic
def lift_hold(*, actor: User | None, comment: Comment, reason: str) -> None:
    """Let time and the reader do with the comment what they may. Raises as `hold` does."""
    _set_hold(actor, comment, reason, held=False)


def _keep_what_is_named(actor: User | None, demand: Takedown, before: Takedown | None) -> None:
    numbers = [row.comment_id for row in (demand, before) if row and row.comment_id]
    rows = Comment.objects.select_for_update(no_key=True).order_by("pk").in_bulk(numbers)
    named, not_named = rows.get(demand.comment_id), before and rows.get(before.comment_id)
    says = {"reason": _register_says(demand), "demand": demand}
    if named and not named.legal_hold and named.state != Comment.State.PURGED:
        _set_hold(actor, named, held=True, **says)
    if not_named and not_named.legal_hold and _is_kept_for_nothing(not_named):
        _set_hold(actor, not_named, held=False, **says)


def _is_kept_for_nothing(comment: Comment) -> bool:
    """Whether the register put it on hold and names it no more; answered demands count too."""
    event = events.latest(comment, "legal_hold")
    by_register = event is not None and BY_REGISTER in event.data
    return by_register and not Takedown.objects.filter(comment=comment).exists()


def _set_hold(
    actor: User | None, comment: Comment, reason: str, *, held: bool, demand: Takedown | None = None
) -> None:
    _check(actor)
    reason = vietnamese.clean(reason, multiline=True)
    if not vietnamese.has_text(reason):
        raise NotReady({"reason": _("Say why.")})
    if len(reason) > MAX_NOTE:
        too_long = _("The note is longer than %(max)s characters.") % {"max": MAX_NOTE}
        raise NotReady({"reason": too_long})
    rows = Comment.objects.filter(pk=comment.pk, legal_hold=not held)
    if not rows.exclude(state=Comment.State.PURGED).update(legal_hold=held):
        event = events.latest(comment, "legal_hold", "lift_legal_hold", "purge")
        raise Conflict(events.sentence(event) if event else _("Nothing was changed."), event)
    comment.legal_hold = held
    verb = "legal_hold" if held else "lift_legal_hold"
    data = {BY_REGISTER: demand.pk} if demand else {}
    events.record(actor=actor, verb=verb, obj=comment, reason=reason, data=data)


def _check(actor: User | None) -> None:
    if actor is not None and not actor.roles & KEEPERS:
        raise NotAllowed()


def _sign(demand: Takedown, before: Takedown | None, actor: User | None) -> None:
    """Say who answered it and when, or that nobody has."""
    was = before.outcome if before else Outcome.OPEN
    if demand.outcome == Outcome.OPEN:
        demand.closed_at = demand.closed_by = None
    elif was == Outcome.OPEN:
        demand.closed_at, demand.closed_by = timezone.now(), actor


def _record(actor: User | None, demand: Takedown, before: Takedown | None) -> None:
    """Log by number and outcome: who demanded what stands in the register alone."""
    was = before.outcome if before else ""
    verb = "change" if before else "add"
    if before and (was == Outcome.OPEN) != (demand.outcome == Outcome.OPEN):
        verb = "open_again" if demand.outcome == Outcome.OPEN else "close"
    deadline = demand.deadline_at.isoformat()
    numbers = {"article": demand.article_id, "comment": demand.comment_id, "deadline": deadline}
    events.record(
        actor=actor,
        verb=verb,
        obj=demand,
        from_state=was,
        to_state=demand.outcome,
        data=numbers,
    )


def _register_says(demand: Takedown) -> str:
    return _("Take-down demand no. %(number)s") % {"number": demand.pk}
