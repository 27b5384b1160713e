"""What a moderator who leaves hands over: comments left to him, and those he has open."""

from django.utils.translation import gettext as _

from newsroom.models import User

from . import moderation

hand_over = moderation.hand_over


def waiting(person: User) -> dict[str, int]:
    """Return how many of what is left behind, by words for the screen."""
    return {_("comments left to this person"): moderation.left_to(person).count()}
