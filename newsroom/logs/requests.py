"""One line for each request that Django answers: which page, how it went, how long it took.

No address, no query, no browser: the page by the name of its route, who asked by his role.
"""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from newsroom import clients
from newsroom.freshness import WANTED

from . import networks
from .lines import request_id

logger = logging.getLogger("newsroom.requests")

# Asked every few seconds by a machine.
UNTOLD = ("healthz",)


class RequestLog:
    """The middleware, the outermost one; costs nothing where the log is switched off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and log that."""
        if not logger.isEnabledFor(logging.INFO):
            return self.get_response(request)
        begun, number = time.perf_counter(), request_id.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            fields = _fields(request, response, time.perf_counter() - begun)
            if fields["route"] not in UNTOLD:
                logger.info("", extra={"fields": fields})
        finally:
            request_id.reset(number)
        return response


def _fields(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, Any]:
    match = request.resolver_match
    address = clients.address_of(request)
    size = response.get("Content-Length", 0) if response.streaming else len(response.content)
    return {
        "route": match.view_name if match else "",
        "method": request.method if request.method in _METHODS else "",
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": int(size),
        "cache": "miss" if WANTED in request.environ else "none",
        "role": _role(request),
        "net": networks.hidden(clients.network_of(address)) if address else "",
    }


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _role(request: HttpRequest) -> str:
    """Return the roles of who asked, "" for a reader; asks the database nothing for it."""
    user = getattr(request, "_cached_user", None)
    if user is None or not user.is_authenticated:
        return ""
    return "+".join(sorted(user.__dict__.get("roles", ()))) or "staff"
