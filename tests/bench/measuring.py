"""Rounds of cases: each case on a fresh server, all cases in every round, medians at the end."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from . import server

CONNECTIONS = 8


@dataclass(frozen=True)
class Case:
    """What is asked of which application. `once`: each path one time, on a server that never
    saw it; else all of them again and again."""

    name: str
    application: str
    paths: tuple[str, ...]
    once: bool = False


@dataclass(frozen=True)
class Sample:
    """What one round of one case took: CPU seconds of the server and requests, each a request."""

    cpu: float
    rate: float


def measure(case: Case, address: tuple[str, int], seconds: float, warm_up: str) -> Sample:
    """Run one case for so long on a server that has answered `warm_up` and nothing else."""
    host, port = address
    with server.serving(case.application, f"http://{host}:{port}{warm_up}") as pid:
        _load(address, [warm_up], seconds=0.3)
        before = server.cpu_seconds(pid)
        found = _load(address, case.paths, seconds=0 if case.once else seconds)
        used = server.cpu_seconds(pid) - before
    return Sample(used / found["requests"], found["requests"] / found["seconds"])


def _load(address: tuple[str, int], paths: list[str], seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.load", *map(str, address)]
    done = subprocess.run(
        [*command, str(CONNECTIONS), str(seconds)],
        cwd=server.ROOT,
        input="\n".join(paths),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def table(cases: list[Case], samples: dict[str, list[Sample]], bare: str, hello: str) -> list[str]:
    """Return the lines of the table: medians, D of `bare`, requests beside those of `hello`."""
    one = median(sample.cpu for sample in samples[bare])
    fastest = median(sample.rate for sample in samples[hello])
    lines = [f"{'':<24}{'CPU ms':>9}{'D':>9}{'req/s':>10}{'of hello':>10}"]
    for case in cases:
        cpu = median(sample.cpu for sample in samples[case.name])
        rate = median(sample.rate for sample in samples[case.name])
        costs = f"{cpu * 1000:>9.3f}{cpu / one:>9.2f}"
        lines.append(f"{case.name:<24}{costs}{rate:>10.0f}{rate / fastest:>10.1%}")
    return lines


def spread(first: list[Sample], second: list[Sample]) -> tuple[float, float]:
    """Return the least and the greatest ratio of the same case measured twice in each round."""
    ratios = sorted(_ratios(first, second))
    return ratios[0], ratios[-1]


def _ratios(first: list[Sample], second: list[Sample]) -> Iterator[float]:
    for one, other in zip(first, second, strict=True):
        yield other.cpu / one.cpu
