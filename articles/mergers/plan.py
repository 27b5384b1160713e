"""A change held against the units as they are stored: what it touches, what forbids it."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import astuple
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from newsroom import vietnamese

from ..models import Province
from ..succession import Units, dated_slug, undated_slug
from .change import Change, NewUnit

NOT_TYPED = ["tag_ptr", "sort_key", "search_words", "unit_id", "unit_slug"]
FIRST_DAY, LAST_DAY = dt.date(1945, 9, 2), dt.date(2100, 1, 1)

_CODE = re.compile("[0-9]{2}")
_TITLE = re.compile(rf"((?:{'|'.join(Province.TITLES)})\.?)\s", re.IGNORECASE)
_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def state(unit: Province) -> dict[str, Any]:
    """Return what mergers change of a unit, ready for the log."""
    last = unit.valid_to and unit.valid_to.isoformat()
    return {"pk": unit.pk, "slug": unit.slug, "valid_to": last, "successor": unit.successor_id}


class Plan:
    """A change and the units of this moment. Asks no database."""

    def __init__(self, change: Change, units: Units):
        self.change = change
        self.units = units
        wanted = set(change.units)
        self.old = [unit for unit in units.all if unit.pk in wanted]

    @cached_property
    def holder(self) -> Province | None:
        """The unit whose address the new one takes over."""
        slug = self.change.new.slug
        return next((unit for unit in self.units.all if unit.slug == slug), None)

    @property
    def touched(self) -> list[Province]:
        """The stored units that are changed."""
        others = [self.holder] if self.holder and self.holder not in self.old else []
        return [*self.old, *others]

    @property
    def is_renaming(self) -> bool:
        """Whether one unit lives on whole."""
        return len(self.old) == 1

    def last_day(self, unit: Province) -> dt.date | None:
        """Return the last day a touched unit will have."""
        return self.change.last_day if unit in self.old else unit.valid_to

    def slug(self, unit: Province) -> str:
        """Return the address a touched unit will have."""
        if unit is not self.holder:
            return unit.slug
        return dated_slug(unit.unit_slug, self.last_day(unit))

    @cached_property
    def fingerprint(self) -> str:
        """What was typed and all that decides what comes of it; articles do not."""
        clash = [unit.pk for unit in self.units.all if unit.unit_id == self.change.unit_id]
        told = [astuple(self.change), [state(unit) for unit in self.touched], clash]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()

    def problems(self) -> dict[str, str]:
        """Return by field of the form why it cannot be done so; empty when it can."""
        if not FIRST_DAY <= self.change.day <= LAST_DAY:
            return {"day": _("Choose a day between 1945 and 2100.")}
        checks = {
            "name": self._name_problem(),
            "day": self._day_problem(),
            "units": self._units_problem(),
            "code": self._code_problem(),
            "slug": self._slug_problem(),
        }
        found = {name: problem for name, problem in checks.items() if problem}
        return {**_column_problems(self.change), **found}

    def _name_problem(self) -> str:
        name = self.change.new.name
        if not any(char.isalpha() for char in name):
            return _("A name has letters.")
        if title := _TITLE.match(name):
            return _("Leave out “%(kind)s” in front of the name.") % {"kind": title[1]}
        return ""

    def _day_problem(self) -> str:
        for unit in self.old:
            if unit.valid_from and unit.valid_from >= self.change.day:
                return _("%(unit)s exists only since %(day)s: choose a later day.") % {
                    "unit": unit.name,
                    "day": _told(unit.valid_from),
                }
        return ""

    def _units_problem(self) -> str:
        if len(self.old) < len(set(self.change.units)) or not self.old:
            return _("Choose at least one unit that exists.")
        for unit in self.old:
            if unit.valid_to:
                return _("The last day of %(unit)s is %(day)s already: it goes into %(heir)s.") % {
                    "unit": unit.name,
                    "day": _told(unit.valid_to),
                    "heir": self.units.by_id[unit.successor_id].name if unit.successor_id else "–",
                }
        if len(self.old) == 1 and _facts(self.old[0]) == _facts(self.change.new):
            return _("Nothing would change: name, type and code are the same.")
        return ""

    def _code_problem(self) -> str:
        if not _CODE.fullmatch(self.change.new.code):
            return _("A code is two digits.")
        for unit in self.units.all:
            bears = unit.code == self.change.new.code or unit.unit_id == self.change.unit_id
            if bears and self._goes_on(unit):
                return _("%(unit)s has this code, and keeps it.") % {"unit": unit.name}
        return ""

    def _slug_problem(self) -> str:
        slug = self.change.new.slug
        if not _SLUG.fullmatch(slug) or undated_slug(slug):
            return _("An address is small letters, digits and single hyphens, without a date.")
        if not self.holder:
            return ""
        if self._goes_on(self.holder):
            return _("%(unit)s has this address, and keeps it.") % {"unit": self.holder.name}
        if not self._belongs_to_old(self.holder):
            text = _("This address is that of %(unit)s, which does not belong to the old units.")
            return text % {"unit": self.holder.name}
        moved = self.slug(self.holder)
        if any(unit.slug == moved for unit in self.units.all):
            return _("The address %(slug)s is taken.") % {"slug": moved}
        return ""

    def _belongs_to_old(self, unit: Province) -> bool:
        """Whether a unit is one of the old ones, or went into one of them."""
        return any(one in self.old for one in (unit, *self.units.heirs(unit)))

    def _goes_on(self, unit: Province) -> bool:
        """Whether a unit is still there beside the new one."""
        return unit not in self.old and not self.units.has_ended(unit, self.change.day)


def _column_problems(change: Change) -> dict[str, str]:
    """Return what the columns themselves refuse: an empty name, a text too long."""
    try:
        change.made().clean_fields(exclude=NOT_TYPED)
    except ValidationError as refused:
        return {name: " ".join(texts) for name, texts in refused.message_dict.items()}
    return {}


def _facts(unit: Province | NewUnit) -> tuple[str, str, str]:
    return unit.name, unit.unit_type, unit.code


def _told(day: dt.date) -> str:
    return vietnamese.short_date(day, vietnamese.DAY)
