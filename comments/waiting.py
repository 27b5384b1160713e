"""How long comments wait, as far as it can be said honestly: from what was decided lately."""

import datetime as dt
import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import numbers
from .models import Comment

LATELY = dt.timedelta(days=14)
FEWEST = 20  # of fewer decisions nothing can be said
LATEST = 200
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def usual_wait(at: dt.datetime) -> str:
    """Return within how long nine of ten comments were decided lately, in words; "" if unknown.

    One query along an index, of a fixed number of rows.
    """
    rows = numbers.decided(at - LATELY).filter(at__lte=at, undone_at=None)
    rows = rows.exclude(to_state=Comment.State.HELD)
    waits = sorted(rows.order_by("-at").values_list("waited", flat=True)[:LATEST])
    if len(waits) < FEWEST:
        return ""
    longest = waits[math.ceil(len(waits) * 0.9) - 1]
    return _("Lately the newsroom has decided nine of ten comments within %(time)s.") % {
        "time": _rounded(longest)
    }


def _rounded(wait: dt.timedelta) -> str:
    """Return a length of time in words, rounded up: it is a promise."""
    if wait <= _HOUR:
        number = max(5, math.ceil(wait / dt.timedelta(minutes=5)) * 5)
        return ngettext("%(number)s minute", "%(number)s minutes", number) % {"number": number}
    if wait <= 2 * _DAY:
        number = math.ceil(wait / _HOUR)
        return ngettext("%(number)s hour", "%(number)s hours", number) % {"number": number}
    number = math.ceil(wait / _DAY)
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}
