"""The log: one append-only row for every verb, and the sentences it is read in."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from . import vietnamese, whence
from .models import Event, User
from .rules import FORGOTTEN_VERBS, KEPT_YEARS

# What somebody did, to stand behind a name: "Lan Chi duyệt".
PHRASES = {
    "save": pgettext_lazy("did", "saved"),
    "submit": pgettext_lazy("did", "submitted"),
    "return": pgettext_lazy("did", "returned"),
    "approve": pgettext_lazy("did", "approved"),
    "publish": pgettext_lazy("did", "published"),
    "schedule": pgettext_lazy("did", "scheduled"),
    "unschedule": pgettext_lazy("did", "cancelled the schedule of"),
    "place": pgettext_lazy("did", "moved"),
    "withdraw": pgettext_lazy("did", "withdrew"),
    "clean": pgettext_lazy("did", "cleaned the markup of"),
    "send": pgettext_lazy("did", "sent"),
    "reject": pgettext_lazy("did", "rejected"),
    "mark_spam": pgettext_lazy("did", "marked as spam"),
    "hold": pgettext_lazy("did", "held"),
    "remove": pgettext_lazy("did", "removed"),
    "reopen": pgettext_lazy("did", "put back into the queue"),
    "confirm": pgettext_lazy("did", "confirmed"),
    "edit": pgettext_lazy("did", "edited"),
    "undo": pgettext_lazy("did", "took back the decision on"),
    "redact": pgettext_lazy("did", "redacted"),
    "purge": pgettext_lazy("did", "emptied"),
    "pick": pgettext_lazy("did", "chose"),
    "unpick": pgettext_lazy("did", "chose no longer"),
    "answer": pgettext_lazy("did", "answered"),
    "report": pgettext_lazy("did", "reported"),
    "close_reports": pgettext_lazy("did", "closed the reports of"),
    "release_likes": pgettext_lazy("did", "counted the likes kept back of"),
    "drop_likes": pgettext_lazy("did", "deleted the likes kept back of"),
    "see_address": pgettext_lazy("did", "looked at the address of"),
    "see_demand": pgettext_lazy("did", "looked at"),
    "legal_hold": pgettext_lazy("did", "put a legal hold on"),
    "lift_legal_hold": pgettext_lazy("did", "lifted the legal hold on"),
    "close": pgettext_lazy("did", "closed"),
    "open_again": pgettext_lazy("did", "opened again"),
    "add": pgettext_lazy("did", "added"),
    "change": pgettext_lazy("did", "changed"),
    "delete": pgettext_lazy("did", "deleted"),
    "merge_units": pgettext_lazy("did", "merged or renamed"),
    "undo_merger": pgettext_lazy("did", "undid the merger of"),
    "merge": pgettext_lazy("did", "merged into this topic"),
    "roster": pgettext_lazy("did", "changed members and years of"),
    "copy_year": pgettext_lazy("did", "began a new year of"),
    "block": pgettext_lazy("did", "blocked"),
    "unblock": pgettext_lazy("did", "unblocked"),
    # Who came in and who was let see or take away what is about persons.
    "sign_in": pgettext_lazy("did", "logged in"),
    "sign_in_failed": pgettext_lazy("did", "failed to log in"),
    "sign_out": pgettext_lazy("did", "logged out"),
    "export": pgettext_lazy("did", "took away a copy of"),
    "second_step_failed": pgettext_lazy("did", "refused a wrong code of"),
    "end_log_ins": pgettext_lazy("did", "ended log-ins of"),
    "add_second_step": pgettext_lazy("did", "added a telephone"),
    "renew_recovery_codes": pgettext_lazy("did", "made new recovery codes"),
    "remove_second_step": pgettext_lazy("did", "removed the telephone of"),
    "leave": pgettext_lazy("did", "ended the work of"),
    "hand_over": pgettext_lazy("did", "handed over"),
}
NO_ROW = 0  # the number of what is named and not there
# In the data of a row: others like it follow that are not written, and as far as which.
LEFT_OUT = "left_out"
NOTED_EVERY, WITHIN_THE_HOUR = dt.timedelta(hours=1), "hour"
KEPT = dt.timedelta(days=366 * KEPT_YEARS)
# What a reader does with a comment, logged without a name: the log is never purged.
BY_SENDER = frozenset({"send", "confirm", "edit", "withdraw", "export"})
BY_READER = frozenset({"report"})
# What somebody tries at the door, before anybody knows who it is: staff or a stranger.
AT_THE_DOOR = frozenset({"sign_in_failed"})
# The desk takes an article down; a reader takes his own comment back.
TAKEN_BACK = pgettext_lazy("did by a reader", "withdrew")


def record(
    *,
    actor: User | None,
    verb: str,
    obj: models.Model,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Event:
    """Write one row about `obj`; the caller's transaction carries it.

    `data` must be JSON-able and free of personal data of readers. A member of staff leaves the
    network he came from, as a keyed hash; so does whoever tries to log in. A reader leaves none.
    """
    staff = actor is not None or verb in AT_THE_DOOR
    return Event.objects.create(
        at=at or timezone.now(),
        actor=actor,
        verb=verb,
        object_type=obj._meta.model_name,
        object_id=obj.pk or NO_ROW,
        object_label=str(obj)[:300],
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        data=data or {},
        network=whence.network() if staff else "",
    )


def note(*, actor: User | None, verb: str, obj: models.Model) -> None:
    """Write that something was looked at or taken away: two rows an hour at most.

    The second says that further ones are left out: a log that only ended there would say that
    nobody came again. `obj` may be no row, but a name for many.
    """
    about = {"object_type": obj._meta.model_name, "object_id": obj.pk or NO_ROW}
    since = timezone.now() - NOTED_EVERY
    rows = Event.objects.filter(**about, verb=verb, actor=actor, at__gt=since)
    said = {LEFT_OUT in data for data in rows.values_list("data", flat=True)}
    if False not in said:
        record(actor=actor, verb=verb, obj=obj)
    elif True not in said:
        record(actor=actor, verb=verb, obj=obj, data={LEFT_OUT: WITHIN_THE_HOUR})


def forgotten(at: dt.datetime) -> tuple[models.QuerySet[Event], models.QuerySet[Event]]:
    """Return what the log forgets at `at`: log-ins to be deleted, rows whose network is.

    The database lets nothing else be changed, and neither of it any earlier.
    """
    rows = Event.objects.filter(at__lt=at - KEPT)
    sign_ins = models.Q(verb__in=FORGOTTEN_VERBS)
    return rows.filter(sign_ins), rows.exclude(sign_ins).exclude(network="")


def history(obj: models.Model) -> models.QuerySet[Event]:
    """Return what happened to `obj`, newest first, with the actors."""
    return (
        Event.objects.filter(object_type=obj._meta.model_name, object_id=obj.pk)
        .select_related("actor")
        .order_by("-id")
    )


def latest(obj: models.Model, *verbs: str) -> Event | None:
    """Return the newest row about `obj`, of these verbs if any are named."""
    rows = history(obj)
    return (rows.filter(verb__in=verbs) if verbs else rows).first()


def latest_of(objs: Iterable[models.Model], *verbs: str) -> dict[int, Event]:
    """Return the newest row of each object by its number, in one query; all are of one model."""
    objs = list(objs)
    if not objs:
        return {}
    rows = Event.objects.filter(
        object_type=objs[0]._meta.model_name, object_id__in=[obj.pk for obj in objs]
    )
    rows = rows.filter(verb__in=verbs) if verbs else rows
    newest = rows.order_by().values("object_id").annotate(last=models.Max("id")).values("last")
    found = Event.objects.filter(pk__in=newest).select_related("actor")
    return {event.object_id: event for event in found}


def actor_name(event: Event) -> str:
    """Return whose name stands before what was done; readers have none."""
    if event.actor:
        return str(event.actor)
    if event.object_type == "comment" and event.verb in BY_SENDER:
        return _("The sender")
    if event.object_type == "comment" and event.verb in BY_READER:
        return _("A reader")
    if event.verb in AT_THE_DOOR:
        return _("Somebody")
    return _("The system")


def did(event: Event) -> str:
    """Return the verb in words: "đã duyệt"."""
    if (event.object_type, event.verb) == ("comment", "withdraw"):
        return str(TAKEN_BACK)
    return str(PHRASES.get(event.verb, event.verb))


def sentence(event: Event) -> str:
    """Return "Lan Chi đã duyệt lúc 15:41, 10/7/2026." """
    return _("%(who)s %(did)s it at %(time)s.") % {
        "who": actor_name(event),
        "did": did(event),
        "time": clock(event.at),
    }


def clock(at: dt.datetime) -> str:
    """Return "15:41", with the day where that is not today."""
    local = at.astimezone(vietnamese.ZONE)
    if local.date() == timezone.now().astimezone(vietnamese.ZONE).date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M}, {vietnamese.short_date(local, vietnamese.DAY)}"
