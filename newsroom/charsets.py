"""The one encoding in which a body is taken: ours.

Django reads a body by whatever codec its sender names, with some of which it breaks: those that
are none of text ("hex") or end in errors it does not expect ("punycode"), the latter on any page.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.urls import get_resolver
from django.utils.http import parse_header_parameters

OURS = ("", "utf-8", "utf8")
BODILESS = ("GET", "HEAD", "OPTIONS")

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


def only_ours(application: Application) -> Application:
    """Wrap a WSGI application: a body in another encoding is answered with the page for 400.

    What a request without a body says about it is passed over.
    """

    def served(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        kind, charset = _read(environ.get("CONTENT_TYPE", ""))
        if charset in OURS:
            return application(environ, start_response)
        if environ["REQUEST_METHOD"] in BODILESS:
            return application(environ | {"CONTENT_TYPE": kind}, start_response)
        return _refuse(start_response)

    return served


def _read(content_type: str) -> tuple[str, str]:
    """Return the kind and the encoding, "?" where what is said cannot be read."""
    try:
        kind, said = parse_header_parameters(content_type)
    except ValueError:  # a parameter in an encoding of its own, which does not exist
        return "", "?"
    return kind, said.get("charset", "").lower()


def _refuse(start_response: Callable) -> Iterable[bytes]:
    refused = HTTPStatus.BAD_REQUEST
    page = get_resolver().resolve_error_handler(refused)(None, BadRequest())
    start_response(f"{refused.value} {refused.phrase}", list(page.items()))
    return [page.content]
