"""The comment form on its own address, which nothing keeps; the script is served there too."""

from http import HTTPStatus

from django.core.exceptions import TooManyFieldsSent
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsroom import origins
from newsroom.models import SiteSettings
from newsroom.refusals import NotReady

from .. import captcha, closing, consent, csrf, moderation, pressure, spam, tallies
from ..captcha import Result
from ..form_token import FormToken
from ..forms import FOREIGN, UNCONFIRMED, CommentForm
from ..models import Comment
from ..senders import hashed
from ..visits import Visit, visited
from .showing import again, busy, clock, closed, fresh, thanks, token_of, waits

MAX_FIELDS = 100  # a form of ours has about ten
MAIL = "mail"
GONE = _("The comment you answer is not there any more.")
RESTS = _("Too many wrong codes came from your network. Codes are taken again at %(time)s.")
TOO_MANY_LETTERS = _(
    "Too many letters were asked for. Please wait until %(time)s, or type the code instead."
)


@csrf_exempt  # asked in _take(), so that a refusal does not cost the reader what he typed
@require_http_methods(["GET", "HEAD", "POST"])
@visited
def write(visit: Visit) -> HttpResponse:
    """Show the form, take it, renew its code or empty it; say so where comments are closed.

    Each form that is shown makes one captcha. Raises TooManyFieldsSent for what no form sends.
    """
    if sum(len(values) for _name, values in visit.request.POST.lists()) > MAX_FIELDS:
        raise TooManyFieldsSent
    try:
        if sentence := closing.reason(visit.article, SiteSettings.load(), visit.at):
            return closed(visit, sentence)
        return _answer(visit)
    except moderation.Closed as refusal:
        return closed(visit, str(refusal))
    except pressure.TooMany as refusal:
        return busy(visit, refusal.until)


def _answer(visit: Visit) -> HttpResponse:
    sent = visit.request.POST
    if sent and origins.is_foreign(visit.request):
        response = fresh(visit, CommentForm.unsent({}))
        response.status_code = HTTPStatus.FORBIDDEN
        return response
    match sent.get("action"):
        case "refresh":
            visit.pressure.renew()
            return fresh(visit, CommentForm.unsent(sent), token_of(visit))
        case "renew":  # by the script, before the code expires
            return fresh(visit, CommentForm.unsent(sent), token_of(visit))
        case "clear":
            return fresh(visit, CommentForm.unsent({}), token_of(visit))
    if visit.request.method == "POST":
        return _take(visit, by_mail=sent.get("action") == MAIL)
    return fresh(visit, CommentForm.unsent({}))


def _take(visit: Visit, by_mail: bool) -> HttpResponse:
    """Take what was sent, or show it again with what is wrong with it."""
    form, token = CommentForm(visit.request.POST, by_mail=by_mail), token_of(visit)
    if not csrf.is_confirmed(visit.request):
        form.add_error(None, UNCONFIRMED)
        return again(visit, form, token, status=403)
    if before := _sent_before(token, form):
        return thanks(visit, before)
    if not token:
        form.refuse_code(FOREIGN)
    if visit.answers_nobody:
        form.add_error(None, GONE)
    if not form.is_valid():
        return again(visit, form, token)
    try:
        return (_take_mailed if by_mail else _take_solved)(visit, form, token)
    except IntegrityError:  # the same form came twice at once, and the other was faster
        return _sent_meanwhile(visit, form, token)
    except NotReady as refusal:
        form.add_error(None, str(refusal))
        return again(visit, form, token)


def _take_solved(visit: Visit, form: CommentForm, token: FormToken) -> HttpResponse:
    if until := visit.pressure.rests_until:
        form.add_error(None, RESTS % {"time": clock(until)})
        return waits(again(visit, form, token, status=429), until)
    result, comment = _store_solved(visit, form, token)
    if result is Result.EXPIRED and (before := _sent_before(token, form)):
        return thanks(visit, before)
    tallies.count(result.value)
    if comment:
        visit.pressure.solve()
        return thanks(visit, comment)
    if result is Result.WRONG:
        visit.pressure.fail()
    form.refuse_code(result.value)
    return again(visit, form, token)


@transaction.atomic
def _store_solved(
    visit: Visit, form: CommentForm, token: FormToken
) -> tuple[Result, Comment | None]:
    """Store the comment and use its captcha up, both or neither.

    A wrong answer is used up too, and nothing is stored.
    """
    result = captcha.consume(form.captcha_key, form.cleaned_data["answer"])
    return result, _submit(visit, form, token) if result is Result.RIGHT else None


def _take_mailed(visit: Visit, form: CommentForm, token: FormToken) -> HttpResponse:
    """Take a comment without a code: it waits until its writer has opened a mailed link.

    Nothing is stored where the letter with that link cannot go.
    """
    email = form.cleaned_data["email"]
    try:
        pressure.spend(pressure.MAILED_BY_NETWORK, visit.sender.prefix_hash)
        pressure.spend(pressure.MAILED_TO, hashed("email", email.casefold()))
        comment = _store_mailed(visit, form, token)
    except pressure.TooMany as refusal:
        form.add_error(None, TOO_MANY_LETTERS % {"time": clock(refusal.until)})
        return waits(again(visit, form, token, status=429), refusal.until)
    tallies.count("mailed")
    return thanks(visit, comment)


@transaction.atomic
def _store_mailed(visit: Visit, form: CommentForm, token: FormToken) -> Comment:
    comment = _submit(visit, form, token, confirmed=False)
    captcha.retire(form.captcha_key)
    return comment


def _submit(visit: Visit, form: CommentForm, token: FormToken, confirmed: bool = True) -> Comment:
    return moderation.submit(
        article=visit.article,
        answered=visit.answered,
        sender=visit.sender,
        confirmed=confirmed,
        circumstances=_circumstances(visit, form, token),
        nonce=token.nonce,
        consent=consent.in_force(token.issued_at),  # as the reader was shown it
        **form.comment,
    )


def _circumstances(visit: Visit, form: CommentForm, token: FormToken) -> spam.Circumstances:
    raw = "\n".join(visit.request.POST.get(name, "") for name in ("name", "text"))
    return spam.Circumstances(seconds=token.age, trapped=form.is_trapped, raw=raw)


def _sent_before(token: FormToken | None, form: CommentForm) -> Comment | None:
    """Return the comment this very form has become: sent twice, after "back", after a timeout."""
    if not token:
        return None
    form.is_valid()
    text = form.cleaned_data.get("text")
    same = Q(text=text) | Q(original_text=text)  # redacted by the desk meanwhile
    return Comment.objects.filter(same, nonce=token.nonce).first() if text else None


def _sent_meanwhile(visit: Visit, form: CommentForm, token: FormToken) -> HttpResponse:
    if before := _sent_before(token, form):
        return thanks(visit, before)
    form.refuse_code(Result.EXPIRED.value)
    return again(visit, form, token)
