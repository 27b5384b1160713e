"""Run what holds the promises about safety, on both databases, and print what was measured.

`make test-security` fails where a promise is not kept, or nothing has tried it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from .promises import PROMISES
from .report import Report, table

DATABASES = ("sqlite", "postgres")


def main() -> int:
    """Run the tests on each database in a process of its own, print the table; 0 if all is kept."""
    with tempfile.TemporaryDirectory() as folder:
        reports = {name: _run(name, Path(folder) / name) for name in DATABASES}
    lines, kept = table(PROMISES, reports)
    print("\n" + "\n".join(lines))
    return 0 if kept else 1


def _run(database: str, path: Path) -> Report:
    command = [sys.executable, "-m", "tests.security", str(path)]
    subprocess.run(command, env={**os.environ, "TEST_DB": database}, check=False)
    return Report.read(path)


def measure(path: Path) -> None:
    """Run the tests on the database of the environment and leave what they said in a file."""
    report = Report()
    tests = sorted({test for promise in PROMISES for test in promise.tests})
    side_by_side = ["-n", "2", "--dist", "worksteal", "-m", "not alone"]
    ended = [
        pytest.main(["-q", "--no-header", *how, *tests], [report])
        for how in (side_by_side, ["-m", "alone"])
    ]
    report.is_whole = set(ended) <= {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    report.write(path)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
    else:
        sys.exit(main())
