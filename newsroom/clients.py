"""Where a request comes from: the address of the peer, or what a proxy we know says of it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

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
