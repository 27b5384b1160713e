"""What readers agree to by sending: versions, each in force from a day, unchanged after it."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom import events, stamps
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady
from newsroom.roles import ADMINISTRATORS

from .models import ConsentText

UNCHANGED = gettext_lazy("This is word for word the version before it. Change the text first.")


def in_force(at: dt.datetime) -> ConsentText | None:
    """Return the text readers agree to who send at the moment `at`."""
    return begun(at).first()


def begun(at: dt.datetime) -> QuerySet[ConsentText]:
    """Return the versions that are or were in force, newest first."""
    return ConsentText.objects.filter(valid_from__lte=at).order_by("-valid_from")


def next_change(at: dt.datetime) -> dt.datetime | None:
    """Return when the next version after the moment `at` begins, None where none waits."""
    waiting = ConsentText.objects.filter(valid_from__gt=at).order_by("valid_from")
    return waiting.values_list("valid_from", flat=True).first()


def repeats(text: str, valid_from: dt.datetime, pk: int | None = None) -> bool:
    """Whether the version before `valid_from`, version `pk` aside, reads the same."""
    before = begun(valid_from).exclude(pk=pk).first()
    return before is not None and before.text.strip() == text.strip()


def is_editable(consent: ConsentText, at: dt.datetime) -> bool:
    """Whether nobody can have agreed to it yet."""
    return consent.pk is None or not begun(at).filter(pk=consent.pk).exists()


@transaction.atomic
def save(*, actor: User | None, consent: ConsentText) -> ConsentText:
    """Keep a version that is to come. The page that shows it hears of it.

    Raises NotAllowed for whoever is no administrator, NotReady for one in force, for a day that has
    passed or is another version's, or for a text that changes nothing.
    """
    if actor is not None and not actor.roles & ADMINISTRATORS:
        raise NotAllowed()
    now, is_new = timezone.now(), consent.pk is None
    if not is_editable(consent, now):
        raise NotReady({"text": _("This version is in force: readers have agreed to it.")})
    if consent.valid_from < now:
        raise NotReady({"valid_from": _("It can be in force from now on at the earliest.")})
    if repeats(consent.text, consent.valid_from, consent.pk):
        raise NotReady({"text": str(UNCHANGED)})
    try:
        with transaction.atomic():
            consent.save()
    except IntegrityError as error:
        raise NotReady({"valid_from": _("Another version begins at that moment.")}) from error
    stamps.bump({stamps.SITE})
    day = consent.valid_from.isoformat()
    events.record(
        actor=actor, verb="add" if is_new else "change", obj=consent, data={"valid_from": day}
    )
    return consent
