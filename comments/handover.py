"""What a moderator who leaves hands over: comments left to him, and those he has open."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from newsroom.models import User
from newsroom.roles import Role

from . import moderation
from .models import Comment


def waiting(person: User) -> dict[str, int]:
    """Return how many of what is left behind, by words for the screen."""
    return {_("comments left to this person"): _left_to(person).count()}


def hand_over(*, actor: User | None, person: User, heir: User | None) -> None:
    """Leave the comments to `heir`, or to whoever comes first if he moderates none.

    Writes the rows alone, as a claim does: what readers see does not change.
    """
    follows = heir if heir and heir.roles & {Role.MODERATOR, Role.SECRETARY} else None
    _left_to(person).update(assigned_to=follows)
    Comment.objects.filter(claimed_by=person).update(claimed_by=None, claimed_until=None)


def _left_to(person: User) -> QuerySet[Comment]:
    return Comment.objects.filter(assigned_to=person, state__in=moderation.WAITING)
