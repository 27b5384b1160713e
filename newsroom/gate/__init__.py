"""The way in for what requests bring: a form that does not come keeps nobody else waiting.

The server gives each request a thread and reads a body at its sender's pace, however slow: it has
no time-out for that and cannot be made to let go. So threads are many, and cheap, because most of
them wait: a body is taken in whole before anything is done with it, in no more threads than leave
enough for all who read. The work is done by few (`few_at_work`), as many as there are connections
to the database.
"""

import re
import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .answers import REFUSED, Reason

Environ = dict[str, Any]
Application = Callable[[Environ, Callable], Iterable[bytes]]

BODILESS = ("GET", "HEAD", "OPTIONS", "TRACE")
# What is sent: by readers a form; at the desk an article (2.5 MB of fields) or photos.
READERS_BYTES, DESK_BYTES = 64 * 1024, 25 * 1024 * 1024
DESK = "/admin/"
CHUNK_BYTES, IN_MEMORY_BYTES = 64 * 1024, 256 * 1024

_NUMBER = re.compile(r"[0-9]{1,12}")


class Gate:
    """A WSGI application around another, which gets no body but whole ones; `places` at once."""

    def __init__(self, application: Application, places: int):
        self.application = application
        self._places = threading.BoundedSemaphore(places)

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """Answer a request; see the module. Requests without a body pass untouched."""
        if environ["REQUEST_METHOD"] in BODILESS:
            return self.application(environ, start_response)
        length, reason = _measured(environ)
        if reason:
            return self._refuse(reason, environ, start_response)
        with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as body:
            if reason := self._take_in(environ["wsgi.input"], length, body):
                return self._refuse(reason, environ, start_response)
            return self.application({**environ, "wsgi.input": body}, start_response)

    def _refuse(
        self, reason: Reason, environ: Environ, start_response: Callable
    ) -> Iterable[bytes]:
        """Let Django say why, with the headers that all its pages have, and without the body."""
        told = {REFUSED: reason, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
        return self.application({**environ, **told}, start_response)

    def _take_in(self, source: Any, length: int, body: IO[bytes]) -> Reason | None:
        """Read the body, as long as that takes; at once return why not, where too many do so."""
        if not length:
            return None
        if not self._places.acquire(blocking=False):
            return Reason.BUSY
        try:
            return _read(source, length, body)
        finally:
            self._places.release()


def _measured(environ: Environ) -> tuple[int, Reason | None]:
    """Return how long the body is said to be, or why it is not even begun to be read."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return 0, Reason.UNMEASURED
    said = environ.get("CONTENT_LENGTH") or "0"
    if not _NUMBER.fullmatch(said):
        return 0, Reason.BROKEN
    limit = DESK_BYTES if environ["PATH_INFO"].startswith(DESK) else READERS_BYTES
    return int(said), Reason.LARGE if int(said) > limit else None


def _read(source: Any, length: int, body: IO[bytes]) -> Reason | None:
    """Copy so many bytes and go back to the first one; return what was wrong."""
    left = length
    try:
        while left:
            chunk = source.read(min(CHUNK_BYTES, left))
            if not chunk:
                return Reason.BROKEN  # the sender has gone
            left -= len(chunk)
            body.write(chunk)
        body.seek(0)
    except OSError:
        return Reason.BUSY  # no room for a file, or the connection broke
    return None
