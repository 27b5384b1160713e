"""Carrying a change out."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import events, stamps
from newsroom.models import Event, User
from newsroom.refusals import Conflict, NotAllowed, NotReady

from ..models import ClusterMember, Province
from ..permissions import may_merge
from ..succession import Units
from .change import Change
from .plan import Plan, state

MERGE, UNDO = "merge_units", "undo_merger"


@transaction.atomic
def merge_units(*, actor: User | None, change: Change, seen: str = "") -> Province:
    """End the old units the day before, make the new one, hand it their address; return it.

    The unit that had the new one's address moves to the one with its last day. Logs the states
    before, by which it can be undone, and bumps every place concerned, the clusters whose members
    they are, and the sitemap.
    Raises NotAllowed; Conflict when the units are no more what the fingerprint `seen` stood for;
    NotReady with what `Plan.problems` finds.
    """
    if not may_merge(actor):
        raise NotAllowed()
    plan = Plan(change, locked_units())
    if seen and seen != plan.fingerprint:
        raise _overtaken(plan)
    if problems := plan.problems():
        raise NotReady(problems)
    before = [state(unit) for unit in plan.touched]
    new = _carry_out(plan)
    _log(actor, plan, new, before)
    announce(plan.units, [*plan.touched, new])
    return new


def locked_units() -> Units:
    """Return all units, locked until the transaction ends: nobody tags or merges meanwhile."""
    list(Province.objects.select_for_update().order_by("pk"))
    # Asked again: what was made while we waited is not among the rows we waited for.
    return Units(Province.objects.order_by("sort_key", "valid_to"))


def announce(units: Units, changed: Iterable[Province]) -> None:
    """Bump all that names these units or what went into them."""
    concerned = {one.pk for unit in changed for one in units.gathered(unit)}
    clusters = ClusterMember.objects.filter(province__in=concerned).values_list("cluster")
    tags = {*concerned, *(pk for (pk,) in clusters)}
    stamps.bump({stamps.FRONT, stamps.NAMES, *map(stamps.tag, tags)})


def _carry_out(plan: Plan) -> Province:
    """Write the rows: the holder leaves the address before the new unit takes it."""
    for unit in plan.touched:
        Province.objects.filter(pk=unit.pk).update(
            slug=plan.slug(unit), valid_to=plan.last_day(unit)
        )
    new = plan.change.made()
    new.save()
    Province.objects.filter(pk__in=[unit.pk for unit in plan.old]).update(successor=new)
    return new


def _log(actor: User | None, plan: Plan, new: Province, before: list[dict]) -> None:
    after = Province.objects.filter(pk__in=[row["pk"] for row in before]).order_by("pk")
    data = {"before": before, "after": [state(unit) for unit in after], "made": state(new)}
    basis = plan.change.basis
    for unit in plan.old:
        events.record(actor=actor, verb=MERGE, obj=unit, reason=basis, data={"into": new.pk})
    events.record(actor=actor, verb=MERGE, obj=new, reason=basis, data=data)


def _overtaken(plan: Plan) -> Conflict:
    """Return the conflict that says who was faster."""
    lasts = events.latest_of(plan.touched, MERGE, UNDO).values()
    event: Event | None = max(lasts, key=lambda one: one.pk, default=None)
    if event is None:
        return Conflict(_("These units were changed meanwhile: look again at what would happen."))
    told = {"who": events.actor_name(event), "time": events.clock(event.at)}
    text = _("%(who)s changed these units at %(time)s: look again at what would happen now.")
    return Conflict(text % told, event)
