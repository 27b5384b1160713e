"""Taking a change back, exactly, as long as nothing stands on it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom import events
from newsroom.models import Event, User
from newsroom.refusals import Conflict, NotAllowed

from ..models import Article, ClusterMember, Province
from ..permissions import may_merge
from ..succession import Units
from .merging import MERGE, UNDO, announce, locked_units
from .plan import state


@transaction.atomic
def undo_merger(*, actor: User | None, unit: Province) -> list[Province]:
    """Delete the unit a merger made and give the old ones back what they had; return these.

    Logs it and bumps what the merger bumped. Raises NotAllowed, and Conflict with all that stands
    in the way.
    """
    if not may_merge(actor):
        raise NotAllowed()
    units = locked_units()
    if unit.pk not in units.by_id:
        raise Conflict(_("The merger was undone already."))
    undoing = Undoing(units.by_id[unit.pk], units)
    if undoing.obstacles:
        raise Conflict(" ".join(undoing.obstacles))
    announce(units, [undoing.unit, *undoing.touched])
    for one in (*undoing.touched, undoing.unit):
        events.record(actor=actor, verb=UNDO, obj=one)
    _restore(undoing)
    return list(Province.objects.filter(pk__in=undoing.before).order_by("sort_key"))


def _restore(undoing: "Undoing") -> None:
    """Write the rows as they were: the new unit leaves the address before it is given back."""
    for pk, row in undoing.before.items():
        last = row["valid_to"] and dt.date.fromisoformat(row["valid_to"])
        Province.objects.filter(pk=pk).update(valid_to=last, successor=row["successor"])
    Province.objects.get(pk=undoing.unit.pk).delete()
    for pk, row in undoing.before.items():
        Province.objects.filter(pk=pk).update(slug=row["slug"])


class Undoing:
    """The merger that made a unit, and what stands in the way of undoing it."""

    def __init__(self, unit: Province, units: Units):
        self.unit = unit
        self.units = units
        self.event = _merger_of(unit)
        data = self.event.data if self.event else {"before": [], "after": [], "made": None}
        self.before: dict[int, dict[str, Any]] = {row["pk"]: row for row in data["before"]}
        self._after = {row["pk"]: row for row in (*data["after"], data["made"]) if row}
        self.obstacles = self._obstacles()

    @staticmethod
    def is_possible(unit: Province) -> bool:
        """Whether the unit was made by a merger entered here and has not ended in another."""
        return unit.successor_id is None and _merger_of(unit) is not None

    @property
    def touched(self) -> list[Province]:
        """The units that get back what they had."""
        return [unit for unit in self.units.all if unit.pk in self.before]

    def slug_before(self, unit: Province) -> str:
        """Return the address a touched unit gets back."""
        return self.before[unit.pk]["slug"]

    def _obstacles(self) -> list[str]:
        """Return in whole sentences what forbids it; empty when it can be done."""
        if self.event is None:
            return [_("%(unit)s was not made by a merger that was entered here.") % self._name]
        if self.unit.successor_id:
            heir = self.units.by_id[self.unit.successor_id].name
            text = _("%(unit)s went into %(heir)s itself: undo that first.")
            return [text % {**self._name, "heir": heir}]
        found = [self._bearing_articles(), self._naming_members(), *self._changed_since()]
        return [text for text in found if text]

    @property
    def _name(self) -> dict[str, str]:
        return {"unit": self.unit.name}

    def _bearing_articles(self) -> str:
        bearing = Article.objects.filter(taggings__tag=self.unit.pk)
        count = bearing.count()
        if not count:
            return ""
        first = bearing.select_related("newest_revision").order_by("pk").first()
        text = ngettext(
            "%(n)s article bears the tag %(unit)s: “%(headline)s”. Give it another place first.",
            "%(n)s articles bear the tag %(unit)s, “%(headline)s” among them. "
            "Give them another place first.",
            count,
        )
        return text % {**self._name, "n": count, "headline": first}

    def _naming_members(self) -> str:
        members = ClusterMember.objects.filter(province=self.unit.pk).select_related("cluster")
        member = members.order_by("pk").first()
        if member is None:
            return ""
        text = _("“%(member)s” in “%(cluster)s” belongs to %(unit)s: change the member first.")
        return text % {**self._name, "member": member, "cluster": member.cluster}

    def _changed_since(self) -> list[str]:
        rows = [self.units.by_id.get(pk) for pk in self._after]
        changed = [unit for unit in rows if unit and state(unit) != self._after[unit.pk]]
        text = _("%(unit)s was changed after the merger.")
        return [text % {"unit": unit.name} for unit in changed]


def _merger_of(unit: Province) -> Event | None:
    """Return the log's row about the merger the unit came from."""
    rows = events.history(unit).filter(verb=MERGE)
    return next((event for event in rows if "before" in event.data), None)
