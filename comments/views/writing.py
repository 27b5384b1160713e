"""The comment form on its own address, which nothing keeps; the script is served there too."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from newsroom.models import SiteSettings

from .. import captcha, closing, csrf, moderation
from ..forms import UNCONFIRMED, CommentForm
from ..visits import Visit, private, visited


@csrf_exempt  # asked in _take(), so that a refusal does not cost the reader what he typed
@require_http_methods(["GET", "HEAD", "POST"])
@visited
def write(visit: Visit) -> HttpResponse:
    """Show the form, take it, renew its captcha or empty it; say so where comments are closed.

    Each form that is shown makes one captcha.
    """
    if sentence := closing.reason(visit.article, SiteSettings.load(), visit.at):
        return _closed(visit, sentence)
    sent = visit.request.POST
    match sent.get("action"):
        case "refresh":
            return visit.show("form", form=CommentForm.fresh(sent.get("captcha_key"), sent))
        case "clear":
            return visit.show("form", form=CommentForm.fresh(sent.get("captcha_key")))
    if visit.request.method == "POST":
        return _take(visit)
    return visit.show("form", form=CommentForm.fresh())


@require_safe
@visited
def sent(visit: Visit) -> HttpResponse:
    """Say that the comment has been received and what happens to it now."""
    return visit.show("done")


@require_safe
@private
def captcha_image(request: HttpRequest, key: str) -> HttpResponse:
    """Send the picture of a captcha; 410 for a key that is unknown, used or expired."""
    image = captcha.image(key)
    if image is None:
        return HttpResponse(status=410)
    return HttpResponse(image, content_type="image/png")


def _take(visit: Visit) -> HttpResponse:
    """Take what was sent, or show it again with what is wrong with it."""
    form = CommentForm(visit.request.POST)
    confirmed = csrf.is_confirmed(visit.request)
    if not confirmed:
        form.add_error(None, UNCONFIRMED)
    try:
        if _submitted(form, visit.article):
            return _thanks(visit)
    except moderation.Closed as closed:
        return _closed(visit, str(closed))
    form.settle_captcha()
    return visit.show("form", status=422 if confirmed else 403, form=form)


@transaction.atomic
def _submitted(form: CommentForm, article: Article) -> bool:
    """Store the comment and use its captcha up, both or neither.

    A wrong answer is used up too, and nothing is stored.
    """
    if not form.is_valid():
        return False
    result = captcha.consume(form.captcha_key, form.cleaned_data["answer"])
    if result is not captcha.Result.RIGHT:
        form.refuse_captcha(result)
        return False
    moderation.submit(article=article, **form.comment)
    return True


def _thanks(visit: Visit) -> HttpResponse:
    if visit.by_script:
        return visit.show("done", status=201)
    response = HttpResponseRedirect(reverse("comments:sent", args=[visit.article.pk]))
    response.status_code = 303
    return response


def _closed(visit: Visit, sentence: str) -> HttpResponse:
    """Say why comments are closed; a text that came too late is shown, to be copied."""
    return visit.show("closed", sentence=sentence, typed=visit.request.POST.get("text", ""))
