"""The form as it is shown: each time with a code and a token that fit each other."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from newsroom import events

from .. import captcha, tickets
from ..form_token import FormToken
from ..forms import CommentForm
from ..models import Comment
from ..visits import Visit


def token_of(visit: Visit) -> FormToken | None:
    """Return the token of a sent form; None unless it was made for this article and this code.

    A comment that was to be answered and is gone meanwhile makes no other form of it.
    """
    sent = visit.request.POST
    token = FormToken.read(sent.get("token", ""))
    if not token:
        return None
    answered_id = token.answered_id if visit.answers_nobody else _answered_id(visit)
    fits = token.is_for(visit.article.pk, answered_id, sent.get("captcha_key", ""))
    return token if fits else None


def fresh(visit: Visit, form: CommentForm, token: FormToken | None = None) -> HttpResponse:
    """Show a form without complaints and with a new code in place of that of `token`."""
    _equip(visit, form, _renewed(visit, token), token)
    return _show(visit, form, 200)


def again(
    visit: Visit, form: CommentForm, token: FormToken | None, status: int = 422
) -> HttpResponse:
    """Show a sent form with what is wrong with it.

    A code that was not used, and its answer, stay in place: so a comment that is too long does not
    cost the reader a second captcha.
    """
    key, is_good = form.captcha_key, token and captcha.is_live(form.captcha_key)
    if not is_good and not form.by_mail and not form.has_error("answer"):
        form.refuse_code(captcha.Result.EXPIRED.value)
    if not is_good or form.has_error("answer"):
        key = _renewed(visit, token)
    _equip(visit, form, key, token)
    return _show(visit, form, status)


def busy(visit: Visit, until: dt.datetime) -> HttpResponse:
    """Answer 429: too much was asked for. What was typed is shown, to be copied."""
    typed = visit.request.POST.get("text", "")
    return waits(visit.show("busy", status=429, until=clock(until), typed=typed), until)


def thanks(visit: Visit, comment: Comment) -> HttpResponse:
    """Say that the comment has been received: to the script at once, else on its own page."""
    ticket = tickets.url_of(comment)
    if visit.by_script:
        unconfirmed = comment.state == Comment.State.UNCONFIRMED
        return visit.show("done", status=201, ticket=ticket, unconfirmed=unconfirmed)
    return HttpResponse(status=303, headers={"Location": ticket})


def closed(visit: Visit, sentence: str) -> HttpResponse:
    """Say that comments are closed; a text that came too late is shown, to be copied."""
    return visit.show("closed", typed=visit.request.POST.get("text", ""), sentence=sentence)


def clock(until: dt.datetime) -> str:
    """Return the minute by which a wait is over, as 10:42, with the day where that is not today."""
    return events.clock(until + dt.timedelta(seconds=59))


def waits(response: HttpResponse, until: dt.datetime) -> HttpResponse:
    """Tell programs how many seconds to wait."""
    response["Retry-After"] = max(1, round((until - timezone.now()).total_seconds()))
    return response


def _renewed(visit: Visit, token: FormToken | None) -> str:
    """Return the key of a new code; raises TooMany. Only a code that is this form's is retired."""
    visit.pressure.open()
    old = visit.request.POST.get("captcha_key") if token else None
    return captcha.renew(old, visit.sender.prefix_hash, visit.pressure.digits)


def _equip(visit: Visit, form: CommentForm, key: str, token: FormToken | None) -> None:
    """Put code and token into the form. It stays the same form unless it was stored already."""
    if token and not Comment.objects.filter(nonce=token.nonce).exists():
        token = token.again(_answered_id(visit), key)
    else:
        token = FormToken.new(visit.article.pk, _answered_id(visit), key)
    form.show_code(key)
    form.token = token.signed()


def _show(visit: Visit, form: CommentForm, status: int) -> HttpResponse:
    until = visit.pressure.rests_until
    shown: dict[str, Any] = {"form": form, "until": clock(until) if until else ""}
    shown["lost"] = visit.answers_nobody and not form.is_bound  # else a mistake says so
    return visit.show("form", status=status, **shown)


def _answered_id(visit: Visit) -> int | None:
    return visit.answered.pk if visit.answered else None
