"""The deep check, for the administrator: what a machine that watches the server cannot ask."""

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import backup, copies, database_rules, health, spare, stamps, vietnamese
from .models import Event

# What is longer than this deserves a look.
BACKUP_AGE = dt.timedelta(hours=26)
QUEUE_AGE = dt.timedelta(days=1)
LETTER_AGE = dt.timedelta(minutes=15)
PURGE_AGE = dt.timedelta(days=2)
CLOCK_OFFSET = dt.timedelta(seconds=2)
WRITE_SECONDS = 1
GIB = 1 << 30


class Seen(NamedTuple):
    """What was found in one place; `late` where somebody should do something."""

    value: str
    late: bool
    more: str = ""


class Fact(NamedTuple):
    """The same, under the name of the place."""

    label: str
    value: str
    late: bool
    more: str = ""


def examine(at: dt.datetime) -> Iterator[Fact]:
    """Look at everything; writes nothing that stays. A database that fails is a fact too."""
    for label, look in LOOKS:
        yield Fact(str(label), *_guarded(look, at))
    if copied := copies.copied_at():
        seen = _moment(copied, late=True)
        yield Fact(_("This is a copy"), seen.value, True, _("No letter leaves it."))


def _guarded(look: Callable[[dt.datetime], Seen], at: dt.datetime) -> Seen:
    try:
        return look(at)
    except (Error, OSError, backup.BackupError) as error:
        return Seen(type(error).__name__, True)


def _writing(at: dt.datetime) -> Seen:
    begun = time.perf_counter()
    with transaction.atomic():
        stamps.bump(["condition"])
        transaction.set_rollback(True)
    seconds = time.perf_counter() - begun
    value = _("%(number)d ms") % {"number": seconds * 1000}
    return Seen(value, seconds > WRITE_SECONDS)


def _database(at: dt.datetime) -> Seen:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    wanting = [*database_rules.missing(), *(str(migration) for migration, _back in plan)]
    return Seen(
        _("complete") if not wanting else ", ".join(wanting[:3]),
        bool(wanting),
    )


def _clock(at: dt.datetime) -> Seen:
    """Compare with PostgreSQL's clock, and with the newest row of the log: it is never ahead."""
    offset = dt.timedelta()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            offset = abs(cursor.fetchone()[0] - dt.datetime.now(dt.UTC))
    if newest := Event.objects.order_by("-id").values_list("at", flat=True).first():
        offset = max(offset, newest - at)
    value = _("%(number)s s") % {"number": number_format(offset.total_seconds(), 1)}
    return Seen(value, offset > CLOCK_OFFSET, _("off the database's"))


def _disk(at: dt.datetime) -> Seen:
    fullest = min(health.disks(), key=health.free_share)
    room = number_format(shutil.disk_usage(fullest).free / GIB, 1)
    value = _("%(share)d %%") % {"share": health.free_share(fullest) * 100}
    return Seen(value, bool(health.disk_fault()), _("free, %(room)s GB") % {"room": room})


def _spare(at: dt.datetime) -> Seen:
    there = spare.is_there()
    more = "" if there else _("Make room, then restart.")
    return Seen(_("there") if there else _("missing"), not there, more)


def _backup(at: dt.datetime) -> Seen:
    newest = backup.newest(settings.BACKUP_DIR)
    if newest is None:
        return Seen(_("none"), True)
    taken_at = dt.datetime.fromisoformat(backup.manifest_of(newest).taken_at)
    return _moment(taken_at, late=not -CLOCK_OFFSET <= at - taken_at <= BACKUP_AGE)


def _queue(at: dt.datetime) -> Seen:
    from comments.models import Comment

    waiting = Comment.objects.filter(state=Comment.State.PENDING)
    oldest = waiting.order_by("queued_at").values_list("queued_at", flat=True).first()
    return _moment(oldest, late=at - oldest > QUEUE_AGE) if oldest else Seen(_("none"), False)


def _letters(at: dt.datetime) -> Seen:
    from comments.notices import sending

    overdue = sending.waiting().filter(due_at__lt=at - LETTER_AGE).count()
    return Seen(str(overdue), overdue > 0)


def _purge(at: dt.datetime) -> Seen:
    from comments import retention

    overdue = retention.overdue(at - PURGE_AGE).exists()
    value = _("not run for two days") if overdue else _("done")
    return Seen(value, overdue, "purge_comments")


def _moment(at: dt.datetime, *, late: bool) -> Seen:
    local = at.astimezone(vietnamese.ZONE)
    return Seen(f"{local.day}/{local.month}", late, vietnamese.short_date(at, vietnamese.TIME))


LOOKS = (
    (gettext_lazy("Writing to the database"), _writing),
    (gettext_lazy("Rules and migrations"), _database),
    (gettext_lazy("Clock"), _clock),
    (gettext_lazy("Disk"), _disk),
    (gettext_lazy("Spare file"), _spare),
    (gettext_lazy("Last backup"), _backup),
    (gettext_lazy("Oldest comment waiting"), _queue),
    (gettext_lazy("Letters that should have gone"), _letters),
    (gettext_lazy("Nightly tidying"), _purge),
)
