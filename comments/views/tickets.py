"""The page of one's own comment, behind a signed address: what became of it, edit, take back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import listing
from articles.views.frame import Frame
from newsroom.refusals import Conflict, NotReady

from .. import csrf, moderation, tickets, waiting
from ..edit_form import EditForm
from ..forms import UNCONFIRMED
from ..models import Comment
from ..standing import standing
from ..visits import ROBOTS, private

TAKE_BACK, SAVED = "rut", "da-sua"


@csrf_exempt  # asked in _act(), so that a refusal does not cost the reader what he typed
@require_http_methods(["GET", "HEAD", "POST"])
@private
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Show what became of a comment to whoever holds its link; 404 for one we did not make."""
    comment = tickets.comment_of(token)
    if comment is None:
        raise Http404
    if request.method == "POST":
        return _act(request, comment)
    asks = TAKE_BACK in request.GET and comment.state in moderation.WITHDRAWABLE
    return _show(request, comment, asks_to_take_back=asks, is_saved=SAVED in request.GET)


def _act(request: HttpRequest, comment: Comment) -> HttpResponse:
    if not csrf.is_confirmed(request):
        return _show(request, comment, status=403, trouble=UNCONFIRMED, typed=_typed(request))
    match request.POST.get("action"):
        case "withdraw":
            return _withdraw(request, comment)
        case "edit":
            return _edit(request, comment)
    return _show(request, comment, status=422)


def _withdraw(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Take the comment back; done twice it is done."""
    try:
        moderation.withdraw(comment=comment)
    except Conflict:
        comment.refresh_from_db()
        if comment.state in moderation.WITHDRAWABLE:
            moderation.withdraw(comment=comment)
    return _back(comment)


def _edit(request: HttpRequest, comment: Comment) -> HttpResponse:
    form = EditForm(request.POST)
    if not form.is_valid():
        return _show(request, comment, status=422, form=form, typed=_typed(request))
    comment.version = form.cleaned_data["version"]
    try:
        moderation.edit(comment=comment, text=form.cleaned_data["text"], raw=_typed(request))
    except NotReady as refusal:
        form.add_error("text", " ".join(refusal.problems.values()))
        return _show(request, comment, status=422, form=form, typed=_typed(request))
    except Conflict:
        return _too_late(request, comment)
    return _back(comment, f"?{SAVED}=1")


def _too_late(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Say that the newsroom was faster, and give the reader back what he wrote."""
    comment.refresh_from_db()
    trouble = _("The comment was changed or decided meanwhile, so this was not saved.")
    return _show(request, comment, status=409, trouble=trouble, typed=_typed(request))


def _typed(request: HttpRequest) -> str:
    return request.POST.get("text", "")


def _back(comment: Comment, query: str = "") -> HttpResponse:
    response = HttpResponseRedirect(f"{tickets.url_of(comment)}{query}")
    response.status_code = 303
    return response


def _show(
    request: HttpRequest, comment: Comment, status: int = 200, typed: str = "", **context: Any
) -> HttpResponse:
    at = timezone.now()
    article, frame = comment.article, Frame.load(at)
    story = listing.story(article.pk, at)
    is_editable = comment.state in moderation.EDITABLE and not comment.legal_hold
    form = context.pop("form", None)
    if is_editable and form is None:
        form = EditForm({"version": comment.version, "text": typed}) if typed else None
        form = form or EditForm(initial={"version": comment.version, "text": comment.text})
    context |= {
        "page": frame.page(title=_("Your comment"), robots=ROBOTS),
        "comment": comment,
        "address": tickets.url_of(comment),
        "story": story,
        "headline": story.revision.headline if story else "",
        "standing": standing(comment),
        "wait": waiting.usual_wait(at) if comment.state == Comment.State.PENDING else "",
        "form": form if is_editable else None,
        "is_open": bool(form and form.is_bound),
        "late_text": "" if is_editable else typed,
        "may_take_back": comment.state in moderation.WITHDRAWABLE,
    }
    return render(request, "comments/ticket.html", context, status=status)
