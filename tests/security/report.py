"""What the tests of the promises said, and the table that is made of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .promises import Promise

MEASURED = "measured"  # what a test records by record_property under this name is printed


class Report:
    """A plugin of pytest that notes outcomes, and what was measured, by the tests' addresses."""

    def __init__(self, outcomes: dict[str, list[str]] | None = None, said: Any = None):
        self.outcomes = defaultdict(list, outcomes or {})
        self.said = defaultdict(list, said or {})

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how a test ended; a skipped one shows itself before it is called."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid].append(report.outcome)
        self.said[report.nodeid] += [
            str(value) for name, value in report.user_properties if name == MEASURED
        ]

    def write(self, path: Path) -> None:
        """Leave everything in a file."""
        path.write_text(json.dumps({"outcomes": self.outcomes, "said": self.said}))

    @classmethod
    def read(cls, path: Path) -> "Report":
        """Return what was left in a file; nothing where a run did not get so far."""
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    @classmethod
    def together(cls, reports: Iterable["Report"]) -> "Report":
        """Return what several runs said."""
        whole = cls()
        for report in reports:
            for test, outcomes in report.outcomes.items():
                whole.outcomes[test] += outcomes
                whole.said[test] += report.said.get(test, [])
        return whole

    def table(self, promises: Iterable[Promise]) -> tuple[list[str], bool]:
        """Return the lines of the table, and whether every promise is kept."""
        rows = [(promise, self._found(promise)) for promise in promises]
        lines = ["R    kept  target and what was measured"]
        for promise, found in rows:
            lines += self._lines(promise, found)
        return lines, all(_is_kept(promise, found) for promise, found in rows)

    def _found(self, promise: Promise) -> dict[str, list[str]]:
        return {
            test: outcomes
            for test, outcomes in self.outcomes.items()
            if any(_is_under(test, address) for address in promise.tests)
        }

    def _lines(self, promise: Promise, found: dict[str, list[str]]) -> Iterator[str]:
        kept = "yes" if _is_kept(promise, found) else "NO"
        yield f"R{promise.number:<3} {kept:<5} {promise.says}: {promise.target}"
        outcomes = [one for ended in found.values() for one in ended]
        tally = ", ".join(f"{outcomes.count(one)} {one}" for one in sorted(set(outcomes)))
        yield f"           {tally or 'not tried'}"
        for said in dict.fromkeys(value for test in sorted(found) for value in self.said[test]):
            yield f"           {said}"


def _is_kept(promise: Promise, found: dict[str, list[str]]) -> bool:
    """Whether each of its tests ran on some database, and none failed."""
    passed = {test for test, ended in found.items() if "passed" in ended}
    tried = all(any(_is_under(test, one) for test in passed) for one in promise.tests)
    return tried and not any("failed" in ended for ended in found.values())


def _is_under(test: str, address: str) -> bool:
    """Whether a test stands at an address, or in the class, file or folder that stands there."""
    return test == address or test.startswith((f"{address}::", f"{address}[", f"{address}/"))
