"""What somebody is told whose request was not taken in: why, and where his text still is."""

from enum import Enum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

# The name in environ under which the gate says why; no header of a request can have it.
REFUSED = "newsroom.refused"
RETRY_AFTER_SECONDS = 5


class Reason(Enum):
    """Why a request was not taken in: the status, what it is called, and what to do about it."""

    BUSY = (
        503,
        _("The server is busy at the moment"),
        _("Too much is being sent at once. Please send it again in a few seconds."),
    )
    CROWDED = (
        503,
        _("The server is busy at the moment"),
        _("Too many ask at once. Please open the page again in a few seconds."),
    )
    LARGE = (
        413,
        _("What you sent is too large"),
        _("Comments may be as long as the form says, photos up to 20 MB. Please make it smaller."),
    )
    UNMEASURED = (
        411,
        _("The request cannot be read"),
        _("It does not say how long it is. Please use the form on our page."),
    )
    BROKEN = (
        400,
        _("The request cannot be read"),
        _("It did not arrive whole. Please send it again."),
    )

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.value[0]


class RefusalMiddleware:
    """Answers what the gate refused, before anything asks the database or looks at a form."""

    def __init__(self, get_response: Any):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on all other requests."""
        reason = request.META.get(REFUSED)
        return answer(reason) if reason else self.get_response(request)


def answer(reason: Reason) -> HttpResponse:
    """Return the page that says why; the browser's way back leads to what was typed."""
    _status, title, advice = reason.value
    context = {"title": title, "advice": advice}
    response = HttpResponse(render_to_string("refused.html", context), status=reason.status)
    response["Cache-Control"] = "no-store"
    if reason.status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
