"""The page of numbers: pictures drawn by the server, each with its numbers as a table."""

import datetime as dt
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.admin.desk_numbers import LATE, waited
from newsroom.role_admin import holds
from newsroom.roles import Role

from .. import numbers
from ..models import Comment

VIEWERS = frozenset({Role.MODERATOR, Role.SECRETARY, Role.ADMINISTRATOR})
HEIGHT = 100  # of a picture, in units of its own
HIGHEST = dt.timedelta(hours=4)  # a wait beyond it fills its bar: one outlier flattens no others
CAPTCHAS = {
    "issued": _lazy("issued"),
    "solved": _lazy("solved"),
    "wrong": _lazy("wrong answers"),
    "expired": _lazy("expired"),
    "audio": _lazy("heard"),
    "mailed": _lazy("sent without a code"),
}


def numbers_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show how long comments wait, what was decided by whom, and what became of captchas."""
    if not holds(request, VIEWERS):
        raise PermissionDenied
    now = timezone.now()
    context = {
        **site.each_context(request),
        "opts": Comment._meta,
        "title": _("Numbers"),
        "subtitle": None,
        "facts": [*_queue(now), *_reports(now), *_letters()],
        "hours": _picture(numbers.by_hour(now), "%H:%M", "%H"),
        "days": _picture(numbers.by_day(now), "%d/%m", "%d/%m"),
        "moderators": numbers.moderators(now),
        "captchas": _captchas(now),
    }
    return TemplateResponse(request, "admin/comments/comment/numbers.html", context)


def _fact(label: Any, value: Any, *, late: bool = False, more: Any = "") -> dict[str, Any]:
    return {"label": label, "value": value, "late": late, "more": more}


def _queue(now: dt.datetime) -> list[dict[str, Any]]:
    found = numbers.waiting()
    oldest = found["oldest"]
    wait = waited(oldest, now) if oldest else "–"
    suspect = _("%(n)s of them suspect") % {"n": found["suspect"]}
    return [
        _fact(_("Waiting longest"), wait, late=bool(oldest) and now - oldest > LATE),
        _fact(_("Waiting"), found["number"], more=suspect),
    ]


def _reports(now: dt.datetime) -> list[dict[str, Any]]:
    found = numbers.reports(now)
    more = _("%(n)s over 24 hours") % {"n": found["late"]}
    if found["oldest"]:
        more += " · " + _("the oldest for %(time)s") % {"time": waited(found["oldest"], now)}
    return [_fact(_("Open reports"), found["number"], late=bool(found["late"]), more=more)]


def _letters() -> list[dict[str, Any]]:
    found = numbers.letters()
    more = _("%(n)s given up") % {"n": found["given_up"]}
    return [
        _fact(_("Letters to be sent"), found["waiting"], late=bool(found["given_up"]), more=more)
    ]


def _picture(buckets: list[numbers.Bucket], name: str, short: str) -> dict[str, Any]:
    """Return the bars of two pictures over the same buckets: how many, and how long they waited."""
    most = max([bucket.number for bucket in buckets] + [1])
    longest = max([bucket.p90 for bucket in buckets if bucket.p90] + [dt.timedelta(minutes=1)])
    longest = min(longest, HIGHEST)
    return {
        "rows": [
            {
                "name": f"{bucket.at:{name}}",
                "short": f"{bucket.at:{short}}",
                "x": 10 * place,
                "inner_x": 10 * place + 2,
                "number": bucket.number,
                "p50": _words(bucket.p50),
                "p90": _words(bucket.p90),
                "late": bool(bucket.p90 and bucket.p90 > LATE),
                "number_bar": _bar(bucket.number / most),
                "p50_bar": _bar((bucket.p50 or dt.timedelta()) / longest),
                "p90_bar": _bar((bucket.p90 or dt.timedelta()) / longest),
            }
            for place, bucket in enumerate(buckets)
        ],
        "width": 10 * len(buckets),
        "most": most,
        "longest": _words(longest),
    }


def _bar(share: float) -> dict[str, int]:
    """Return the height of a bar and where it begins; what is not nothing can be seen."""
    height = min(max(round(HEIGHT * share), 2), HEIGHT) if share > 0 else 0
    return {"height": height, "top": HEIGHT - height}


def _words(wait: dt.timedelta | None) -> str:
    now = timezone.now()
    return "–" if wait is None else waited(now - wait, now)


def _captchas(now: dt.datetime) -> list[dict[str, Any]]:
    """Return each kind with its share of what was issued, in percent."""
    found = numbers.captchas(now)
    issued = found.get("issued", (0, 0))
    return [
        {
            "label": label,
            "day": day,
            "day_share": _share(day, issued[0]),
            "all": total,
            "all_share": _share(total, issued[1]),
        }
        for kind, label in CAPTCHAS.items()
        for day, total in [found.get(kind, (0, 0))]
    ]


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"
