"""What the tests of the promises said, and the table that is made of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .promises import Promise

MEASURED = "measured"  # what a test records by record_property under this name is printed
# With this a test is skipped at its end that could not judge times: nothing of it counts as kept.
NOT_TIMED = "nothing lost or doubled; how long it took says nothing on a busy machine"
_NO_GOOD = {"failed", "not timed"}


class Report:
    """A plugin of pytest that notes outcomes, and what was measured, by the tests' addresses.

    `is_whole` says whether the run came to its end.
    """

    def __init__(self, outcomes: Any = None, said: Any = None, is_whole: bool = False):
        self.outcomes = defaultdict(list, outcomes or {})
        self.said = defaultdict(list, said or {})
        self.is_whole = is_whole

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how a test ended; a skipped one shows itself before it is called."""
        if report.when == "call" or report.outcome != "passed":
            not_timed = report.skipped and NOT_TIMED in str(report.longrepr)
            self.outcomes[report.nodeid].append("not timed" if not_timed else report.outcome)
        self.said[report.nodeid] += [
            str(value) for name, value in report.user_properties if name == MEASURED
        ]

    def write(self, path: Path) -> None:
        """Leave everything in a file."""
        path.write_text(json.dumps(vars(self)))

    @classmethod
    def read(cls, path: Path) -> "Report":
        """Return what was left in a file; nothing where a run did not get so far."""
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def of(self, promise: Promise) -> dict[str, list[str]]:
        """Return how the tests of a promise ended."""
        return {
            test: outcomes
            for test, outcomes in self.outcomes.items()
            if any(_is_under(test, address) for address in promise.tests)
        }


def table(promises: Iterable[Promise], reports: Mapping[str, Report]) -> tuple[list[str], bool]:
    """Return the lines of the table, and whether every promise is kept.

    `reports` are those of all databases, by their names.
    """
    lines, kept = ["R    kept  target and what was measured"], []
    for promise in promises:
        kept.append(_is_kept(promise, reports.values()))
        said = "yes" if kept[-1] else "NO"
        lines.append(f"R{promise.number:<3} {said:<5} {promise.says}: {promise.target}")
        lines += [f"           {line}" for line in _found(promise, reports)]
    lines += [f"The run on {name} broke off." for name, one in reports.items() if not one.is_whole]
    return lines, all(kept)


def _found(promise: Promise, reports: Mapping[str, Report]) -> Iterator[str]:
    for name, report in reports.items():
        found = report.of(promise)
        outcomes = [one for ended in found.values() for one in ended]
        tally = ", ".join(f"{outcomes.count(one)} {one}" for one in sorted(set(outcomes)))
        yield f"{name}: {tally or 'not tried'}"
        for said in dict.fromkeys(value for test in sorted(found) for value in report.said[test]):
            yield f"{name}: {said}"


def _is_kept(promise: Promise, reports: Iterable[Report]) -> bool:
    """Whether each of its tests passed on some database, and none failed on any.

    One skips where the other database decides; which, the test says.
    """
    whole, passed = True, set()
    for report in reports:
        found = report.of(promise)
        whole &= report.is_whole and not any(_NO_GOOD & set(ended) for ended in found.values())
        passed |= {test for test, ended in found.items() if "passed" in ended}
    return whole and all(any(_is_under(test, one) for test in passed) for one in promise.tests)


def _is_under(test: str, address: str) -> bool:
    """Whether a test stands at an address, or in the class, file or folder that stands there."""
    return test == address or test.startswith((f"{address}::", f"{address}[", f"{address}/"))
