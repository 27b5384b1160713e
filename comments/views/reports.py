"""The form by which a reader reports a comment, and the ticket he gets for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsroom import origins
from newsroom.refusals import Conflict

from .. import csrf, limits, moderation, shown
from ..forms import UNCONFIRMED
from ..report_form import ReportForm
from ..senders import sender_of
from ..visits import ROBOTS, private
from .seen import Seen, around, gone, there

PER_NETWORK = limits.Limit("reports", 10, 3600)


@csrf_exempt  # asked in _take(), so that a refusal does not cost the reader what he typed
@require_http_methods(["GET", "HEAD", "POST"])
@private
def report(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show the form and take it; 404 and 410 as for the comment's own page.

    422 for what is missing, 403 for a form we did not give this browser, 429 where one network
    sends too many: what was typed stands there again each time.
    """
    return _answer(request, timezone.now(), comment_id=comment_id)


@there
def _answer(request: HttpRequest, found: Seen) -> HttpResponse:
    if request.method == "POST":
        return _take(request, found)
    return _show(request, found, form=ReportForm())


def _take(request: HttpRequest, found: Seen) -> HttpResponse:
    form = ReportForm(request.POST)
    if not csrf.is_confirmed(request):
        form.add_error(None, UNCONFIRMED)
        form = ReportForm() if origins.is_foreign(request) else form
        return _show(request, found, status=403, form=form)
    if not form.is_valid():
        return _show(request, found, status=422, form=form)
    sender = sender_of(request)
    if limits.spend(PER_NETWORK, sender.prefix_hash) > PER_NETWORK.number:
        form.add_error(None, _("Too many reports came from your network. Try again in an hour."))
        return _show(request, found, status=429, form=form)
    try:
        made = moderation.report(comment=found.comment, sender=sender, **form.cleaned_data)
    except Conflict:
        return gone(found.at)
    return _show(request, found, status=201, ticket=made.ticket)


def _show(request: HttpRequest, found: Seen, status: int = 200, **context) -> HttpResponse:
    context |= around(found.story, found.at, _("Report a comment: %(headline)s"), robots=ROBOTS)
    context["comment"] = shown.shown(found.comment)
    return render(request, "comments/report.html", context, status=status)
