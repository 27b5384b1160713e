"""Where a request comes from: the address of the peer, or what a proxy we know says of it."""

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]

# What one reader, or one small network, usually has.
PREFIXES = {4: 24, 6: 56}


def address_of(request: HttpRequest) -> Address | None:
    """Return the client's address; None where the server was not reached over a network.

    X-Forwarded-For counts only as far as proxies of TRUSTED_PROXIES wrote it: from the right, the
    first hop that is none of them is the client. Left of what is no address nobody vouches for
    anything.
    """
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    while address and hops and _is_trusted(address):
        hop = _parsed(hops.pop())
        if hop is None:
            break
        address = hop
    return address


def network_of(address: Address) -> str:
    """Return the network an address belongs to: /24, or /56 of IPv6."""
    prefix = PREFIXES[address.version]
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _parsed(text: str) -> Address | None:
    """Return the address a text names, a mapped IPv4 address as itself."""
    text = text.strip()
    if text.startswith("[") or text.count(":") == 1:  # with a port
        text = text.removeprefix("[").partition("]")[0] if "[" in text else text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.removeprefix("["))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def scheme_by_known_proxies(application: Application) -> Application:
    """Wrap a WSGI application: that a request came by HTTPS is believed of known proxies alone.

    What others say of it is dropped, under whatever name the server took it for the header.
    """
    if not settings.SECURE_PROXY_SSL_HEADER:
        return application
    header = settings.SECURE_PROXY_SSL_HEADER[0]

    def served(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if header in environ and not _is_known(environ.get("REMOTE_ADDR", "")):
            del environ[header]
        return application(environ, start_response)

    return served


@lru_cache(maxsize=1_024)
def _is_known(peer: str) -> bool:
    """Whether the peer is a proxy whose word is taken; one on the same machine has no address."""
    address = _parsed(peer)
    return address is None or _is_trusted(address)
