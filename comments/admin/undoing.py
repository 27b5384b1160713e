"""The way back: over every page that follows a decision, for one comment and for many."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, ngettext_lazy

from newsroom import events

from .. import moderation
from ..models import Comment, Decision
from .place import place_of

# Done, in the words that stand over the next page.
ONE = {
    "approve": _lazy("Published the comment of %(name)s, %(time)s"),
    "reject": _lazy("Rejected the comment of %(name)s (%(reason)s), %(time)s"),
    "mark_spam": _lazy("Marked the comment of %(name)s as spam, %(time)s"),
    "hold": _lazy("Held the comment of %(name)s, %(time)s"),
    "remove": _lazy("Removed the comment of %(name)s (%(reason)s), %(time)s"),
    "reopen": _lazy("Put the comment of %(name)s back into the queue, %(time)s"),
    "redact": _lazy("Hid words in the comment of %(name)s, %(time)s"),
}
MANY = {
    "reopen": ngettext_lazy("Put %(n)s comment back.", "Put %(n)s comments back.", "n"),
    "remove": ngettext_lazy("Removed %(n)s comment.", "Removed %(n)s comments.", "n"),
    "hold": ngettext_lazy("Held %(n)s comment.", "Held %(n)s comments.", "n"),
    "mark_spam": ngettext_lazy(
        "Marked %(n)s comment as spam.", "Marked %(n)s comments as spam.", "n"
    ),
    "reject": ngettext_lazy("Rejected %(n)s comment.", "Rejected %(n)s comments.", "n"),
    "approve": ngettext_lazy("Published %(n)s comment.", "Published %(n)s comments.", "n"),
}


@dataclass(frozen=True)
class Undo:
    """What one press of a button of this person did, and can be taken back."""

    batch: str
    text: str
    number: int


def undo_of(request: HttpRequest) -> Undo | None:
    """Return what the address says was done last; None unless this person did it."""
    batch = request.GET.get("undo", "")
    if not batch.isalnum():
        return None
    mine = Decision.objects.filter(batch=batch, actor=request.user, undone_at=None)
    rows = list(mine.select_related("comment").order_by("pk"))
    return Undo(batch, _said(rows), len(rows)) if rows else None


def _said(rows: list[Decision]) -> str:
    decision = rows[0]
    if len(rows) > 1 and decision.verb in MANY:
        return MANY[decision.verb] % {"n": len(rows)}
    words = {
        "name": decision.comment.name,
        "time": events.clock(decision.at),
        "reason": decision.get_reason_display(),
    }
    return str(ONE[decision.verb]) % words


def take_back(request: HttpRequest) -> HttpResponse:
    """Undo what the form names, if this person did it, and say what became of each comment.

    One comment leads back to itself: it is to be decided again. Many lead to the list.
    """
    place, batch = place_of(request), request.POST.get("batch", "")
    mine = Decision.objects.filter(batch=batch, actor=request.user)
    if not (batch.isalnum() and mine.exists()):
        messages.warning(request, _("There is nothing to take back."))
        return HttpResponseRedirect(place.list_url())
    outcomes = moderation.undo(actor=request.user, batch=batch)
    for outcome in (*outcomes.conflicts, *outcomes.not_allowed):
        messages.warning(request, f"{outcome.comment}: {outcome.refusal}")
    if outcomes.done:
        messages.success(request, _restored(outcomes.done))
    only = outcomes.done[0] if len(outcomes.rows) == len(outcomes.done) == 1 else None
    return HttpResponseRedirect(place.url(only.pk) if only else place.list_url())


def _restored(comments: list[Comment]) -> str:
    n = len(comments)
    text = ngettext(
        "%(n)s comment is as it was before.", "%(n)s comments are as they were before.", n
    )
    return text % {"n": n}
