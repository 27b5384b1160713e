"""The stand measures what it says it measures."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from articles.importing import lines
from tests.bench import load, server, texts
from tests.bench.measuring import Case, Sample, spread, table


def test_articles_are_the_same_for_the_same_seed_and_can_be_imported():
    first, again, other = (list(texts.articles(20, seed)) for seed in (1, 1, 2))
    assert first == again != other
    items = [lines.parse(json.dumps(article).encode()) for article in first]
    assert all(item.headline and len(item.paragraphs) >= 7 for item in items)
    assert all(one.published_at > next_.published_at for one, next_ in pairwise(items))


class Answering(BaseHTTPRequestHandler):
    """Answers /ok in two pieces, anything else with 404, and counts what it is asked."""

    protocol_version = "HTTP/1.1"
    asked: Counter = Counter()

    def do_GET(self):
        Answering.asked[self.path] += 1
        self.send_response(200 if self.path.startswith("/ok") else 404)
        self.send_header("Content-Length", "60000")
        self.end_headers()
        self.wfile.write(b"x" * 30_000)
        self.wfile.flush()
        self.wfile.write(b"y" * 30_000)

    def log_message(self, *_arguments):
        pass


@contextmanager
def answering():
    Answering.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site.server_address
        site.shutdown()


def test_cold_pages_are_asked_for_once_each():
    paths = [f"/ok/{number}" for number in range(50)]
    with answering() as address:
        answered, seconds = load.drive(address, paths, connections=4, seconds=0)
        assert Answering.asked == Counter(paths)
    assert answered == 50
    assert seconds > 0


def test_hot_pages_are_asked_for_as_long_as_one_says():
    with answering() as address:
        answered, seconds = load.drive(address, ["/ok"], connections=2, seconds=0.3)
        assert answered == Answering.asked["/ok"] > 1
    assert seconds >= 0.3


def test_an_error_page_is_never_counted():
    with answering() as address, pytest.raises(RuntimeError, match="404"):
        load.drive(address, ["/missing"], connections=1, seconds=0)


def test_the_time_of_processes_below_counts():
    busy = "sum(range(10**7)); import sys; print(flush=True); sys.stdin.read()"
    shell = f"{sys.executable} -c '{busy}'; true"
    with subprocess.Popen(
        ["sh", "-c", shell], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        parent.stdout.readline()
        used = server.cpu_seconds(parent.pid)
        parent.stdin.close()
    assert used > 0.02
    before = server.cpu_seconds(os.getpid())
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    assert server.cpu_seconds(os.getpid()) - before >= 0.05


def test_the_table_tells_medians_in_units_of_the_bare_view():
    samples = {
        "bare": [Sample(0.002, 100), Sample(0.001, 50), Sample(0.009, 10)],
        "hello": [Sample(0.001, 200)] * 3,
    }
    cases = [Case(name, "", ()) for name in samples]
    _head, bare, hello = table(cases, samples, bare="bare", hello="hello")
    assert bare.split() == ["bare", "2.000", "1.00", "50", "25.0%"]
    assert hello.split() == ["hello", "1.000", "0.50", "200", "100.0%"]
    assert spread(samples["bare"], samples["hello"]) == (0.001 / 0.009, 1.0)


@pytest.mark.long
def test_the_stand_runs():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"],
        cwd=server.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for row in ("hello world", "bare Django view again", "article, hot", "article, cold", "A/A"):
        assert f"\n{row}" in done.stdout
