"""Places as the article form offers them: those of the article's own day first."""

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom import vietnamese

from ..models import Article, Province, Tag
from ..succession import Units

# What the picker says: the day the article is known to have, the day just typed for it.
DAY, TYPED = "day", "typed"


def day_of(article: Article | None) -> dt.date | None:
    """Return the day an article was, or is to be, published; None before, or without a date."""
    if article is None or not article.first_public_at:
        return None
    if article.date_precision == vietnamese.NONE:
        return None
    return article.first_public_at.astimezone(vietnamese.ZONE).date()


def today() -> dt.date:
    """Return the day it is in Vietnam."""
    return timezone.now().astimezone(vietnamese.ZONE).date()


def asked_day(request: HttpRequest) -> dt.date:
    """Return the day a picker asks for; what is no day counts as today."""
    if not hasattr(request, "places_day"):
        days = (_day(request.GET.get(name, "")) for name in (DAY, TYPED))
        request.places_day = next(filter(None, days), None) or today()
    return request.places_day


def _day(text: str) -> dt.date | None:
    try:
        return forms.DateField(required=False).clean(text)
    except ValidationError:
        return None


def of_the_day_first(rows: QuerySet[Tag], day: dt.date) -> QuerySet[Tag]:
    """Put the places that did not exist on `day` behind all other tags."""
    begun = Q(province__valid_from=None) | Q(province__valid_from__lte=day)
    lasting = Q(province__valid_to=None) | Q(province__valid_to__gte=day)
    others_last = Case(When(begun & lasting, then=0), default=1)
    return rows.order_by(
        others_last, F("province__valid_to").desc(nulls_first=True), "sort_key", "pk"
    )


class Places:
    """What is said of places in view of one day; asks for all units once, when first needed."""

    def __init__(self, day: dt.date):
        self.day = day

    @cached_property
    def _units(self) -> Units:
        return Units(Province.objects.order_by("sort_key", "valid_to"))

    def label(self, tag: Tag) -> str:
        """Return the tag as it is picked; a place not of that day says what it is instead."""
        unit = getattr(tag, "province", None)
        if unit is None or unit.valid_on(self.day):
            return tag.label
        if not self._units.has_ended(unit, self.day):
            since = pgettext("place", "from %(day)s") % {"day": _told(unit.valid_from)}
            return f"{tag.label}, {since}"
        return f"{tag.label}, {self._fate(unit)}" if unit.successor_id else tag.label

    def warning(self, unit: Province) -> str:
        """Return why a unit is odd under an article of the day; "" for one that existed."""
        told = {"unit": unit.name, "day": _told(self.day)}
        if unit.valid_on(self.day):
            return ""
        if self._units.has_ended(unit, self.day):
            text = _("%(unit)s is no administrative unit any more on %(day)s; %(fate)s.")
            return text % {**told, "fate": self._fate(unit)}
        text = _("%(unit)s is no administrative unit yet on %(day)s; then it was %(former)s.")
        then = (one for one in self._units.former(unit) if one.valid_on(self.day))
        return text % {**told, "former": ", ".join(one.name for one in then) or "–"}

    def _fate(self, unit: Province) -> str:
        """Return “nay thuộc Hải Phòng”."""
        renamed = self._units.is_renamed(unit, self.day)
        phrase = pgettext("place", "now") if renamed else pgettext("place", "now part of")
        return f"{phrase} {self._units.heir(unit, self.day).name}"


def warn(request: HttpRequest, article: Article, typed: Any) -> None:
    """Tell the person which places of a saved article did not exist on its day.

    An article without a known day counts as of the day typed for it, or of today; one that was
    published without a date is left alone.
    """
    if article.first_public_at and article.date_precision == vietnamese.NONE:
        return
    places = Places(day_of(article) or typed or today())
    units = Province.objects.filter(taggings__article=article).order_by("sort_key", "valid_to")
    for text in filter(None, map(places.warning, units)):
        messages.warning(request, text)


def _told(day: dt.date) -> str:
    return vietnamese.short_date(day, vietnamese.DAY)
