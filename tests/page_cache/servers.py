"""Nodes: the product's own server processes, on loopback, against the database of the test."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import connection
from django.test import override_settings

from newsroom.management.commands.serve import ONE_HEAP, server_command

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
SITE = "testserver"  # what the site is called in the Host of every request
START_SECONDS = 60
# A worker that dies again so soon after it was begun anew takes the whole server with it, which its
# supervisor begins again (OPERATIONS.md).
BETWEEN_DEATHS_SECONDS = 7
STOP_SECONDS = 20


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Node:
    """A running server: the process that starts workers, and the port they all listen on."""

    def __init__(self, begin: Callable[[], subprocess.Popen], port: int):
        self.begin = begin
        self.process = begin()
        self.port = port

    @property
    def pid(self) -> int:
        return self.process.pid

    def workers(self) -> set[int]:
        """The processes that answer, those that are still starting included."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        children = {int(pid) for task in tasks for pid in task.read_text().split()}
        return {pid for pid in children if b"resource_tracker" not in _command_of(pid)}

    def listening(self) -> int:
        """How many workers take connections: each has a socket of its own on the port."""
        rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
        sockets = (row.split()[1:4] for row in rows)
        port, listens = f":{self.port:04X}", "0A"
        return sum(local.endswith(port) and state == listens for local, _, state in sockets)

    def kill_worker(self) -> int:
        """End one worker as the kernel would; return who it was."""
        victim = min(self.workers())
        os.kill(victim, signal.SIGKILL)
        return victim

    def kill_whole(self) -> None:
        """End the process that starts workers as the kernel would, what is left as systemd would.

        Its default is to tell all others of the service to end when the first one has.
        """
        left = self.workers()
        self.process.kill()
        self.process.wait(STOP_SECONDS)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        until(lambda: not self.listening(), STOP_SECONDS, "workers live on without their server")

    def begin_again(self) -> None:
        """Start what was ended anew, on the same port."""
        self.process = self.begin()

    def get(self, path: str, **headers: str) -> Answer:
        """Ask on a connection of its own."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, object], session: str = "", **more: str) -> Answer:
        """Send a form as our own page does, as who has this session if any."""
        token = "t" * 32
        cookies = f"csrftoken={token}" + (f"; sessionid={session}" if session else "")
        body = urlencode(fields | {"csrfmiddlewaretoken": token}, doseq=True)
        kind = "application/x-www-form-urlencoded"
        headers = {"Cookie": cookies, "Content-Type": kind, "Origin": f"http://{SITE}"}
        return self._ask("POST", path, body, headers | more)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        line = http.client.HTTPConnection(HOST, self.port, timeout=30)
        with closing(line):
            line.request(method, path, body, {"Host": SITE, **headers})
            response = line.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())

    def wait_for(self, workers: int, log: Path) -> None:
        """Wait until so many listen and one says that all is well; fails with what was logged."""
        until(lambda: self.listening() == workers or self.process.poll() is not None)
        assert self.answers(), log.read_text()

    def answers(self) -> bool:
        """Whether it says that all is well."""
        with suppress(OSError, http.client.HTTPException):
            return self.get("/healthz").status == 200
        return False


def _command_of(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"resource_tracker"  # gone meanwhile: nobody who answers


def until(condition, seconds: float = START_SECONDS, what: str = "nothing happened") -> None:
    """Wait for it; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@contextmanager
def nodes(
    folder: Path, *, workers: int = 2, count: int = 1, database: str = "", **told: str
) -> Iterator[list[Node]]:
    """Run so many nodes until all answer; whatever happens they are ended afterwards.

    They write what they have to say into `folder`. Without a `database` they use that of the test.
    What they are `told` stands in their environment.
    """
    with ExitStack() as running:
        logs = [folder / f"node-{number}.log" for number in range(1, count + 1)]
        started = [running.enter_context(_started(log, workers, database, told)) for log in logs]
        for node, log in zip(started, logs, strict=True):
            node.wait_for(workers, log)
        yield started


@contextmanager
def _started(log: Path, workers: int, database: str, told: dict[str, str]) -> Iterator[Node]:
    port = free_port()
    with override_settings(HOST=HOST, PORT=port, WORKERS=workers):
        command = server_command()
    surroundings = environment(port, database or database_url()) | told
    with log.open("w") as said:
        streams = {"stdout": said, "stderr": subprocess.STDOUT}
        begin = partial(subprocess.Popen, command, cwd=ROOT, env=surroundings, **streams)
        node = Node(begin, port)
        try:
            yield node
        finally:
            node.process.terminate()
            node.process.wait(STOP_SECONDS)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def environment(port: int, database: str) -> dict[str, str]:
    """Return all that a node is told; nothing of the tests' own surroundings reaches it."""
    return ONE_HEAP | {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "tests.page_cache.node_settings",
        "DEBUG": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": SITE,
        "SITE_URL": settings.SITE_URL,
        "HOST": HOST,
        "PORT": str(port),
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "EMAIL_URL": "dummymail://",
    }


def database_url() -> str:
    """Return the address of the database this test has."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    server = urlsplit(os.environ["TEST_DATABASE_URL"])
    before = server.path.rpartition("/")[0]
    return server._replace(path=f"{before}/{name}").geturl()
