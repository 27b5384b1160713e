"""What the product answered once, for the bare servers to answer the same bytes."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .asking import Address, Ask

# What says how to read the body; whatever else a page tells is its own affair.
_NEEDED = ("content-type", "content-encoding", "content-length", "etag")


@dataclass(frozen=True)
class Answer:
    """A status line, headers and a body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def to(cls, address: Address, ask: Ask) -> Self:
        """Ask over a connection of its own and return the answer, whatever it is."""
        connection = http.client.HTTPConnection(*address, timeout=30)
        connection.request("GET", ask.path, headers=dict(ask.headers))
        found = connection.getresponse()
        body = found.read()
        connection.close()
        return cls(f"{found.status} {found.reason}", found.getheaders(), body)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the answer that was written there."""
        head, _, body = Path(path).read_bytes().partition(b"\n")
        status, headers = json.loads(head)
        return cls(status, [tuple(pair) for pair in headers], body)

    def write(self, path: Path) -> None:
        """Write the answer to a file, with the least headers it needs."""
        needed = [pair for pair in self.headers if pair[0].lower() in _NEEDED]
        path.write_bytes(json.dumps([self.status, needed]).encode() + b"\n" + self.body)

    def header(self, name: str) -> str:
        """Return a header; "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")
