"""The load generator, a process of its own: keep-alive connections that are never idle.

python -m tests.bench.load HOST PORT CONNECTIONS SECONDS < paths

With SECONDS 0 every path is asked for once, else all of them in turn for so long. Prints requests
and seconds as JSON; anything but a whole answer with status 200 ends it with an error.
"""

import itertools
import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
CHUNK_BYTES = 1 << 18


class Connection:
    """One keep-alive connection: a request out, its answer in, the next request."""

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes]):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.answered = 0

    def send(self) -> bool:
        """Send the next request; return whether there was one."""
        request = next(self.requests, None)
        self._head, self._missing = b"", None
        if request is not None:
            self.socket.sendall(request)
        return request is not None

    def receive(self) -> bool:
        """Take in what came; return whether the answer is whole. Raises RuntimeError."""
        data = self.socket.recv(CHUNK_BYTES)
        if not data:
            raise RuntimeError("the server closed the connection")
        if self._missing is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._missing = _length(self._head[:end]) - (len(self._head) - end - 4)
        else:
            self._missing -= len(data)
        self.answered += not self._missing
        return not self._missing


def _length(head: bytes) -> int:
    found = _LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or not found:
        raise RuntimeError(f"not the answer of a page: {head[:200]!r}")
    return int(found[1])


def drive(
    address: tuple[str, int], paths: list[str], connections: int, seconds: float
) -> tuple[int, float]:
    """Ask for the paths over so many connections; return how many answers came in what time."""
    start = time.monotonic()
    requests = _requests(address, paths, start + seconds if seconds else None)
    lines = [Connection(address, requests) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            if line.send():
                selector.register(line.socket, selectors.EVENT_READ, line)
        while selector.get_map():
            for ready, _events in selector.select():
                if ready.data.receive() and not ready.data.send():
                    selector.unregister(ready.fileobj)
    taken = time.monotonic() - start
    for line in lines:
        line.socket.close()
    return sum(line.answered for line in lines), taken


def _requests(address: tuple[str, int], paths: list[str], end: float | None) -> Iterator[bytes]:
    host = f"{address[0]}:{address[1]}"
    asked = paths if end is None else itertools.cycle(paths)
    for path in asked:
        if end is not None and time.monotonic() >= end:
            return
        yield f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def main(host: str, port: str, connections: str, seconds: str) -> None:
    """Read the paths from standard input, drive them, print what came."""
    paths = sys.stdin.read().split()
    requests, taken = drive((host, int(port)), paths, int(connections), float(seconds))
    print(json.dumps({"requests": requests, "seconds": taken}))


if __name__ == "__main__":
    main(*sys.argv[1:])
