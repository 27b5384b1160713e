"""The application server ends when it is told to, however it is told, and reloads unnoticed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from newsroom import server
from tests.page_cache.servers import HOST, STOP_SECONDS, Node, free_port, until

ROOT = Path(__file__).resolve().parents[2]
APPLICATION = "wsgiref.simple_server:demo_app"
WORKERS = 2


def words(port: int) -> list[str]:
    return [APPLICATION, f"--host={HOST}", f"--port={port}", f"--workers={WORKERS}", "--threads=2"]


@contextmanager
def running():
    """Two workers that listen, in a session of their own as under a terminal; all end with us."""
    port = free_port()
    command = [sys.executable, "-m", "newsroom.server", *words(port)]
    node = Node(lambda: subprocess.Popen(command, cwd=ROOT, start_new_session=True), port)
    try:
        until(lambda: node.listening() == WORKERS)
        yield node
    finally:
        with suppress(ProcessLookupError):
            os.killpg(node.pid, signal.SIGKILL)
        node.process.wait()


# The ends of workers, and signals that come at any moment of the wait for them.
STORM = """
import signal, sys, threading, time
from newsroom import server
newsroom = server.make(sys.argv[1:])
signal.signal(signal.SIGALRM, newsroom.signal_handler_interrupt)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)

def workers_end():
    while True:
        newsroom.main_loop_interrupt.set()
        time.sleep(0.0001)

threading.Thread(target=workers_end, daemon=True).start()
for _ in range(5_000):
    newsroom.main_loop_interrupt.wait()
    newsroom.main_loop_interrupt.clear()
print(newsroom.interrupt_signal)
"""


def test_a_signal_does_not_wait_for_what_it_interrupts():
    command = [sys.executable, "-c", STORM, *words(free_port())]
    said = subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True, text=True)
    assert said.stdout == "True\n", said.stderr


@pytest.mark.parametrize("handler", ["signal_handler_interrupt", "signal_handler_reload"])
def test_a_signal_between_looking_and_waiting_is_not_lost(handler):
    newsroom = server.make(words(free_port()))
    getattr(newsroom, handler)()
    newsroom.main_loop_interrupt.clear()
    main = Thread(target=newsroom.main_loop_interrupt.wait, daemon=True)
    main.start()
    main.join(5)
    assert not main.is_alive()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_all_at_once_it_ends_whole(told):
    for _ in range(4):
        with running() as node:
            begun = time.monotonic()
            os.killpg(node.pid, told)
            assert node.process.wait(STOP_SECONDS) in (0, 1)
            assert time.monotonic() - begun < server.SECONDS_TO_STOP / 2, "a worker was killed"
            until(lambda node=node: not node.listening(), STOP_SECONDS, "a worker lives on")


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_alone_the_first_ends_the_others(told):
    with running() as node:
        os.kill(node.pid, told)
        assert node.process.wait(STOP_SECONDS) == 0
        assert not node.listening()


def test_reloaded_it_begins_its_workers_anew_and_answers_everybody():
    """Those who come with a new connection: on an old one they have to try again."""
    with running() as node, visitors(node) as answered:
        before = node.workers()
        os.kill(node.pid, signal.SIGHUP)
        until(lambda: len(node.workers() - before) == WORKERS and not node.workers() & before)
        assert node.process.poll() is None
    assert len(answered) > 1_000
    assert answered.count(False) == 0


@contextmanager
def visitors(node):
    """Many who come again and again inside; the list says of each visit whether it was answered."""
    answered, over = [], Event()

    def visit():
        while not over.is_set():
            try:
                node.get("/")
            except (OSError, HTTPException):
                answered.append(False)
            else:
                answered.append(True)

    threads = [Thread(target=visit) for _ in range(16)]
    for thread in threads:
        thread.start()
    try:
        yield answered
    finally:
        over.set()
        for thread in threads:
            thread.join()
