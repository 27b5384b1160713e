"""Whether a form came from a page of ours, answered by yes or no.

Django's own protection answers a form without its cookie with a page on which the reader's text
is gone. The comment form asks here instead and shows the text again.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware


class _Verdict(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponseForbidden(reason)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the request carries the cookie and the token of a form we gave this browser."""
    verdict = _Verdict(lambda _request: HttpResponse())
    return verdict.process_view(request, None, (), {}) is None
