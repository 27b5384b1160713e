"""The load generator: keep-alive connections that are never idle.

Slower than wrk (see wrk.py), but able to ask for each page once, to send forms, and always there.
"""

import itertools
import re
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .asking import Address, Ask

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3})[ \r]")
CHUNK_BYTES = 1 << 18
BODILESS = (204, 304)


@dataclass(frozen=True)
class Told:
    """What a load generator tells: `bytes` of the mean body, seconds of half and of 99 %."""

    requests: int
    seconds: float
    p50: float
    p99: float
    bytes: int


@dataclass
class Answers:
    """What came: seconds each answer took, bytes of all bodies, seconds of the whole."""

    latencies: list[float] = field(default_factory=list)
    bytes: int = 0
    seconds: float = 0.0

    def told(self) -> Told:
        """Return what that comes to."""
        ordered, number = sorted(self.latencies), len(self.latencies)
        p50, p99 = (ordered[min(int(number * part), number - 1)] for part in (0.5, 0.99))
        return Told(number, self.seconds, p50, p99, round(self.bytes / number))

    def __iadd__(self, other: "Answers") -> "Answers":
        self.latencies += other.latencies
        self.bytes += other.bytes
        self.seconds += other.seconds
        return self


class Connection:
    """One keep-alive connection: a request out, its answer in, the next request."""

    def __init__(self, address: Address, asks: Iterator[Ask], answers: Answers):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._address, self._asks, self._answers = address, asks, answers

    def send(self) -> bool:
        """Send the next request; return whether there was one."""
        ask = next(self._asks, None)
        self._head, self._missing = b"", None
        if ask is not None:
            self._ask, self._sent = ask, time.perf_counter()
            self.socket.sendall(ask.wire(self._address))
        return ask is not None

    def receive(self) -> bool:
        """Take in what came; return whether the answer is whole. Raises RuntimeError."""
        data = self.socket.recv(CHUNK_BYTES)
        if not data:
            raise RuntimeError(f"{self._ask.path}: the server closed the connection")
        if self._missing is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            length = _length(self._head[:end], self._ask)
            self._answers.bytes += length
            self._missing = length - (len(self._head) - end - 4)
        else:
            self._missing -= len(data)
        if not self._missing:
            self._answers.latencies.append(time.perf_counter() - self._sent)
        return not self._missing


def _length(head: bytes, ask: Ask) -> int:
    status, found = _STATUS.match(head), _LENGTH.search(head)
    if not status or int(status[1]) != ask.status:
        raise RuntimeError(f"{ask.path} must answer {ask.status}: {head[:200]!r}")
    if ask.status in BODILESS:
        return 0
    if not found:
        raise RuntimeError(f"{ask.path} does not tell its length: {head[:200]!r}")
    return int(found[1])


def drive(
    address: Address, asks: Iterable[Ask], connections: int, seconds: float | None = None
) -> Answers:
    """Ask over so many connections: everything once, or all in turn for so many seconds.

    Raises RuntimeError for an answer with another status than was asked for.
    """
    answers, start = Answers(), time.perf_counter()
    pending = iter(asks) if seconds is None else _again(asks, start + seconds)
    lines = [Connection(address, pending, answers) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            if line.send():
                selector.register(line.socket, selectors.EVENT_READ, line)
        while selector.get_map():
            for ready, _events in selector.select():
                if ready.data.receive() and not ready.data.send():
                    selector.unregister(ready.fileobj)
    answers.seconds = time.perf_counter() - start
    for line in lines:
        line.socket.close()
    return answers


def _again(asks: Iterable[Ask], end: float) -> Iterator[Ask]:
    for ask in itertools.cycle(asks):
        if time.perf_counter() >= end:
            return
        yield ask
