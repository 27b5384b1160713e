"""The stand measures what it says it measures."""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.bench import ROOT, comparing, keeping, load, processes, table, wrk
from tests.bench.answers import Answer
from tests.bench.asking import Ask, form
from tests.bench.measuring import Gauge, Sample, Spot
from tests.bench.results import Results

# The load generator


class Answering(BaseHTTPRequestHandler):
    """Answers /ok in two pieces, forms with 303, what is known with 304, the rest with 404."""

    protocol_version = "HTTP/1.1"
    asked: Counter = Counter()
    sent: list = []

    def do_GET(self):
        Answering.asked[self.path] += 1
        if "If-None-Match" in self.headers:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200 if self.path.startswith("/ok") else 404)
        self.send_header("Content-Length", "60000")
        self.end_headers()
        self.wfile.write(b"x" * 30_000)
        self.wfile.flush()
        self.wfile.write(b"y" * 30_000)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Answering.sent.append((self.headers["Cookie"], body.decode()))
        self.send_response(303)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@contextmanager
def answering():
    Answering.asked.clear()
    Answering.sent.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site.server_address
        site.shutdown()


def test_cold_pages_are_asked_for_once_each():
    asks = [Ask(f"/ok/{number}") for number in range(50)]
    with answering() as address:
        told = load.drive(address, asks, connections=4).told()
        assert Answering.asked == Counter(ask.path for ask in asks)
    assert (told.requests, told.bytes) == (50, 60_000)
    assert 0 < told.p50 <= told.p99 <= told.seconds


def test_hot_pages_are_asked_for_as_long_as_one_says():
    with answering() as address:
        told = load.drive(address, [Ask("/ok")], connections=2, seconds=0.3).told()
        assert told.requests == Answering.asked["/ok"] > 1
    assert told.seconds >= 0.3


def test_forms_are_sent_and_unchanged_pages_have_no_body():
    known = Ask("/ok", (("If-None-Match", '"1"'),), status=304)
    with answering() as address:
        told = load.drive(address, [known, known], connections=1).told()
        load.drive(address, [form("/form", {"tên": "Lợi"}, "a=b", 303)], connections=1)
    assert (told.requests, told.bytes) == (2, 0)
    assert Answering.sent == [("a=b", "t%C3%AAn=L%E1%BB%A3i")]


def test_an_error_page_is_never_counted():
    with answering() as address, pytest.raises(RuntimeError, match="404"):
        load.drive(address, [Ask("/missing")], connections=1)


def test_bare_servers_answer_what_the_product_answered(tmp_path):
    with answering() as address:
        Answer.to(address, Ask("/ok")).write(tmp_path / "answer")
    answer = Answer.read(tmp_path / "answer")
    assert answer.status == "200 OK"
    assert answer.headers == [("Content-Length", "60000")]  # not who served it, and when
    assert answer.body == b"x" * 30_000 + b"y" * 30_000


WRK = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   446.58us  385.39us   7.92ms   95.60%
    Req/Sec    19.11k     1.62k   21.06k    85.00%
  Latency Distribution
     50%  371.00us
     75%  453.00us
     90%  600.00us
     99%    2.34ms
  38021 requests in 2.00s, 1.75GB read
Requests/sec:  18999.80
Transfer/sec:      0.87GB
"""


def test_what_wrk_prints_is_read():
    assert wrk.read(WRK, 47_000) == load.Told(
        38021, 2.0, pytest.approx(0.000371), pytest.approx(0.00234), 47_000
    )
    with pytest.raises(RuntimeError, match="Non-2xx or 3xx responses: 12"):
        wrk.read(f"{WRK}  Non-2xx or 3xx responses: 12\n", 47_000)
    with pytest.raises(RuntimeError, match="Socket errors"):
        wrk.read(f"{WRK}  Socket errors: connect 0, read 3, write 0, timeout 0\n", 47_000)


# What processes cost


def spent(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_the_time_of_processes_below_counts_also_once_they_have_ended():
    program = "sum(range(10**7)); import sys; print(flush=True); sys.stdin.read()"
    shell = f"{sys.executable} -c '{program}'; true"
    before = processes.cpu_seconds(os.getpid())
    with subprocess.Popen(
        ["sh", "-c", shell], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        parent.stdout.readline()
        used = processes.cpu_seconds(parent.pid)
        apart = processes.cpu_seconds(parent.pid, without=list(processes.tree(parent.pid))[1:])
        assert processes.pss_mib(parent.pid) > 3
        parent.stdin.close()
    assert used > 0.02 > apart
    assert processes.cpu_seconds(os.getpid()) - before >= used - 0.02


def test_time_is_read_finer_than_the_kernel_ticks():
    before, machine = processes.cpu_seconds(os.getpid()), processes.machine_seconds()
    spent(0.004)
    assert 0.004 <= processes.cpu_seconds(os.getpid()) - before < 0.5
    spent(0.1)
    assert processes.machine_seconds() > machine


def test_what_servers_do_between_the_waves_does_not_count():
    gauge = Gauge(Spot(("", 0), os.getpid(), None))
    with gauge.paused():
        spent(0.1)
    spent(0.01)
    gauge.stop()
    assert 0.01 <= gauge.cpu < 0.1


# What is made of it


def sample(cpu, rate=100.0, **more):
    return (
        Sample(10, cpu, rate, *(0.0015, 0.004), 20_480, 140.2, *(0.0, 0.1))
        if not more
        else (dataclasses.replace(sample(cpu, rate), **more))
    )


CONDITIONS = {
    "engine": "sqlite",
    "articles": 10_000,
    "comments": 49_000,
    "seed": 1,
    "rounds": 3,
    "writes": 0,
    "workers": 2,
    "page_cache_mb": 64,
    "cores": 2,
    "generator": "wrk",
    "missing": ["nginx, from a file: not installed"],
}


def results(**changed):
    samples = {
        "bare": [sample(0.002), sample(0.001, 50), sample(0.009, 10)],
        "hello": [sample(0.001, 200.0)] * 3,
        "hot": [sample(0.0011, 190), sample(0.0012, 180), sample(0.0014, 150)],
        "again": [sample(0.002), sample(0.0011), sample(0.0081)],
    }
    return Results(CONDITIONS | changed, samples, "bare", "again", {"hot": "hello"})


def row_of(lines, name):
    return next(line.removeprefix(name).split() for line in lines if line.startswith(f"{name} "))


def test_the_table_tells_medians_in_units_of_the_bare_view():
    lines = table.lines(results())
    assert lines[0].startswith("sqlite, 10,000 articles, 49,000 comments, seed 1; 2 workers")
    common = ["1.50", "4.00", "20,480", "140"]
    assert row_of(lines, "bare") == ["2.000", "1.00", "50", *common]
    assert row_of(lines, "hello") == ["1.000", "0.50", "200", *common]
    below = "\n".join(lines)
    assert "hot : hello, round by round: req/s 0.9 (0.75 to 0.95), CPU 1.2 (1.1 to 1.4)" in below
    assert "A/A pair (again : bare), CPU: 0.90 to 1.10" in below
    assert "nginx, from a file: not installed" in below
    assert "Valid: others used 0% of the machine." in below


def test_a_run_beside_others_is_void_and_says_so():
    found = results()
    for rows in found.samples.values():
        rows[:] = [dataclasses.replace(each, elsewhere=0.5) for each in rows]
    assert table.lines(found)[-1] == "VOID: others used 25% of the machine; nothing here counts."
    assert found.as_json()["void"] is True


def test_a_rate_the_load_generator_held_down_is_marked():
    found = results()
    found.samples["hot"][:] = [
        dataclasses.replace(each, load=0.97) for each in found.samples["hot"]
    ]
    lines = table.lines(found)
    assert row_of(lines, "hot")[2] == "180*"
    assert row_of(lines, "hello")[2] == "200"
    assert any(line.startswith("* the load generator was the limit") for line in lines)


def written(tmp_path, name, run):
    run.write(tmp_path / name)
    return str(tmp_path / name)


def test_comparing_tells_what_moved_beyond_the_noise(tmp_path, capsys):
    old, new = results(), results(writes=50)
    new.samples["hello"] = [sample(0.0011, 200.0)] * 3
    new.samples["hot"] = [sample(0.003)] * 3
    new.samples["cold"] = [sample(0.01)] * 3
    paths = (written(tmp_path, "old.json", old), written(tmp_path, "new.json", new))
    assert comparing.main(*paths) == 0
    lines = capsys.readouterr().out.splitlines()
    assert row_of(lines, "hello") == ["0.50", "0.55", "1.10"]  # as far apart as the A/A pair
    assert row_of(lines, "hot") == ["0.60", "1.50", "2.50", "dearer"]
    assert "Not alike: writes 0 and 50." in lines
    assert "Only in one of the runs: cold" in lines
    assert comparing.main(*reversed(paths)) == 0
    assert row_of(capsys.readouterr().out.splitlines(), "hot")[-1] == "cheaper"


def test_comparing_says_what_it_cannot_read(tmp_path, capsys):
    (tmp_path / "none.json").write_text("[]")
    assert comparing.main(str(tmp_path / "missing.json"), str(tmp_path / "none.json")) == 1
    assert "This cannot be compared" in capsys.readouterr().out


# All of it


def stand(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--folder", folder, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


ROWS = (
    "hello world|hello world, gzip|bare Django view|article, hot|article, hot, gzip"
    "|article, cold, 50 comments|article, cold, usual|home, cold|home, cold, after a rest"
    "|section, cold, page 1|place, cold"
    "|search, rare|search, common|comment form|comment sent|admin, all articles"
    "|bare Django view again"
).split("|")


@pytest.mark.long
def test_the_stand_runs(tmp_path):
    lines = stand(tmp_path)
    for name in ROWS:
        assert float(row_of(lines, name)[0]) > 0, name
    (path,) = tmp_path.glob("*.json")
    found = json.loads(path.read_text())
    assert {*ROWS} <= found["cases"].keys()
    assert found["cases"]["bare Django view"]["d"] == 1
    assert found["cases"]["article, hot"]["bytes"] > found["cases"]["article, cold, usual"]["bytes"]
    assert found["pairs"]["article, hot"]["beside"] == "hello world"
    assert len(found["cases"]["home, cold"]["rounds"]) == 1


@pytest.fixture
def open_folder():
    """A folder that also the user may enter who runs PostgreSQL for root."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield name


def forget_a_migration(folder):
    (manifest,) = Path(folder).glob(f"*/{keeping.MANIFEST}")
    made = json.loads(manifest.read_text())
    made["migrations"].pop()
    manifest.write_text(json.dumps(made))


@pytest.mark.long
def test_the_stand_runs_on_postgresql_and_keeps_its_archive(open_folder):
    lines = stand(open_folder, "--engine", "postgresql")
    assert lines[0].startswith("Making 60 articles")
    for name in ROWS:
        assert float(row_of(lines, name)[0]) > 0, name
    forget_a_migration(open_folder)
    lines = stand(open_folder, "--engine", "postgresql", "--only", "hot", "--writes", "20")
    assert lines[0].startswith("Migrating")
    assert not any(line.startswith("Making") for line in lines)
    assert "20.0 writes/s beside" in "\n".join(lines)
    assert not any(line.startswith("home") for line in lines)
