"""One request of the stand and what must come back."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

Address = tuple[str, int]


@dataclass(frozen=True)
class Ask:
    """A request by its path, further headers and a body; anything but `status` is an error."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    status: int = 200

    def wire(self, address: Address) -> bytes:
        """Return the request as it is sent."""
        host, port = address
        head = [
            f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1",
            f"Host: {host}:{port}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        if self.body is not None:
            head.append("Content-Type: application/x-www-form-urlencoded")
            head.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*head, "", ""]).encode() + (self.body or b"")


def form(path: str, fields: dict[str, str], cookie: str, status: int) -> Ask:
    """Return the request that sends a form with a cookie."""
    return Ask(path, (("Cookie", cookie),), urlencode(fields).encode(), status)
