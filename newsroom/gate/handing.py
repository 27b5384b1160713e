"""Files handed to the server whole, so that a slow reader holds none of its threads."""

from collections.abc import Callable, Iterable
from typing import Any

# Sizes of photos, scripts, fonts: none of ours is larger.
WHOLE_BYTES = 4 * 1024 * 1024

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


def handed_over_whole(application: Application) -> Application:
    """Wrap a WSGI application: what it would send piece by piece is sent as one, unless too large.

    The server sends what it has got without a thread; pieces it fetches at the reader's pace.
    """

    def served(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        response = application(environ, start_response)
        if not getattr(response, "streaming", False):
            return response
        if not 0 <= int(response.get("Content-Length", -1)) <= WHOLE_BYTES:
            return response
        try:
            return [b"".join(response)]
        finally:
            response.close()

    return served
