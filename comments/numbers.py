"""How the moderators' work goes: waits, decisions, what was taken back, captchas, letters.

Everything is counted by the database, percentiles too, so that a page costs the same number of
queries and a few hundred rows however much was decided. A percentile is the smallest wait that
as many percent of the bucket did not exceed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from newsroom import vietnamese

from .models import CaptchaTally, Comment, Decision, Notice, Report
from .notices import sending

State = Comment.State

HOURS, DAYS = 24, 14
SLIP = dt.timedelta(minutes=2)  # in which a slip of the finger is taken back
TO_ANSWER_REPORTS = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Bucket:
    """One hour or one day: how many were decided, and how long half and nine tenths waited."""

    at: dt.datetime
    number: int = 0
    p50: dt.timedelta | None = None
    p90: dt.timedelta | None = None


def decided(since: dt.datetime) -> QuerySet[Decision]:
    """Return what took comments out of the queue; holding one leaves it to somebody."""
    rows = Decision.objects.filter(at__gte=since, from_state=State.PENDING, actor__isnull=False)
    return rows.exclude(to_state=State.PENDING).exclude(verb="undo")


def waiting() -> dict[str, Any]:
    """Return how many comments wait, how many of them are suspect, and since when the oldest."""
    rows = Comment.objects.filter(state=State.PENDING)
    suspect = Count("pk", filter=Q(suspect=True))
    return rows.aggregate(number=Count("pk"), suspect=suspect, oldest=Min("queued_at"))


def by_hour(at: dt.datetime) -> list[Bucket]:
    """Return the last HOURS hours, the present one last."""
    last = at.astimezone(vietnamese.ZONE).replace(minute=0, second=0, microsecond=0)
    starts = [last - dt.timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
    return _buckets(starts)


def by_day(at: dt.datetime) -> list[Bucket]:
    """Return the last DAYS days in Vietnam, today last."""
    today = at.astimezone(vietnamese.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return _buckets(starts)


def moderators(at: dt.datetime) -> list[dict[str, Any]]:
    """Return what each moderator decided in the last DAYS days, whoever decided most first.

    `newest` were decided in the last HOURS hours. `overturned` were taken back after SLIP, put
    back into the queue, or removed after all.
    """
    since = at - dt.timedelta(days=DAYS)
    rows = decided(since).annotate(was_overturned=_overturned(since))
    return list(
        rows.values("actor", "actor__full_name", "actor__username")
        .annotate(
            number=Count("pk"),
            newest=Count("pk", filter=Q(at__gte=at - dt.timedelta(hours=HOURS))),
            approved=Count("pk", filter=Q(to_state=State.APPROVED)),
            overturned=Count("pk", filter=Q(was_overturned=True)),
        )
        .order_by("-number", "actor")[:50]
    )


def captchas(at: dt.datetime) -> dict[str, tuple[int, int]]:
    """Return of each kind of captcha event how many there were in HOURS hours and in DAYS days."""
    day, since = at - dt.timedelta(hours=HOURS), at - dt.timedelta(days=DAYS)
    rows = CaptchaTally.objects.filter(hour__gte=since).values("what").order_by("what")
    found = rows.annotate(all=Sum("number"), newest=Sum("number", filter=Q(hour__gte=day)))
    return {row["what"]: (row["newest"] or 0, row["all"]) for row in found}


def reports(at: dt.datetime) -> dict[str, Any]:
    """Return how many of readers' reports are open, how many too long, since when the oldest."""
    late = Count("pk", filter=Q(at__lt=at - TO_ANSWER_REPORTS))
    rows = Report.objects.filter(closed_at=None)
    return rows.aggregate(number=Count("pk"), late=late, oldest=Min("at"))


def letters() -> dict[str, int]:
    """Return how many letters wait to be sent, and how many the mail server never took."""
    given_up = Q(attempts__gte=sending.GIVEN_UP)
    rows = Notice.objects.filter(sent_at=None)
    return rows.aggregate(
        waiting=Count("pk", filter=~given_up), given_up=Count("pk", filter=given_up)
    )


def _overturned(since: dt.datetime) -> Q:
    """Whether a decision was taken back, or its comment put back or removed afterwards.

    The few comments that came back are found first: only of these each row is asked about.
    """
    back = Decision.objects.filter(verb__in=("reopen", "remove"), at__gte=since)
    slip = F("at") + SLIP
    later = back.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    came_back = Q(comment__in=back.values("comment")) & Exists(later)
    return Q(undone_at__gt=slip) | came_back


def _buckets(starts: list[dt.datetime]) -> list[Bucket]:
    """Return a bucket for each start, empty ones included; one query, two rows a bucket.

    The buckets are found by comparing: SQLite would ask Python for the day of every row.
    """
    places = [When(at__gte=start, then=Value(place)) for place, start in enumerate(starts)]
    bucket = Case(*reversed(places), output_field=IntegerField())
    rows = decided(starts[0]).annotate(bucket=bucket)
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by="bucket", order_by=["waited", "pk"]),
        number=Window(Count("pk"), partition_by="bucket"),
    )
    half, nine_tenths = (F("number") * share + 99 for share in (50, 90))
    # The rank of a percentile p among n is the p * n / 100th, rounded up.
    chosen = ranked.filter(Q(rank=half / 100) | Q(rank=nine_tenths / 100))
    found: dict[int, dict[str, Any]] = {}
    for row in chosen.order_by("bucket", "rank").values("bucket", "number", "waited"):
        values = {"number": row["number"], "p90": row["waited"]}
        found.setdefault(row["bucket"], {"p50": row["waited"]}).update(values)
    return [Bucket(start, **found.get(place, {})) for place, start in enumerate(starts)]
