"""Sending what is due. Several workers may do it at once; each letter goes out at most once."""

import datetime as dt
import logging
import traceback
from collections import Counter
from contextlib import suppress

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet
from django.utils import timezone

from newsroom import copies

from ..models import Notice
from . import letters

logger = logging.getLogger(__name__)

# How long a letter waits that was refused, each time; then it is given up.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 180))
GIVEN_UP = len(PAUSES) + 1
IN_A_DIGEST = 50
FAILURES_IN_A_ROW = 3  # then it is the mail server, not the letter

SENT, FAILED, BROKEN, DROPPED = "sent", "failed", "broken", "dropped"


def waiting() -> QuerySet[Notice]:
    """Return the letters that are still to be sent, the next one first."""
    rows = Notice.objects.filter(sent_at=None, attempts__lt=GIVEN_UP)
    return rows.order_by("due_at", "pk")


def deliver() -> Counter:
    """Send all letters that are due and return how many were SENT, FAILED, BROKEN and DROPPED.

    Talks to the mail server and must not run inside a transaction. A letter is taken before it is
    sent, so that a crash loses it rather than sending it twice; one the server refuses (FAILED) or
    that cannot be composed (BROKEN) is tried again later. DROPPED need not be said any more. From
    a copy of a site (newsroom.copies) nothing is sent.
    """
    if copies.copied_at():
        return Counter()
    done, connection, in_a_row = Counter(), mail.get_connection(), 0
    while in_a_row < FAILURES_IN_A_ROW and (notice := _next()):
        taken = [row for row in _gathered(notice) if _take(row)]
        if not taken:
            continue
        outcome = _send(taken, connection)
        done[outcome] += 1
        in_a_row = in_a_row + 1 if outcome == FAILED else 0
    with suppress(Exception):
        connection.close()
    return done


def take_over() -> int:
    """Let a copy take the place of the site: from now on letters leave it.

    Those that waited in the backup are dropped, because they may have been sent since; returns how
    many. Does nothing where the site is no copy.
    """
    at = copies.copied_at()
    if at is None:
        return 0
    dropped, _kinds = Notice.objects.filter(sent_at=None, created_at__lte=at).delete()
    copies.unmark()
    return dropped


def _next() -> Notice | None:
    rows = waiting().filter(due_at__lte=timezone.now())
    return rows.select_related("comment").first()


def _gathered(notice: Notice) -> list[Notice]:
    """Return the letter with all that goes into the same envelope: every reply that waits."""
    if notice.kind != Notice.Kind.REPLIES:
        return [notice]
    rows = waiting().filter(comment=notice.comment_id, kind=notice.kind)
    return list(rows.select_related("comment")[:IN_A_DIGEST])


def _take(notice: Notice) -> bool:
    """Take the letter if no other worker has; nobody takes it after that."""
    rows = Notice.objects.filter(pk=notice.pk, sent_at=None, attempts=notice.attempts)
    return bool(rows.update(sent_at=timezone.now(), attempts=F("attempts") + 1))


def _send(notices: list[Notice], connection: BaseEmailBackend) -> str:
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        letter = letters.compose(notices)
    except Exception as error:  # a mistake of ours: the server may well take the next one
        _postpone(rows, notices[0], error)
        return BROKEN
    if letter is None:
        rows.delete()
        return DROPPED
    try:
        connection.open()
        connection.send_messages([letter])
    except Exception as error:  # whatever the server or the network says: the next one must go out
        _postpone(rows, notices[0], error)
        with suppress(Exception):
            connection.close()
        return FAILED
    return SENT


def _postpone(rows: QuerySet[Notice], notice: Notice, error: Exception) -> None:
    """Put a letter back. The log names no address, and quotes no error, which may hold one."""
    attempts = notice.attempts + 1
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    rows.update(sent_at=None, due_at=timezone.now() + pause)
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__} in {place.name}, {place.filename}:{place.lineno}"
    logger.warning("Letter %s (%s), attempt %s: %s", notice.pk, notice.kind, attempts, what)
