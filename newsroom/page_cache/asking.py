"""What a request asks for, as the key under which its page is kept."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from newsroom import parameters

# Nothing of ours is longer; what is longer is not remembered, so that nobody fills the memory.
MAX_HOST, MAX_PATH, MAX_ACCEPTED = 260, 512, 100

_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")


class Key(NamedTuple):
    """Host without its port, path as the server gives it, and what the page reads of the query."""

    host: str
    path: str
    query: str = ""


def key_of(environ: dict[str, Any]) -> Key | None:
    """Return the key of what a GET or HEAD asks for, None for what no public page can answer.

    With a query this asks the URLconf which parameters the page reads; without one it does not
    know yet whether there is a page.
    """
    name, path = environ.get("HTTP_HOST", ""), environ["PATH_INFO"]
    if len(name) > MAX_HOST or len(path) > MAX_PATH or not _is_secure_enough(environ):
        return None
    host, query = _host(name), environ.get("QUERY_STRING", "")
    if not host:
        return None
    if not query:
        return Key(host, path)
    names = parameters_of(get_path_info(environ))
    if names is None or len(query) > parameters.MAX_QUERY:
        return None
    return Key(host, path, parameters.read(query, names))


@lru_cache(maxsize=1_024)
def _host(name: str) -> str:
    """Return the host in one way of writing, "" for one that is not ours."""
    domain, _port = split_domain_port(name)
    allowed = settings.ALLOWED_HOSTS or [".localhost", "127.0.0.1", "[::1]"] * settings.DEBUG
    return domain if domain and validate_host(domain, allowed) else ""


def _is_secure_enough(environ: dict[str, Any]) -> bool:
    """Whether it may be answered at all: a site of HTTPS leads everything else there first."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    header, value = settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme", "https")
    return environ.get(header) == value


@lru_cache(maxsize=4_096)
def parameters_of(path: str) -> tuple[str, ...] | None:
    """Return the parameters that the public page at the path reads, None where there is none."""
    try:
        view = resolve(path).func
    except Resolver404:
        return None
    return getattr(view, "parameters", None)


def encoding_of(accepted: str) -> str:
    """Return the best encoding of those an Accept-Encoding names: "br", "gzip" or ""."""
    if len(accepted) > MAX_ACCEPTED:
        return ""
    parts = [part for part in accepted.lower().split(",") if not _REFUSED.search(part)]
    names = {part.partition(";")[0].strip() for part in parts}
    return next((name for name in ("br", "gzip") if name in names), "")
