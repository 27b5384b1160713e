"""A finished page: all its bodies and headers, ready to be handed out."""

import hashlib
import time
import zlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

import brotli
from django.conf import settings
from django.utils.http import parse_etags

Headers = list[tuple[str, str]]

# What one page costs beside its bodies: headers, key, its place in the indexes.
OVERHEAD_BYTES = 3_000
NO_STORE = ("Cache-Control", "no-store")
# A page found missing may be made any moment by something that has no stamp of its own.
LIFETIMES = {200: float("inf"), 301: 3_600.0, 404: 60.0, 410: 3_600.0}
_OURS = ("content-length", "etag", "vary")
# What a 304 must say. All else is as in the page that is still good, or its tag would be another.
_UNCHANGED = ("cache-control", "etag", "vary", "x-accel-expires")


class Form(NamedTuple):
    """One encoding of a page."""

    etag: str
    headers: Headers
    headers_unchanged: Headers
    body: bytes


class Page:
    """A page as it was made, with the versions of what it was made of and the times it ends.

    `until`, `renew_at` and `ends`, the earlier of both, are seconds since the epoch; see
    freshness.Freshness. So is `begins`, when it was begun: by a clock that has been set back since
    it may show what has not begun. One that `is_ok` may be unchanged since it was asked for before.
    `is_used`, `is_dropped` and `words` belong to the shelf.
    """

    __slots__ = (
        "begins",
        "ends",
        "forms",
        "headers",
        "is_dropped",
        "is_ok",
        "is_used",
        "renew_at",
        "status",
        "status_line",
        "tag",
        "until",
        "versions",
        "words",
    )

    def __init__(
        self,
        status_line: str,
        headers: Headers,
        body: bytes,
        versions: Mapping[str, int],
        until: float = float("inf"),
        renew_at: float = float("inf"),
        begins: float | None = None,
    ):
        self.status_line = status_line
        self.status = int(status_line[:3])
        self.is_ok = self.status == HTTPStatus.OK
        self.headers = [*(one for one in headers if one[0].lower() not in _OURS)]
        self.headers.append(("Vary", "Accept-Encoding"))
        told = repr(self.headers).encode()  # a policy that has changed must reach who has the body
        self.tag = hashlib.blake2b(told + body, digest_size=12).hexdigest()
        self.versions = dict(versions)
        self.begins = time.time() if begins is None else begins
        self.until = until
        self.renew_at = min(renew_at, self.begins + LIFETIMES.get(self.status, 0.0))
        self.ends = min(self.until, self.renew_at)
        self.is_used = self.is_dropped = False
        self.words: list[tuple] = []
        self.forms: dict[str, Form] = {}
        self.forms[""] = self._form("", body)

    def is_true(self, now: float) -> bool:
        """Whether it shows, but for counters, what there is at that moment."""
        return self.begins <= now < self.until

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, all encodings together."""
        bodies = {id(form): form.body for form in list(self.forms.values())}
        return OVERHEAD_BYTES + sum(map(len, bodies.values()))

    def encoded(self, encoding: str) -> Form:
        """Return the page in an encoding; made now if nobody has asked for that before."""
        form = self.forms.get(encoding)
        if form is None:
            plain = self.forms[""]
            body = _compressed(plain.body, encoding)
            form = self._form(encoding, body) if len(body) < len(plain.body) else plain
            # Of those who made it at once, all get the first: no other is counted.
            form = self.forms.setdefault(encoding, form)
        return form

    def _form(self, encoding: str, body: bytes) -> Form:
        etag = f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'
        shared = [*self.headers, ("ETag", etag), *_for_a_proxy()]
        unchanged = [one for one in shared if one[0].lower() in _UNCHANGED]
        whole = [*shared, ("Content-Length", str(len(body)))]
        if encoding:
            whole.append(("Content-Encoding", encoding))
        return Form(etag, whole, unchanged, body)


def _for_a_proxy() -> Headers:
    """Let an nginx in front keep the page and ask each time whether it is still the same.

    A moment in the past says so; nothing else does. nginx takes the header away.
    """
    if not settings.TRUSTED_PROXIES:
        return []
    seconds = settings.PAGE_MAX_AGE
    return [("X-Accel-Expires", str(seconds) if seconds else "@1")]


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)
    packer = zlib.compressobj(6, wbits=31)  # a gzip header without name and time
    return packer.compress(body) + packer.flush()


def names(asked: str, etag: str) -> bool:
    """Whether an If-None-Match names the tag; a proxy may have made it weak on the way."""
    return any(tag.removeprefix("W/") in (etag, "*") for tag in parse_etags(asked))


def unstorable(headers: Headers) -> Headers:
    """Return the headers for a page that nobody may keep."""
    said = ("cache-control", "x-accel-expires")
    return [*(one for one in headers if one[0].lower() not in said), NO_STORE]
