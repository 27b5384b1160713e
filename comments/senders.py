"""Who sends, as far as the newsroom keeps it: keyed hashes of address, network and device.

Without SECRET_KEY nobody can tell an address from its hash. They are dropped after 90 days.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from newsroom import clients

DIGITS = 32


@dataclass(frozen=True)
class Sender:
    """Where a comment, a like or a report comes from."""

    address_hash: str = ""
    prefix_hash: str = ""


def sender_of(request: HttpRequest) -> Sender:
    """Return the sender of a request, empty where its address is not known."""
    address = clients.address_of(request)
    if address is None:
        return Sender()
    network = clients.network_of(address)
    return Sender(hashed("address", str(address)), hashed("network", network))


def device_of(request: HttpRequest) -> str:
    """Return a hash of network and browser: what counts as one device without a cookie."""
    address = clients.address_of(request)
    network = clients.network_of(address) if address else ""
    browser = [request.headers.get(name, "") for name in ("User-Agent", "Accept-Language")]
    return hashed("device", "\n".join([network, *browser]))


def hashed(kind: str, value: str) -> str:
    """Return the keyed hash of a value: 32 hex digits, the same for the same kind and value."""
    return salted_hmac(f"comments.{kind}", value, algorithm="sha256").hexdigest()[:DIGITS]
