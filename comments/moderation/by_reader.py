"""What a reader does with his own comment, and what time does to it."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.refusals import NotReady

from .. import spam
from ..models import Comment, Decision, Notice
from .changing import UNCLAIMED, State, change, conflict, searchable
from .submitting import check_fields

NOT_HELD = Q(legal_hold=False)
EDITABLE = (State.UNCONFIRMED, State.PENDING)
WITHDRAWABLE = tuple(set(State) - {State.WITHDRAWN, State.PURGED})
# Never what readers see and never what still waits.
PURGEABLE = (State.UNCONFIRMED, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN)
EMPTY = {
    "name": "",
    "email": "",
    "text": "",
    "original_text": "",
    "search_words": "",
    "reason_note": "",
    "reader_note": "",
    "hits": [],
    "text_hash": "",
    "address_hash": "",
    "prefix_hash": "",
    "nonce": "",
    "email_confirmed_at": None,
    "wants_notices": False,
    "reported_at": None,
    "picked_at": None,
    "score": 0,
    "likes": 0,
}


@transaction.atomic
def confirm(*, comment: Comment) -> Comment:
    """Put a comment that was sent without a code into the queue: its mailed link was opened.

    Raises Conflict when it does not wait for that.
    """
    now = timezone.now()
    values = {"state": State.PENDING, "queued_at": now, "email_confirmed_at": now}
    return _by_reader("confirm", comment, (State.UNCONFIRMED,), values)


@transaction.atomic
def edit(*, comment: Comment, text: str, raw: str = "") -> Comment:
    """Change the text of a comment nobody has decided yet; it keeps its place in the queue.

    What speaks against it is weighed anew, `raw` being the text as it came; what the desk hid of
    the old one is forgotten with it. Raises NotReady, also under legal hold, and Conflict.
    """
    if comment.state not in EDITABLE:
        raise conflict(comment)
    _check_hold(comment)
    changed = Comment.objects.get(pk=comment.pk)
    changed.text = text
    check_fields(changed)
    spam.judge(changed, spam.Circumstances(raw=raw))
    values = {name: getattr(changed, name) for name in spam.JUDGED}
    values |= searchable(comment, changed.text)
    values |= {"edited_at": timezone.now(), "original_text": "", "redacted_at": None}
    edited = _by_reader("edit", comment, EDITABLE, values, only=NOT_HELD)
    spam.remember(edited)
    return edited


@transaction.atomic
def withdraw(*, comment: Comment) -> Comment:
    """Take the comment back, whatever was decided. Counts and bumps where readers saw it.

    Raises Conflict when it was taken back or purged before.
    """
    values = {"state": State.WITHDRAWN, "decided_at": timezone.now(), "decided_by": None}
    return _by_reader("withdraw", comment, WITHDRAWABLE, values)


@transaction.atomic
def purge(*, comment: Comment) -> Comment:
    """Empty a comment for good: text, name, address, notes, likes. The row and the log stay.

    Reports of it are closed, letters about it are not sent any more.

    Raises Conflict for one that readers see or that waits, NotReady for one under legal hold.
    """
    _check_hold(comment)
    values = EMPTY | {"state": State.PURGED, "assigned_to": None}
    purged = _by_reader("purge", comment, PURGEABLE, values, only=NOT_HELD)
    Decision.objects.filter(comment=comment).update(note="", reader_note="", before={})
    comment.reports.update(note="", address_hash="", prefix_hash="")
    comment.sketch.all().delete()
    comment.notices.all().delete()
    Notice.objects.filter(reply=comment).delete()
    comment.given_likes.all().delete()
    comment.reports.filter(closed_at=None).update(closed_at=timezone.now())
    return purged


def _check_hold(comment: Comment) -> None:
    if comment.legal_hold:
        raise NotReady({"legal_hold": _("This comment is kept for a legal matter.")})


def _by_reader(
    verb: str,
    comment: Comment,
    sources: tuple[str, ...],
    values: dict[str, Any],
    only: Q | None = None,
) -> Comment:
    if comment.state not in sources:
        raise conflict(comment)
    return change(None, verb, comment, values | UNCLAIMED, claims=False, only=only)
