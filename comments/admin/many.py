"""Many comments by one press of a button: each by itself, each with its own result."""

import secrets

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from newsroom.fields import row_number
from newsroom.refusals import NotReady

from .. import moderation
from ..models import Comment
from ..wording import to_the_reader
from .listing import MOST_TICKED
from .place import Place, place_of

# What stands on the buttons, in the order of the bar.
LABELS = {
    "reopen": _lazy("Put back into the queue"),
    "remove": _lazy("Remove"),
    "hold": _lazy("Hold"),
    "mark_spam": _lazy("Spam"),
    "reject": _lazy("Reject"),
    "approve": _lazy("Publish"),
}
NAMED = 10  # of those that were not done


def new_batch() -> str:
    """Return a name for all that one press of a button does."""
    return secrets.token_hex(16)


def arguments_of(verb: str, data: QueryDict) -> dict[str, str]:
    """Return what a verb is told, as a form says it; the reader's words begin with the reason's."""
    told = {name: data.get(name, "") for name in moderation.WHY.get(verb, ())}
    if "reader_note" in told:
        told["reader_note"] = told["reader_note"].strip() or to_the_reader(told["reason"])
    return told


def ticked_rows_alone(data: QueryDict) -> QueryDict:
    """Return a form without ticks that are no number of a row, and without Django's tick for all.

    Nobody decides on comments he has not seen: only what was ticked one by one.
    """
    data = data.copy()
    data.pop("select_across", None)
    ticks = data.getlist(ACTION_CHECKBOX_NAME)
    data.setlist(ACTION_CHECKBOX_NAME, [tick for tick in ticks if row_number(tick) is not None])
    return data


def decide(request: HttpRequest, verb: str) -> HttpResponseRedirect:
    """Do one verb on all that is ticked and lead back to the list.

    Raises NotReady for a verb that was not told what it needs.
    """
    place = place_of(request)
    ticked = {row_number(tick) for tick in request.POST.getlist(ACTION_CHECKBOX_NAME)}
    if len(ticked) > MOST_TICKED:
        most = _("At most %(most)s comments can be decided at once.") % {"most": MOST_TICKED}
        raise NotReady({"ticks": most})
    batch = new_batch()
    outcomes = moderation.decide_many(
        actor=request.user,
        comments=_as_seen(request, place, ticked),
        verb=verb,
        batch=batch,
        **arguments_of(verb, request.POST),
    )
    there = {row.comment.pk for row in outcomes.rows}
    _tell(request, outcomes, gone=sorted(ticked - there))
    more = {"undo": batch} if outcomes.done else {}
    return HttpResponseRedirect(place.list_url(**more))


def _as_seen(request: HttpRequest, place: Place, ticked: set[int]) -> list[Comment]:
    """Return the ticked comments in the tab's order, each in the state and version it was shown.

    Also those of other sections: the verb itself refuses them, and the outcome says so.
    """
    shown = dict(row.split("-", 1) for row in request.POST.getlist("seen") if "-" in row)
    back = "-" if place.tab.newest_first else ""
    rows = Comment.objects.filter(pk__in=ticked).select_related("article")
    rows = list(rows.order_by(f"{back}{place.tab.key}", f"{back}pk"))
    for comment in rows:
        comment.version = row_number(shown.get(str(comment.pk))) or comment.version
        if comment.state not in place.tab.states:
            comment.state = place.tab.states[0]
    return rows


def _tell(request: HttpRequest, outcomes: moderation.Outcomes, gone: list[int]) -> None:
    """Say what was not done and why, row by row; what was done stands beside its undo.

    Of a comment that is not this person's to see nothing is told but its number.
    """
    decided = [row for row in outcomes.conflicts if not isinstance(row.refusal, moderation.Taken)]
    numbers = (
        (len(decided), _("%(n)s decided already")),
        (len(outcomes.conflicts) - len(decided), _("%(n)s open elsewhere")),
        (len(outcomes.not_allowed), _("%(n)s not yours")),
        (len(gone), _("%(n)s not there")),
    )
    parts = [text % {"n": n} for n, text in numbers if n]
    skipped = sum(n for n, _text in numbers)
    if not skipped:
        return
    words = {"n": skipped, "why": ", ".join(parts)}
    messages.warning(request, _("Passed over %(n)s (%(why)s).") % words)
    for line in _lines(outcomes, gone)[:NAMED]:
        messages.warning(request, line)
    if skipped > NAMED:
        messages.warning(request, _("And %(n)s more.") % {"n": skipped - NAMED})


def _lines(outcomes: moderation.Outcomes, gone: list[int]) -> list[str]:
    number, nothing = _("Comment no. %(number)s: %(why)s"), _("There is none of this number.")
    return [
        *(f"{row.comment.name}, {row.comment}: {row.refusal}" for row in outcomes.conflicts),
        *(number % {"number": row.comment.pk, "why": row.refusal} for row in outcomes.not_allowed),
        *(number % {"number": pk, "why": nothing} for pk in gone),
    ]
