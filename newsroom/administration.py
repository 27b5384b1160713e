"""What the administrator does: accounts with their roles, and the settings of the site."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from . import events, stamps
from .models import SiteSettings, User
from .refusals import NotAllowed
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
    """Save an account of the staff with these roles.

    Raises NotAllowed for whoever is no administrator, and for one's own roles or switch.
    """
    before = User.objects.select_for_update().filter(pk=account.pk).first()
    if not can_administer(actor, before):
        raise NotAllowed()
    wanted = frozenset(roles)
    if before and actor and before.pk == actor.pk:
        held = frozenset(before.groups.values_list("name", flat=True))
        if wanted != held or before.is_active != account.is_active:
            raise NotAllowed()
    held_before = sorted(before.groups.values_list("name", flat=True)) if before else []
    account.is_staff = True
    account.save()
    account.groups.set(Group.objects.filter(name__in=wanted))
    events.record(
        actor=actor,
        verb="change" if before else "add",
        obj=account,
        data={"roles": sorted(wanted), "before": held_before, "active": account.is_active},
    )
    return account


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
