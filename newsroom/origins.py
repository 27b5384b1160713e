"""Whether a request was sent by a page of ours, told without a cookie and without a token."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent the request; in doubt it did not.

    Newer browsers say so in words no page can forge (Sec-Fetch-Site), all others by Origin; the
    referer has a say only where there is no Origin.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    # A browser says "null" where it hides the origin: then the referer has no say either.
    origin = request.headers.get("Origin")
    named = _origin(request.headers.get("Referer", "")) if origin is None else origin
    return named in _ours(request)


def is_foreign(request: HttpRequest) -> bool:
    """Whether the browser says that somebody else's page sent the request; in doubt it did not.

    What such a page typed is nobody's here: shown again in a form of ours, one click would send it.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("cross-site", "same-site")
    return (request.headers.get("Origin") or "null") not in {"null", *_ours(request)}


def _ours(request: HttpRequest) -> set[str]:
    return {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
