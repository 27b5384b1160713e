"""Who says when comments are closed. Every page hears of it: each shows its way to the form."""

from django.db import transaction

from newsroom import events, stamps
from newsroom.models import User
from newsroom.refusals import NotAllowed
from newsroom.roles import Role

from ..models import ClosingRule

CLOSERS = frozenset({Role.ADMINISTRATOR, Role.SECRETARY})


@transaction.atomic
def save_closing_rule(*, actor: User | None, rule: ClosingRule) -> ClosingRule:
    """Save a rule; bumps the site. Raises NotAllowed."""
    if not may_close(actor):
        raise NotAllowed()
    verb = "change" if rule.pk else "add"
    rule.save()
    _tell(actor, verb, rule)
    return rule


@transaction.atomic
def delete_closing_rule(*, actor: User | None, rule: ClosingRule) -> None:
    """Delete a rule; bumps the site. Raises NotAllowed."""
    if not may_close(actor):
        raise NotAllowed()
    _tell(actor, "delete", rule)
    rule.delete()


def may_close(actor: User | None) -> bool:
    """Whether `actor` may say when comments are closed."""
    return actor is None or bool(actor.roles & CLOSERS)


def _tell(actor: User | None, verb: str, rule: ClosingRule) -> None:
    stamps.bump({stamps.SITE})
    data = {"kind": rule.kind, "section": rule.section_id, "active": rule.is_active}
    events.record(actor=actor, verb=verb, obj=rule, data=data)
