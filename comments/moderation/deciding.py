"""What a moderator decides about one comment."""

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import vietnamese
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady

from ..models import MAX_NOTE, Comment
from .changing import Why, move

Reason = Comment.Reason

# What each verb is told beside the comment; what is not here needs nothing.
WHY = {
    "reject": ("reason", "note", "reader_note"),
    "remove": ("reason", "note", "reader_note"),
    "hold": ("note",),
}


@transaction.atomic
def approve(*, actor: User, comment: Comment, batch: str = "") -> Comment:
    """Show a pending or held comment to readers. Counts and bumps the article's comments.

    Only a person can: somebody answers for what stands there. Raises Conflict, NotAllowed.
    """
    if actor is None:
        raise NotAllowed(_("A comment is approved by a person."))
    return move(actor, "approve", comment, batch=batch, assigned_to=None)


@transaction.atomic
def reject(
    *,
    actor: User | None,
    comment: Comment,
    reason: str,
    note: str = "",
    reader_note: str = "",
    batch: str = "",
) -> Comment:
    """Keep a pending or held comment from readers. Nothing public changes.

    `reason` is a code of `Comment.Reason`; "other" needs one of the notes: `note` stays at the
    desk, `reader_note` is what the reader is told. Raises NotReady without a reason, Conflict,
    NotAllowed.
    """
    why = checked_why(reason, note, reader_note)
    return move(actor, "reject", comment, why, batch=batch, assigned_to=None)


@transaction.atomic
def mark_spam(*, actor: User | None, comment: Comment, batch: str = "") -> Comment:
    """Put a pending or held comment to the spam. Nothing public changes.

    Raises Conflict, NotAllowed.
    """
    return move(actor, "mark_spam", comment, batch=batch, assigned_to=None)


@transaction.atomic
def hold(
    *,
    actor: User | None,
    comment: Comment,
    note: str = "",
    assigned_to: User | None = None,
    batch: str = "",
) -> Comment:
    """Leave a waiting comment to somebody senior, or to `assigned_to`. Nothing public changes.

    Raises NotReady for a note that is too long, Conflict, NotAllowed.
    """
    why = Why(note=_checked(note, "note"))
    return move(actor, "hold", comment, why, batch=batch, assigned_to=assigned_to)


@transaction.atomic
def remove(
    *,
    actor: User | None,
    comment: Comment,
    reason: str,
    note: str = "",
    reader_note: str = "",
    batch: str = "",
) -> Comment:
    """Take an approved comment away from readers. Counts and bumps the article's comments.

    What it is told and what is raised are as in `reject`.
    """
    why = checked_why(reason, note, reader_note)
    return move(actor, "remove", comment, why, batch=batch, picked_at=None)


@transaction.atomic
def reopen(*, actor: User | None, comment: Comment, batch: str = "") -> Comment:
    """Put a decided comment back into the queue; the log keeps what was decided.

    Counts and bumps the article's comments if readers saw it. Raises Conflict, NotAllowed.
    """
    return move(actor, "reopen", comment, batch=batch, assigned_to=None)


def checked_why(reason: str, note: str, reader_note: str) -> Why:
    """Return what a verb is told; raises NotReady for a reason that says nothing."""
    if reason not in Reason:
        raise NotReady({"reason": _("Choose a reason.")})
    why = Why(reason, _checked(note, "note"), _checked(reader_note, "reader_note"))
    if reason == Reason.OTHER and not vietnamese.has_text(why.note + why.reader_note):
        raise NotReady({"note": _("Say what the other reason is.")})
    return why


def _checked(note: str, field: str) -> str:
    note = vietnamese.clean(note, multiline=True)
    if len(note) > MAX_NOTE:
        raise NotReady(
            {field: _("The note is longer than %(max)s characters.") % {"max": MAX_NOTE}}
        )
    return note
