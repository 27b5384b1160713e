"""How many captchas are issued, solved and failed, by the hour: what the numbers page reads."""

import datetime as dt
import secrets

from django.db import connection
from django.utils import timezone

from .models import CaptchaTally

PARTS = 4  # rows an hour and kind, so that requests side by side seldom wait for one another
KEPT = dt.timedelta(days=400)
SWEEP = 50

_COUNT = """
    INSERT INTO {table} (hour, what, part, number) VALUES (%s, %s, %s, 1)
    ON CONFLICT (hour, what, part) DO UPDATE SET number = {table}.number + 1
    RETURNING number
"""


def count(what: str) -> None:
    """Add one in this hour to what was issued, solved, wrong, expired, audio or mailed.

    Writes one row. Run outside the transaction of what is counted: a refusal that is rolled back
    counts too, and nobody waits for somebody else's comment to be stored.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    table = connection.ops.quote_name(CaptchaTally._meta.db_table)
    values = [connection.ops.adapt_datetimefield_value(hour), what, secrets.randbelow(PARTS)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=table), values)
        is_first = cursor.fetchone()[0] == 1
    if is_first:
        _sweep(hour)


def _sweep(hour: dt.datetime) -> None:
    """Remove what nobody compares with any more, a few rows at a time."""
    oldest = CaptchaTally.objects.order_by("hour").values("pk")[:SWEEP]
    CaptchaTally.objects.filter(pk__in=oldest, hour__lt=hour - KEPT).delete()
