"""How often something may be done in a while, counted in the database for all workers together."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from .models import Budget

SWEEP = 50  # how many of the oldest rows are looked at whenever one is made
KEPT = dt.timedelta(days=2)


class TooMany(Exception):
    """Nothing more of this kind before the moment `until`."""

    def __init__(self, until: dt.datetime):
        self.until = until
        super().__init__(f"until {until:%H:%M:%S}")


@dataclass(frozen=True)
class Limit:
    """At most `number` times in `seconds`."""

    name: str
    number: int
    seconds: int

    def window(self, at: dt.datetime) -> dt.datetime:
        """Return when the window began in which `at` lies."""
        stamp = int(at.timestamp())
        return dt.datetime.fromtimestamp(stamp - stamp % self.seconds, dt.UTC)


def spend(limit: Limit, *whose: object) -> int:
    """Count one more for `whose` and return how many there are now. Writes one row.

    Run outside the transaction of what is limited, where a refusal must count too.
    """
    window = limit.window(timezone.now())
    table = connection.ops.quote_name(Budget._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, {_column('window')}, used) VALUES (%s, %s, 1) "
            f"ON CONFLICT (key, {_column('window')}) DO UPDATE SET used = {table}.used + 1 "
            "RETURNING used",
            [_key(limit, whose), connection.ops.adapt_datetimefield_value(window)],
        )
        used = cursor.fetchone()[0]
    if used == 1:
        _sweep()
    return used


def spent(limit: Limit, *whose: object) -> int:
    """Return how many there are in this window, counting nothing."""
    rows = Budget.objects.filter(key=_key(limit, whose), window=limit.window(timezone.now()))
    return rows.values_list("used", flat=True).first() or 0


def is_over(limit: Limit, *whose: object) -> bool:
    """Whether the limit is reached."""
    return spent(limit, *whose) >= limit.number


def ends(limit: Limit) -> dt.datetime:
    """Return when the window ends in which we are, and counting begins anew."""
    return limit.window(timezone.now()) + dt.timedelta(seconds=limit.seconds)


def rest(limit: Limit, *whose: object) -> None:
    """Begin a rest for `whose` that lasts as long as a window, counted from now. Writes one row."""
    Budget.objects.get_or_create(key=_rest_key(limit, whose), window=timezone.now())


def rests_until(limit: Limit, *whose: object) -> dt.datetime | None:
    """Return when the rest of `whose` is over, None where there is none.

    One that has yet to begin was written by a clock that ran ahead: it is none.
    """
    length, now = dt.timedelta(seconds=limit.seconds), timezone.now()
    rests = Budget.objects.filter(key=_rest_key(limit, whose))
    begun = rests.filter(window__gt=now - length, window__lte=now)
    latest = begun.order_by("-window").values_list("window", flat=True).first()
    return latest and latest + length


def _rest_key(limit: Limit, whose: tuple[object, ...]) -> str:
    return f"rest-{_key(limit, whose)}"


def _key(limit: Limit, whose: tuple[object, ...]) -> str:
    return ":".join([limit.name, *map(str, whose)])


def _column(name: str) -> str:
    return connection.ops.quote_name(name)


def _sweep() -> None:
    """Remove what no window looks at any more, a few rows at a time."""
    oldest = Budget.objects.order_by("window").values("pk")[:SWEEP]
    Budget.objects.filter(pk__in=oldest, window__lt=timezone.now() - KEPT).delete()
