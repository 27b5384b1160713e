"""A reader's rights over his own comments: by their own page, or by a letter to his address."""

from contextlib import suppress

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import listing
from articles.views.frame import Frame, answer
from newsroom.refusals import Refused

from .. import limits, notices, own_data, senders, tickets
from ..models import MAX_EMAIL, Comment, Notice
from ..visits import ROBOTS, private
from .mail import old_link

State = Comment.State
REQUESTS = limits.Limit("own-data", 10, 3_600)  # from one network


class AddressForm(forms.Form):
    """The address whose comments are asked for."""

    email = forms.EmailField(
        label=_lazy("E-mail"),
        max_length=MAX_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_safe
@private
def export_one(request: HttpRequest, token: str) -> HttpResponse:
    """Send what is kept of a comment, and of the others of its confirmed address, as a file."""
    comment = _comment(token)
    own_data.note_export(comment)
    return _file(own_data.of_ticket(comment), f"binh-luan-{comment.pk}")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def erase_one(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether a comment is to be erased; erase it on POST."""
    comment, problem = _comment(token), ""
    if request.method == "POST":
        try:
            own_data.erase(comment)
        except Refused as refused:
            problem = str(refused)
        else:
            return _see(request.path)
    title, is_gone = _("Erase the comment for good"), comment.state == State.PURGED
    shown = {
        "token": token,
        "problem": problem,
        "comment": comment,
        "is_gone": is_gone,
        "story": listing.story(comment.article_id, timezone.now()) if is_gone else None,
    }
    return _page("comments/erase.html", title, 409 if problem else 200, **shown)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def request_link(request: HttpRequest) -> HttpResponse:
    """Send a link to all comments of an address to that address; says the same of any address."""
    form = AddressForm(request.POST or None, auto_id="own-data-%s")
    title, status = _("Find your comments again"), 200
    if request.method == "POST":
        whose = senders.sender_of(request).prefix_hash
        if limits.spend(REQUESTS, whose) > REQUESTS.number:
            return _page("comments/own_data_request.html", title, 429, form=form, too_often=True)
        if form.is_valid():
            _write(form.cleaned_data["email"])
            return _see(reverse("comments:own_data_asked"))
        status = 422
    return _page("comments/own_data_request.html", title, status, form=form)


@require_safe
@private
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a letter is on its way, if there is anything to write about."""
    return _page("comments/own_data_request.html", _("Look into your letters"), asked=True)


@require_safe
@private
def address(request: HttpRequest, token: str) -> HttpResponse:
    """Show all comments of the address a letter went to."""
    comment = notices.comment_of(notices.ADDRESS, token)
    if comment is None:
        return old_link()
    rows = own_data.of_address(comment.email)
    listed = [(row, tickets.url_of(row)) for row in rows[: own_data.AT_ONCE]]
    shown = {"comments": listed, "number": rows.count(), "token": token, "email": comment.email}
    return _page("comments/own_data.html", _("Your comments"), **shown)


@require_safe
@private
def export_address(request: HttpRequest, token: str) -> HttpResponse:
    """Send what is kept of all comments of the address, as a file."""
    comment = notices.comment_of(notices.ADDRESS, token)
    if comment is None:
        return old_link()
    own_data.note_export(comment)
    return _file(own_data.of_address(comment.email), "binh-luan")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def erase_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether all comments of the address are to be erased; erase them on POST."""
    comment = notices.comment_of(notices.ADDRESS, token)
    if comment is None:
        return old_link()
    erasure = own_data.erase_address(comment) if request.method == "POST" else None
    left = own_data.of_address(comment.email).filter(legal_hold=False).count()
    shown = {"token": token, "erasure": erasure, "left": left}
    return _page("comments/erase_all.html", _("Erase all your comments for good"), **shown)


def _comment(token: str) -> Comment:
    comment = tickets.comment_of(token)
    if comment is None:
        raise Http404
    return comment


def _write(email: str) -> None:
    """Put the letter into the outbox, about the newest comment of the address if there is one.

    Where too many went there none does, unsaid: a stranger would learn that the address is known.
    """
    newest = Comment.objects.filter(email=email.lower()).order_by("-submitted_at").first()
    if newest:
        with suppress(limits.TooMany):
            notices.write(newest, Notice.Kind.OWN_DATA)


def _file(rows, name: str) -> HttpResponse:
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(own_data.export(rows), json_dumps_params=options)
    day = timezone.localdate()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day:%Y-%m-%d}.json"'
    return response


def _see(path: str) -> HttpResponse:
    response = HttpResponseRedirect(path)
    response.status_code = 303
    return response


def _page(template: str, title: str, status: int = 200, **shown) -> HttpResponse:
    page = Frame.load(timezone.now()).page(title=title, robots=ROBOTS)
    return answer(template, page, status=status, **shown)
