"""What the desks of others show of the comments that wait."""

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.desk import Card, Row
from articles.admin.desk_numbers import LATE, waited
from articles.permissions import Verb, can, moderated
from comments.models import Comment
from comments.querysets import in_words

register = template.Library()
State = Comment.State


@register.simple_tag(takes_context=True)
def waiting_comments(context: Context) -> list[Card]:
    """Return a card that says how many comments wait, are late or reported, to those who decide.

    Nothing while none is. Each number is counted along an index and not to the end.
    """
    request: HttpRequest = context["request"]
    if not can(request.user, Verb.MODERATE):
        return []
    mine = Comment.objects.filter(moderated(request.user))
    rows = [row for row in (_waiting(mine), _suspect(mine), _reported(mine)) if row]
    return [Card(_("Readers' comments"), rows, empty="")] if rows else []


def _waiting(mine) -> Row | None:
    now = timezone.now()
    rows = mine.in_queue(suspect=False)
    oldest = rows.values_list("queued_at", flat=True).first()
    if oldest is None:
        return None
    number, late = rows.number(), rows.filter(queued_at__lt=now - LATE).number()
    text = ngettext(
        "%(n)s comment waits, for %(time)s",
        "%(n)s comments wait, the longest for %(time)s",
        number,
    )
    label = text % {"n": in_words(number), "time": waited(oldest, now)}
    meta = _("%(n)s of them late") % {"n": in_words(late)} if late else ""
    return Row(label=label, url=_list(), meta=meta, late=bool(late))


def _suspect(mine) -> Row | None:
    number = mine.in_queue(suspect=True).number()
    text = ngettext("%(n)s suspect comment", "%(n)s suspect comments", number)
    return _row(text, number, "suspect")


def _reported(mine) -> Row | None:
    rows = mine.filter(state=State.APPROVED, reported_at__isnull=False)
    number = rows.number()
    text = ngettext("%(n)s reported comment", "%(n)s reported comments", number)
    return _row(text, number, "reported", late=True)


def _row(text: str, number: int, tab: str, *, late: bool = False) -> Row | None:
    if not number:
        return None
    return Row(label=text % {"n": in_words(number)}, url=f"{_list()}?state={tab}", late=late)


def _list() -> str:
    return reverse("admin:comments_comment_changelist")
