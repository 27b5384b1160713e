"""From which network the request comes that is being answered: what the log keeps of staff.

The verbs know nothing of requests, and are not told: only the log asks.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from . import clients

DIGITS = 32
_request: ContextVar[HttpRequest | None] = ContextVar("request being answered", default=None)


class Whence:
    """Middleware that remembers the request while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def network() -> str:
    """Return a keyed hash of the client's network: /24, or /56 of IPv6; "" outside a request."""
    request = _request.get()
    address = clients.address_of(request) if request else None
    if address is None:
        return ""
    name = clients.network_of(address)
    return salted_hmac("newsroom.network", name, algorithm="sha256").hexdigest()[:DIGITS]
