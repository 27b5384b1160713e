"""A reader's rights over what he left with us: to have it, and to have it gone."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.models import SiteSettings
from newsroom.refusals import Conflict, NotReady

from . import moderation
from .models import Comment

AT_ONCE = 200  # comments of one address on a page, read together, or erased by one press

# The columns of a comment that are the reader's, in the order of the file.
COLUMNS = (
    "name",
    "email",
    "email_confirmed_at",
    "wants_notices",
    "text",
    "original_text",
    "submitted_at",
    "edited_at",
    "decided_at",
    "reader_note",
    "redacted_at",
    "likes",
    "score",
    "hits",
    "legal_hold",
)


@dataclass(frozen=True)
class Erasure:
    """What became of comments that were to be erased."""

    erased: int = 0
    held: int = 0  # kept for a legal matter
    busy: int = 0  # somebody was just deciding on them


def of_address(email: str) -> QuerySet[Comment]:
    """Return all comments that were sent with an address, newest first."""
    rows = Comment.objects.filter(email=email.lower()).exclude(email="")
    return rows.with_articles(timezone.now()).order_by("-submitted_at", "-pk")


def of_ticket(comment: Comment) -> QuerySet[Comment]:
    """Return the comment, with those of the same address where that is confirmed for it.

    Who has the link but not the address gets nothing that others sent with it.
    """
    if comment.email and comment.email_confirmed_at:
        return of_address(comment.email).exclude(email_confirmed_at=None)
    return Comment.objects.with_articles(timezone.now()).filter(pk=comment.pk)


def export(rows: QuerySet[Comment]) -> dict[str, Any]:
    """Return all that is kept about the comments, as it goes into a JSON file; writes nothing.

    The newsroom's private notes and the names of its staff are not part of it.
    """
    rows = rows.select_related("consent").prefetch_related("notices", "decisions", "reports")
    return {
        _("site"): SiteSettings.load().name,
        _("address"): settings.SITE_URL,
        _("made"): _moment(timezone.now()),
        _("comments"): [_exported(comment) for comment in rows.iterator(chunk_size=AT_ONCE)],
    }


def note_export(comment: Comment) -> None:
    """Write into the log that whoever holds the link took a copy; see `events.note`."""
    events.note(actor=None, verb="export", obj=comment)


@transaction.atomic
def erase(comment: Comment) -> None:
    """Withdraw the comment and empty it at once and for good.

    Counts and bumps where readers saw it. Raises NotReady for one under legal hold, Conflict where
    somebody was faster. One that is purged already stays so.
    """
    comment = Comment.objects.get(pk=comment.pk)
    if comment.state == Comment.State.PURGED:
        return
    if comment.legal_hold:
        raise NotReady({"legal_hold": _("This comment is kept for a legal matter.")})
    if comment.state in moderation.WITHDRAWABLE:
        comment = moderation.withdraw(comment=comment)
    moderation.purge(comment=comment)


def erase_address(last: Comment) -> Erasure:
    """Erase the comments of one address, AT_ONCE at most, each in a transaction of its own.

    `last` is one of them, whose link the reader holds: it stays while another one is left that can
    be erased.
    """
    others = of_address(last.email).exclude(pk=last.pk)
    found = [_erased(comment) for comment in others[: AT_ONCE - 1]]
    if not others.filter(legal_hold=False).exists():
        found.append(_erased(last))
    return Erasure(*(found.count(kind) for kind in ("erased", "held", "busy")))


def _erased(comment: Comment) -> str:
    try:
        erase(comment)
    except NotReady:
        return "held"
    except Conflict:
        return "busy"
    return "erased"


def _exported(comment: Comment) -> dict[str, Any]:
    labels = {name: str(Comment._meta.get_field(name).verbose_name) for name in COLUMNS}
    return {
        _("number"): comment.pk,
        _("article"): comment.article_headline,
        _("link"): settings.SITE_URL + comment.article.get_absolute_url(),
        _("state"): comment.get_state_display(),
        _("reason"): comment.get_reason_display(),
        **{label: _plain(getattr(comment, name)) for name, label in labels.items()},
        _("keyed hash of the network address"): comment.address_hash,
        _("keyed hash of the network"): comment.prefix_hash,
        _("agreed to"): comment.consent and str(comment.consent),
        _("decisions"): [_decision(row) for row in comment.decisions.all()],
        _("letters"): [
            {_("kind"): row.get_kind_display(), _("sent"): _plain(row.sent_at)}
            for row in comment.notices.all()
        ],
        _("reports"): [
            {_("reason"): row.get_reason_display(), _("at"): _plain(row.at)}
            for row in comment.reports.all()
        ],
    }


def _decision(row: Any) -> dict[str, Any]:
    return {
        _("at"): _plain(row.at),
        _("state"): row.get_to_state_display(),
        _("reason"): row.get_reason_display(),
        _("what the reader is told"): row.reader_note,
    }


def _plain(value: Any) -> Any:
    return _moment(value) if isinstance(value, dt.datetime) else value


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
