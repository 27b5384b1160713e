"""How the desk's templates put events into words."""

import datetime as dt

from django import template

from .. import events
from ..models import Event

register = template.Library()


@register.filter
def clock(at: dt.datetime) -> str:
    """Return "15:41", with the day where that is not today."""
    return events.clock(at)


@register.filter
def who(event: Event) -> str:
    """Return whose event it is."""
    return events.actor_name(event)


@register.filter
def did(event: Event) -> str:
    """Return the verb in words."""
    return events.did(event)
