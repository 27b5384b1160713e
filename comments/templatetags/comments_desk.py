"""What a desk shows of comments: the desk belongs to the articles, which know no comments."""

import datetime as dt

from django import template
from django.db.models import Count, Min
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.desk import Card, Row
from articles.admin.desk_numbers import LATE, waited
from articles.permissions import Verb, can
from comments.models import Comment

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_comments(context: Context) -> list[Card]:
    """Return a card that says how many comments wait, to those who decide; one query.

    Nothing while none waits.
    """
    if not can(context["request"].user, Verb.MODERATE):
        return []
    found = (
        Comment.objects.queue().order_by().aggregate(number=Count("pk"), oldest=Min("submitted_at"))
    )
    return [Card(_("Readers' comments"), [_row(**found)], empty="")] if found["number"] else []


def _row(number: int, oldest: dt.datetime) -> Row:
    now = timezone.now()
    text = ngettext(
        "%(n)s comment waits, for %(time)s",
        "%(n)s comments wait, the longest for %(time)s",
        number,
    )
    return Row(
        label=text % {"n": number, "time": waited(oldest, now)},
        url=reverse("admin:comments_comment_changelist"),
        late=now - oldest > LATE,
    )
