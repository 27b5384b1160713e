"""What a place's page says beside an article of a former unit: its name and what became of it."""

import datetime as dt
from collections import defaultdict

from django.utils.translation import gettext as _

from newsroom import vietnamese

from .. import listing
from ..models import Province
from ..succession import Units
from .story_tags import together


class Notes:
    """The former units that articles on the page of `found` are about, in words.

    An article about the unit itself has none.
    """

    def __init__(self, units: Units, found: Province, at: dt.datetime):
        self.units = units
        self.found = found
        self.at = at
        self.day = at.astimezone(vietnamese.ZONE).date()
        self.former = sorted(units.former(found), key=lambda unit: bytes(unit.sort_key))

    def __call__(self, article_ids: list[int]) -> dict[int, str]:
        """Return the note of each article that has one; one query, none without former units."""
        if not (self.former and article_ids):
            return {}
        family = [self.found.pk, *(unit.pk for unit in self.former)]
        borne = listing.tags_among(article_ids, family, self.at)
        return {pk: self._note(tags) for pk, tags in borne.items() if self.found.pk not in tags}

    def _note(self, tags: set[int]) -> str:
        """Return “Hà Nam và Nam Định (nay thuộc Ninh Bình), Ninh Bình (đến 30/6/2025)”."""
        by_fate: dict[str, list[str]] = defaultdict(list)
        for unit in self.former:
            if unit.pk in tags:
                fate = self._fate(unit)
                by_fate[fate].append(unit.name if fate else dated_name(unit, self.day))
        return ", ".join(f"{together(names)} {fate}".strip() for fate, names in by_fate.items())

    def _fate(self, unit: Province) -> str:
        """Return “(nay thuộc Ninh Bình)”, "" for a unit whose heir bears its name."""
        heir = self.units.heir(unit, self.day)
        if heir.name == unit.name:
            return ""
        renamed = self.units.is_renamed(unit, self.day)
        phrase = _("(now %(heir)s)") if renamed else _("(now part of %(heir)s)")
        return phrase % {"heir": heir.name}


def dated_name(unit: Province, day: dt.date) -> str:
    """Return the name, with its last day where a later unit may bear the same."""
    if not unit.valid_to or day <= unit.valid_to:
        return unit.name
    last = vietnamese.short_date(unit.valid_to, vietnamese.DAY)
    return _("%(name)s (until %(day)s)") % {"name": unit.name, "day": last}
