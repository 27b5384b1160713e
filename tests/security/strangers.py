"""People who do not let go: connections that are begun and never brought to an end."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

from tests.page_cache.servers import HOST, SITE, Node

HALF_HEAD = f"GET / HTTP/1.1\r\nHost: {SITE}\r\nX-Half: "
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


def half_body(path: str, length: int = 1_000) -> str:
    """The head of a form and three bytes of what it promises."""
    return f"POST {path} HTTP/1.1\r\nHost: {SITE}\r\n{FORM}Content-Length: {length}\r\n\r\na=b"


def ask(path: str) -> str:
    """Ask for a page, many times on one connection, and read none of the answers."""
    return f"GET {path} HTTP/1.1\r\nHost: {SITE}\r\n\r\n"


@contextmanager
def holding(node: Node, *said: str) -> Iterator[list[socket.socket]]:
    """Open a connection for each of these, say it, and keep it open."""
    with ExitStack() as held:
        lines = []
        for words in said:
            line = held.enter_context(closing(connected(node)))
            line.sendall(words.encode())
            lines.append(line)
        yield lines


def connected(node: Node) -> socket.socket:
    """A connection whose reader takes in little: a slow one holds up the server soon."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    line.settimeout(10)
    line.connect((HOST, node.port))
    return line


def answered(line: socket.socket, seconds: float) -> bytes:
    """What comes within so many seconds, to the end of the connection or of the time."""
    end, said = time.monotonic() + seconds, b""
    with suppress(OSError):
        while (left := end - time.monotonic()) > 0:
            line.settimeout(left)
            more = line.recv(65_536)
            if not more:
                break
            said += more
    return said


def times_of_readers(node: Node, paths: list[str], count: int) -> list[float]:
    """Seconds each of so many visits took, two visitors at a time; fails on any but a 200."""
    times: list[float] = []
    wrong: list[int] = []

    def visit(paths: list[str]) -> None:
        for path in paths:
            begun = time.perf_counter()
            answer = node.get(path)
            times.append(time.perf_counter() - begun)
            if answer.status != 200:
                wrong.append(answer.status)

    asked = [paths[number % len(paths)] for number in range(count)]
    visitors = [threading.Thread(target=visit, args=[asked[one::2]]) for one in range(2)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert wrong == []
    return sorted(times)


def p95(times: list[float]) -> float:
    return times[int(len(times) * 0.95)]
