"""Rounds, every case in each of them: what the machine does meanwhile meets all alike."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from . import measuring, nginx, server
from .answers import Answer
from .asking import Address
from .cases import NGINX, PAGE, Case
from .measuring import Sample, Spot

Samples = dict[str, list[Sample]]


@dataclass(frozen=True)
class Stand:
    """What all rounds have in common."""

    address: Address
    folder: Path
    answers: dict[str, Answer]
    database: int | None = None
    aside: tuple[int, ...] = ()
    seconds: float = 2.0

    def answer_file(self, kind: str) -> Path:
        """Return where the answer of that kind stands for the bare servers."""
        return self.folder / f"answer-{kind}"


def run(stand: Stand, cases: list[Case], number: int) -> Samples:
    """Measure all cases in so many rounds."""
    samples: Samples = defaultdict(list)
    for kind, answer in stand.answers.items():
        answer.write(stand.answer_file(kind))
    for turn in range(1, number + 1):
        print(f"Round {turn} of {number} …", flush=True)
        for _server, group in groupby(cases, key=lambda case: (case.application, case.answer)):
            _together(stand, list(group), samples)
    return samples


def _together(stand: Stand, group: list[Case], samples: Samples) -> None:
    """Measure the cases of one application on one server that has just begun."""
    with served(stand, group[0]) as pid:
        spot = Spot(stand.address, pid, stand.database, stand.aside)
        for case in group:
            samples[case.name].append(measuring.measure(case, spot, stand.seconds))


@contextmanager
def served(stand: Stand, case: Case) -> Iterator[int]:
    """Run the server of a case; give its first process."""
    environment = os.environ | {"BENCH_ANSWER": str(stand.answer_file(case.answer))}
    if case.application == NGINX:
        command = nginx.command(stand.folder, stand.answers[PAGE].body, stand.address)
        opened = server.running(command, stand.address, environment)
    else:
        opened = server.serving(case.application, stand.address, environment)
    with opened as pid:
        yield pid
