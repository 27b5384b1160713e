"""A like: a plain form on a page that is kept and holds no token, so its origin is looked at."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.views import errors
from newsroom import origins

from .. import likes, limits
from ..senders import device_of, sender_of
from ..visits import BY_SCRIPT, private
from .seen import Seen, gone, there


@csrf_exempt  # asked in give(), by origin
@require_POST
@private
def like(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Count one reader's like and lead back to the comment; the second time nothing changes.

    403 for a form that no page of ours sent, 404 and 410 as for the comment's own page, 429 where
    one network sends too many.
    """
    if not origins.is_ours(request):
        return errors.forbidden(request, PermissionError())
    return _give(request, timezone.now(), comment_id=comment_id)


@there
def _give(request: HttpRequest, found: Seen) -> HttpResponse:
    sender = sender_of(request)
    if limits.spend(likes.PER_NETWORK, sender.prefix_hash) > likes.PER_NETWORK.number:
        return _too_many(request, found)
    number = likes.give(
        comment_id=found.comment.pk,
        device=device_of(request),
        prefix=sender.prefix_hash,
        at=found.at,
    )
    if number is None:
        return gone(found.at)
    return _thanks(request, found, number)


def _thanks(request: HttpRequest, found: Seen, number: int) -> HttpResponse:
    said = ngettext(
        "Noted: %(number)s reader likes this comment.",
        "Noted: %(number)s readers like this comment.",
        number,
    ) % {"number": number}
    if _by_script(request):
        return JsonResponse({"likes": number, "said": said})
    return _back(found)


def _too_many(request: HttpRequest, found: Seen) -> HttpResponse:
    said = _("Too many likes came from your network. Please try again in ten minutes.")
    if _by_script(request):
        return JsonResponse({"likes": found.comment.likes, "said": said}, status=429)
    return HttpResponse(said, status=429, content_type="text/plain; charset=utf-8")


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get(BY_SCRIPT) == "fetch"


def _back(found: Seen) -> HttpResponse:
    """Lead to the comment where it stands alone: in the article it may be on another page."""
    address = reverse("comments:thread", args=[found.comment.pk])
    response = HttpResponseRedirect(f"{address}#y-kien-{found.comment.pk}")
    response.status_code = 303
    return response
