"""What the administrator does: accounts with their roles, and the settings of the site."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from types import ModuleType

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from . import events, lockout, second_factor, sessions, stamps
from .models import SiteSettings, User
from .refusals import Conflict, NotAllowed, NotReady
from .roles import Role


def can_administer(actor: User | None, account: User | None = None) -> bool:
    """Whether `actor` may change `account`; a superuser's is left to superusers."""
    if actor is None:
        return True
    if Role.ADMINISTRATOR not in actor.roles:
        return False
    return account is None or not account.is_superuser or actor.is_superuser


@transaction.atomic
def save_account(*, actor: User | None, account: User, roles: Iterable[str]) -> User:
    """Save an account of the staff with these roles; a change of rights ends its log-ins.

    Raises NotAllowed for whoever is no administrator by now, for one's own roles or switch, and
    where nobody would be left to administer.
    """
    actor, before = _as_they_are(actor, account)
    if not can_administer(actor, before):
        raise NotAllowed()
    wanted, held = frozenset(roles), _roles(before)
    rights_change = before is not None and (wanted != held or before.is_active != account.is_active)
    if rights_change and actor and before.pk == actor.pk:
        raise NotAllowed()
    administered = before is not None and Role.ADMINISTRATOR in before.roles
    account.is_staff = True
    account.save()
    account.groups.set(Group.objects.filter(name__in=wanted))
    if rights_change:
        _keep_one(administered)
        sessions.end(account)
    events.record(
        actor=actor,
        verb="change" if before else "add",
        obj=account,
        data={"roles": sorted(wanted), "before": sorted(held), "active": account.is_active},
    )
    return account


@transaction.atomic
def let_go(*, actor: User | None, account: User, heir: User | None) -> None:
    """Switch off the account of somebody who leaves, all in one step.

    What waits for him goes to `heir`, his log-ins end, his pen names stay. Raises NotAllowed as
    `save_account` does, Conflict where he is gone already, NotReady for an heir who cannot follow.
    """
    actor, before = _as_they_are(actor, account)
    if not can_administer(actor, before) or (actor and actor.pk == account.pk):
        raise NotAllowed()
    if not before.is_active:
        raise Conflict(_("This account is switched off already."), events.latest(before))
    if heir and (heir.pk == before.pk or not heir.is_active):
        raise NotReady({"heir": _("Choose somebody who stays.")})
    left, administered = what_waits(before), Role.ADMINISTRATOR in before.roles
    for app in _handovers():
        app.hand_over(actor=actor, person=before, heir=heir)
    User.objects.filter(pk=before.pk).update(is_active=False)
    _keep_one(administered)
    sessions.end(before)
    data = {"heir": heir.pk if heir else None, "left": sum(left.values())}
    events.record(actor=actor, verb="leave", obj=before, data=data)


@transaction.atomic
def end_log_ins(*, actor: User, account: User) -> int:
    """End all log-ins of somebody and return how many; raises NotAllowed."""
    if not can_administer(actor, account):
        raise NotAllowed()
    number = sessions.end(account)
    events.record(actor=actor, verb="end_log_ins", obj=account, data={"number": number})
    return number


@transaction.atomic
def remove_second_step(*, actor: User, account: User) -> None:
    """Take somebody's telephone and recovery codes away; he adds a new one. Raises NotAllowed."""
    if not can_administer(actor, account):
        raise NotAllowed()
    second_factor.remove(actor=actor, person=account)


@transaction.atomic
def password_was_set(*, actor: User, account: User, but: str | None = None) -> None:
    """End the log-ins of somebody whose password is new, let him try it at once, and log it.

    `but` is the key of the session that set it.
    """
    sessions.end(account, but=but)
    lockout.lift(account.get_username())
    events.record(actor=actor, verb="change", obj=account, data={"password": True})


def what_waits(person: User) -> dict[str, int]:
    """Return what somebody who leaves hands over, by words for the screen; what is none is out."""
    found = chain.from_iterable(app.waiting(person).items() for app in _handovers())
    return {label: number for label, number in found if number}


def _handovers() -> Iterator[ModuleType]:
    """Yield what each app hands over: the module its configuration names."""
    for config in apps.get_app_configs():
        if name := getattr(config, "handover", ""):
            yield import_module(name)


def _as_they_are(actor: User | None, account: User) -> tuple[User | None, User | None]:
    """Return both as they are now, locked with all administrators: rights may just have changed.

    Always in the order of their numbers, so that two administrators never wait for each other.
    """
    them = Q(pk=account.pk) | Q(pk=actor.pk if actor else None)
    rows = User.objects.filter(them | Q(pk__in=administrators().values("pk")))
    now = {person.pk: person for person in rows.select_for_update().order_by("pk")}
    if actor and actor.pk not in now:
        raise NotAllowed()
    return now[actor.pk] if actor else None, now.get(account.pk)


def administrators() -> QuerySet[User]:
    """Those who can log in and administer."""
    held = User.groups.through.objects.filter(group__name=Role.ADMINISTRATOR)
    administer = Q(is_superuser=True) | Q(pk__in=held.values("user"))
    return User.objects.filter(administer, is_active=True)


def _keep_one(administered: bool) -> None:
    """Raise NotAllowed where a change of who administered has left nobody who could undo it."""
    if administered and not administrators().exists():
        raise NotAllowed(_("This is the last administrator: make another one first."))


def _roles(account: User | None) -> frozenset[str]:
    return frozenset(account.groups.values_list("name", flat=True)) if account else frozenset()


@transaction.atomic
def save_site_settings(*, actor: User | None, settings: SiteSettings) -> SiteSettings:
    """Save the site's settings; every page hears of it. Raises NotAllowed."""
    if not can_administer(actor):
        raise NotAllowed()
    settings.pk = 1
    changed = _changed(SiteSettings.load(), settings)
    settings.save()
    stamps.bump({stamps.SITE})
    events.record(
        actor=actor,
        verb="change",
        obj=settings,
        data={
            "require_review": settings.require_review,
            "comments_open": settings.comments_open,
            "changed": changed,
        },
    )
    return settings


def _changed(before: SiteSettings, after: SiteSettings) -> list[str]:
    """Return the names of the settings that are no longer what they were."""
    names = [field.name for field in SiteSettings._meta.concrete_fields if not field.primary_key]
    return [name for name in names if getattr(before, name) != getattr(after, name)]
