"""Readers in a process of their own: they ask for the same pages all the time, and note them.

python -m tests.page_cache.visitors PORT[,PORT …] PATH[,PATH …]

They go on until standard input ends, then print what they saw as JSON. Each asks now and then for
another encoding, or only whether the page has changed, and goes to another connection, so that in
the end all processes of all servers were asked for everything.
"""

import gzip
import http.client
import itertools
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import brotli

HOST = "127.0.0.1"
SITE = "testserver"
ROOT = Path(__file__).resolve().parents[2]
ON_EACH_PORT = 6
PAUSE_SECONDS = 0.01
STAYS_FOR = 40  # requests on one connection
READ = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
MARK = re.compile(r"\bsố (\d+)")


class Visit(NamedTuple):
    """One request: when it began and ended (seconds since the epoch), and what was seen.

    `seen` is a look and `status` a number, "" and 0 where nothing whole came back. Whoever finds
    his connection closed goes on with a new one: `is_first` tells the first request on one, and
    `opened` when that was made.
    """

    start: float
    end: float
    port: int
    path: str
    opened: float
    is_first: bool
    seen: str
    status: int
    cache_control: str


def look(status: int, location: str, body: bytes) -> str:
    """Return a page in short: two that differ in one byte differ, and the marks can be read."""
    said = b"\0".join((str(status).encode(), location.encode(), body))
    marks = "-".join(MARK.findall(body.decode()))
    return f"{status} {location} [{marks}] {blake2b(said, digest_size=8).hexdigest()}"


class Visitor(threading.Thread):
    """One reader: one request after the other."""

    def __init__(self, port: int, paths: list[str], stop: threading.Event):
        super().__init__(daemon=True)
        self.port, self.paths, self.stop = port, paths, stop
        self.visits: list[Visit] = []
        self.known: dict[str, tuple[str, str]] = {}  # by path: the ETag and the look of it
        self.chance = random.Random(threading.get_ident())

    def run(self) -> None:
        while not self.stop.is_set():
            line, opened = http.client.HTTPConnection(HOST, self.port, timeout=30), time.time()
            for number in range(STAYS_FOR):
                if not self._visit(line, opened, number == 0) or self.stop.wait(PAUSE_SECONDS):
                    break
            line.close()

    def _visit(self, line: http.client.HTTPConnection, opened: float, is_first: bool) -> bool:
        """Ask for some page; return whether an answer came."""
        path = self.chance.choice(self.paths)
        encoding = self.chance.choice(list(READ))
        headers = {"Host": SITE, "Accept-Encoding": encoding}
        etag, _seen = self.known.get(path + encoding, ("", ""))
        if etag and self.chance.random() < 0.3:
            headers["If-None-Match"] = etag
        start, asked, told = time.time(), (self.port, path, opened, is_first), ("", 0, "")
        try:
            line.request("GET", path, headers=headers)
            told = self._told(line.getresponse(), path, encoding)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            self.visits.append(Visit(start, time.time(), *asked, *told))
        return True

    def _told(
        self, response: http.client.HTTPResponse, path: str, encoding: str
    ) -> tuple[str, int, str]:
        body, status = response.read(), response.status
        rules = response.getheader("Cache-Control", "")
        if status == 304:
            return self.known[path + encoding][1], status, rules
        body = READ[response.getheader("Content-Encoding", "")](body)
        seen = look(status, response.getheader("Location", ""), body)
        if etag := response.getheader("ETag", ""):
            self.known[path + encoding] = etag, seen
        return seen, status, rules


def main(ports: str, paths: str) -> None:
    """Send the readers out until standard input ends, and print what they saw."""
    stop = threading.Event()
    everywhere = itertools.product(ports.split(","), range(ON_EACH_PORT))
    visitors = [Visitor(int(port), paths.split(","), stop) for port, _ in everywhere]
    for visitor in visitors:
        visitor.start()
    sys.stdin.read()
    stop.set()
    for visitor in visitors:
        visitor.join()
    print(json.dumps([visit for visitor in visitors for visit in visitor.visits]))


@contextmanager
def visiting(ports: list[int], paths: list[str]) -> Iterator[list[Visit]]:
    """Have readers about inside; afterwards the list holds what they saw, in order."""
    command = [sys.executable, "-m", "tests.page_cache.visitors"]
    asked = [",".join(map(str, ports)), ",".join(paths)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    visits: list[Visit] = []
    process = subprocess.Popen([*command, *asked], cwd=ROOT, text=True, **streams)
    try:
        yield visits
    finally:
        said, _errors = process.communicate()
    visits += sorted(Visit(*visit) for visit in json.loads(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
