"""What readers report, and how the newsroom is done with it."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import vietnamese
from newsroom.models import User
from newsroom.refusals import NotReady

from ..models import MAX_NOTE, Comment, Report
from ..senders import Sender
from .changing import LOGGED, State, conflict, may_change, record, settle_reports

# Nothing that is read for something else: no 0 and O, no 1, I and L, no 5 and S.
LETTERS = "2346789ABCDEFGHJKMNPQRTUVWXYZ"
_DIGITS = 6


@transaction.atomic
def report(*, comment: Comment, reason: str, note: str = "", sender: Sender) -> Report:
    """Store what a reader reports of a comment he sees, and return it with its ticket.

    The first one puts the comment before the moderators; readers see it as before. The same
    sender again, while his report is open, gets the same ticket. Raises NotReady, Conflict for
    what readers do not see any more.
    """
    note = vietnamese.clean(note, multiline=True)
    _check(reason, note)
    # Whoever decides the comment meanwhile waits for this, or this for him.
    rows = Comment.objects.select_for_update(no_key=True).public().filter(pk=comment.pk)
    if not rows.exists():
        raise conflict(comment)
    if earlier := _open_report(comment, sender):
        return earlier
    try:
        with transaction.atomic():
            made = _store(comment, reason, note, sender)
    except IntegrityError:
        # Sent twice at the same moment.
        return _open_report(comment, sender)
    Comment.objects.filter(pk=comment.pk, reported_at=None).update(reported_at=made.at)
    comment.refresh_from_db(fields=LOGGED)
    record(None, "report", comment, State.APPROVED, made.at)
    return made


@transaction.atomic
def close_reports(*, actor: User | None, comment: Comment) -> int:
    """Close the open reports of a comment that stays, and return how many there were.

    Nothing public changes. Raises NotAllowed.
    """
    may_change(actor, comment)
    now = timezone.now()
    closed = settle_reports(actor, comment, now)
    if closed:
        comment.refresh_from_db(fields=LOGGED)
        record(actor, "close_reports", comment, comment.state, now)
    return closed


def _check(reason: str, note: str) -> None:
    if reason not in Comment.Reason:
        raise NotReady({"reason": _("Choose a reason.")})
    if len(note) > MAX_NOTE:
        raise NotReady(
            {"note": _("The note is longer than %(max)s characters.") % {"max": MAX_NOTE}}
        )
    if reason == Comment.Reason.OTHER and not vietnamese.has_text(note):
        raise NotReady({"note": _("Say what the other reason is.")})


def _open_report(comment: Comment, sender: Sender) -> Report | None:
    if not sender.address_hash:
        return None
    rows = Report.objects.filter(comment=comment, address_hash=sender.address_hash, closed_at=None)
    return rows.first()


def _store(comment: Comment, reason: str, note: str, sender: Sender) -> Report:
    return Report.objects.create(
        comment=comment,
        ticket=_ticket(),
        reason=reason,
        note=note,
        at=timezone.now(),
        address_hash=sender.address_hash,
        prefix_hash=sender.prefix_hash,
    )


def _ticket() -> str:
    """Return a number nobody has: to be read aloud on the telephone."""
    while True:
        ticket = "BC-" + "".join(secrets.choice(LETTERS) for _digit in range(_DIGITS))
        if not Report.objects.filter(ticket=ticket).exists():
            return ticket
