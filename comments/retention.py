"""What time does to what readers left with us. The numbers are settings; see the consent text.

Rejected and removed comments are kept 90 days, so that whoever objects can still be answered; spam
30, withdrawn 7, never confirmed 2. Then their rows are emptied by `moderation.purge`. Of published
ones the address hashes go after 90 days, the e-mail addresses after a year. A comment under legal
hold stays as it is, with its reports and its letters; but who liked it is forgotten in time.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.models import LogIn
from newsroom.refusals import Refused

from . import captcha, moderation
from .limits import KEPT as KEEP_BUDGETS
from .models import BlockedSender, Budget, CaptchaTally, Comment, Like, Notice, Report, Sketch
from .spam.doubles import WINDOW as KEEP_SKETCHES
from .tallies import KEPT as KEEP_TALLIES

State = Comment.State

BATCH = 500
KEEP_LETTERS = dt.timedelta(days=90)
ANONYMOUS = "-"  # before the number of a like whose device was forgotten


@dataclass(frozen=True)
class Sweep:
    """One kind of row whose time is over, and what is done with a batch of them."""

    label: str
    rows: QuerySet
    do: Callable[[QuerySet], int]


def sweep(at: dt.datetime, *, dry_run: bool = False) -> Iterator[tuple[str, int]]:
    """Drop what is over at the moment `at`; yield what and how many, one kind after the other.

    Works in batches, each in its own transaction; run again, it finds nothing. With `dry_run` it
    only counts.
    """
    for one in [*_comments(at), *_senders(at), *_traces(at), *_log(at)]:
        yield one.label, one.rows.count() if dry_run else _in_batches(one)
    if not dry_run:
        yield _("expired captchas"), captcha.remove_expired()


def overdue(at: dt.datetime) -> QuerySet[Comment]:
    """Return the comments that are to be emptied."""
    over = Q()
    for state, days in settings.KEEP_COMMENTS_DAYS.items():
        since = "submitted_at" if state == State.UNCONFIRMED else "decided_at"
        over |= Q(**{"state": state, f"{since}__lt": at - dt.timedelta(days=days)})
    return Comment.objects.filter(over, legal_hold=False)


def _comments(at: dt.datetime) -> Iterator[Sweep]:
    for state in settings.KEEP_COMMENTS_DAYS:
        yield Sweep(str(State(state).label), overdue(at).filter(state=state), _purge)


def _senders(at: dt.datetime) -> Iterator[Sweep]:
    """Yield what still says where something came from, or who wrote it."""
    day = at - dt.timedelta(days=settings.KEEP_SENDERS_DAYS)
    hashes = {"address_hash": "", "prefix_hash": ""}
    known = ~Q(**hashes)
    free = Comment.objects.filter(legal_hold=False)
    yield Sweep(_("senders of comments"), free.filter(known, submitted_at__lt=day), _set(**hashes))
    reports = Report.objects.filter(known, at__lt=day, comment__legal_hold=False)
    yield Sweep(_("senders of reports"), reports, _set(**hashes))
    likes = Like.objects.filter(at__lt=day).exclude(device_hash__startswith=ANONYMOUS)
    nobody = Concat(Value(ANONYMOUS), Cast(F("pk"), CharField(max_length=20)))
    yield Sweep(_("devices of likes"), likes, _set(device_hash=nobody, prefix_hash=""))
    blocked = BlockedSender.objects.filter(until__lt=day)
    yield Sweep(_("blocked senders"), blocked, _delete)
    year = at - dt.timedelta(days=settings.KEEP_EMAILS_DAYS)
    addressed = free.filter(submitted_at__lt=year).exclude(email="")
    nothing = {"email": "", "email_confirmed_at": None, "wants_notices": False}
    yield Sweep(_("e-mail addresses"), addressed, _set(**nothing))


def _traces(at: dt.datetime) -> Iterator[Sweep]:
    """Yield what the machinery leaves behind."""
    letters = Notice.objects.filter(created_at__lt=at - KEEP_LETTERS, due_at__lt=at)
    yield Sweep(_("letters"), letters.filter(comment__legal_hold=False), _delete)
    budgets = Budget.objects.filter(window__lt=at - KEEP_BUDGETS)
    yield Sweep(_("spent budgets"), budgets, _delete)
    tallies = CaptchaTally.objects.filter(hour__lt=at - KEEP_TALLIES)
    yield Sweep(_("captcha counts"), tallies, _delete)
    sketches = Sketch.objects.filter(at__lt=at - KEEP_SKETCHES)
    yield Sweep(_("sketches of texts"), sketches, _delete)
    yield Sweep(_("expired log-ins"), LogIn.objects.filter(expire_date__lt=at), _delete)


def _log(at: dt.datetime) -> Iterator[Sweep]:
    """Yield what the newsroom's log forgets of the staff."""
    sign_ins, networks = events.forgotten(at)
    yield Sweep(_("log-ins of the staff"), sign_ins, _delete)
    yield Sweep(_("networks of the staff"), networks, _set(network=""))


def _in_batches(one: Sweep) -> int:
    done, last = 0, 0
    while batch := list(
        one.rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        # Asked again, because a row may have changed since it was counted.
        done += one.do(one.rows.filter(pk__in=batch))
        last = batch[-1]
    return done


def _purge(rows: QuerySet[Comment]) -> int:
    return sum(_purged(comment) for comment in rows)


def _purged(comment: Comment) -> bool:
    """Empty one comment, unless its reader or a moderator was faster."""
    try:
        moderation.purge(comment=comment)
    except Refused:
        return False
    return True


def _set(**columns: Any) -> Callable[[QuerySet], int]:
    return lambda rows: rows.update(**columns)


def _delete(rows: QuerySet) -> int:
    return rows.delete()[0]
