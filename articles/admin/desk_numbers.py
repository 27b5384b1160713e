"""The numbers of the desk: how long things wait, how many went out, what comes when."""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom import vietnamese

from ..models import Article, Publication

LATE = dt.timedelta(hours=2)
SHOWN = 30


def waited(since: dt.datetime, at: dt.datetime) -> str:
    """Return how long something has waited, in the words people use."""
    minutes = max(0, int((at - since).total_seconds() // 60))
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 48 * 60 and not minutes % 60:
        return _("%(hours)s h") % {"hours": minutes // 60}
    if minutes < 48 * 60:
        return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(days)s days") % {"days": minutes // (24 * 60)}


def by_section(articles: QuerySet[Article], at: dt.datetime) -> list[dict[str, Any]]:
    """Return per section how many wait for review and how long the oldest has."""
    waits: dict[str, list[dt.datetime]] = {}
    for article in articles.order_by("newest_revision__saved_at", "pk")[:200]:
        name = str(article.section or _("no section"))
        waits.setdefault(name, []).append(article.newest_revision.saved_at)
    return [
        {
            "name": name,
            "bars": [at - moment > LATE for moment in moments[:8]],
            "count": len(moments),
            "wait": waited(moments[0], at),
            "late": at - moments[0] > LATE,
        }
        for name, moments in waits.items()
    ]


def days(articles: QuerySet[Article], at: dt.datetime) -> list[dict[str, Any]]:
    """Return how many articles went out on each of the last seven days."""
    today = _midnight(at)
    starts = [today - dt.timedelta(days=back) for back in range(6, -1, -1)]
    moments = list(
        articles.filter(first_public_at__gte=starts[0], first_public_at__lte=at)
        .order_by()
        .values_list("first_public_at", flat=True)
    )
    numbers = [
        sum(start <= moment < start + dt.timedelta(days=1) for moment in moments)
        for start in starts
    ]
    top = max([*numbers, 1])
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return [
        {
            "name": _("today") if start == today else names[start.weekday()],
            "number": number,
            "height": round(100 * number / top),
            "top": 100 - round(100 * number / top),
            "today": start == today,
        }
        for start, number in zip(starts, numbers, strict=True)
    ]


def timeline(articles: QuerySet[Article], at: dt.datetime) -> list[dict[str, Any]]:
    """Return what went out today and what is scheduled, in order, with the present between."""
    today = _midnight(at)
    rows = Publication.objects.in_force().filter(
        article__in=articles.order_by().values("pk"), starts_at__gte=today
    )
    begun = rows.filter(starts_at__lte=at, starts_at=F("article__first_public_at"))
    ahead = rows.filter(starts_at__gt=at)
    entries = [_entry(row, at, done=True) for row in _with_texts(begun)[:SHOWN]]
    entries.append({"now": True, "clock": _clock(at), "label": _("now")})
    return entries + [_entry(row, at, done=False) for row in _with_texts(ahead)[:SHOWN]]


def _with_texts(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related("revision", "article__section").order_by("starts_at")


def _entry(publication: Publication, at: dt.datetime, *, done: bool) -> dict[str, Any]:
    section = str(publication.article.section or "")
    day = publication.starts_at.astimezone(vietnamese.ZONE)
    left = waited(at, publication.starts_at)
    later = "" if day.date() == _midnight(at).date() else f"{day.day}/{day.month}"
    return {
        "clock": _clock(publication.starts_at),
        "day": later,
        "label": publication.revision.headline,
        "url": reverse("admin:articles_article_change", args=[publication.article_id]),
        "meta": section
        if done
        else _("%(section)s · in %(left)s") % {"section": section, "left": left},
        "done": done,
    }


def _clock(at: dt.datetime) -> str:
    return f"{at.astimezone(vietnamese.ZONE):%H:%M}"


def _midnight(at: dt.datetime) -> dt.datetime:
    return at.astimezone(vietnamese.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
