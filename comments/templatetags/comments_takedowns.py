"""What the secretary's desk shows of take-down demands."""

import datetime as dt

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.desk import Card, Row
from articles.admin.desk_numbers import waited
from comments import takedowns
from comments.models import Takedown

register = template.Library()
SHOWN = 5


@register.simple_tag(takes_context=True)
def takedown_demands(context: Context) -> list[Card]:
    """Return a card of the demands that are due or late, to the secretary; one query.

    Nothing while none is open.
    """
    if not context["request"].user.roles & takedowns.KEEPERS:
        return []
    demands = takedowns.open_demands()[:SHOWN]
    rows = [_row(demand) for demand in demands]
    more = reverse("admin:comments_takedown_changelist")
    return [Card(_("Take-down demands"), rows, empty="", more=more)] if rows else []


def _row(demand: Takedown) -> Row:
    shape, words = left(demand.deadline_at, timezone.now())
    return Row(
        label=demand.sender,
        url=reverse("admin:comments_takedown_change", args=[demand.pk]),
        meta=demand.reference,
        wait=words,
        late="late" in shape,
    )


def left(deadline: dt.datetime, now: dt.datetime) -> tuple[str, str]:
    """Return the class of a clock and its words: late, soon or with time left."""
    if deadline < now:
        return " is-late", _("%(time)s late") % {"time": waited(deadline, now)}
    shape = " is-soon" if deadline - now < takedowns.SOON else ""
    return shape, _("%(time)s left") % {"time": waited(now, deadline)}
