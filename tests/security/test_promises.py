"""Each promise has a test that is there; what they measure is printed by make test-security."""

import ast
import re
from pathlib import Path

import pytest

from tests.security.promises import PROMISES

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()


def test_there_are_thirty_eight():
    assert [promise.number for promise in PROMISES] == list(range(1, 39))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"R{promise.number}")
def test_its_tests_are_there(promise):
    assert promise.tests
    for address in promise.tests:
        path, *names = address.split("::")
        body = ast.parse((ROOT / path).read_text())
        for name in names:
            body = next(node for node in body.body if getattr(node, "name", None) == name)


def test_the_page_on_threats_leads_from_each_to_its_tests():
    page = re.search(r"^## Threats$(.*?)^## ", ARCHITECTURE, re.DOTALL | re.MULTILINE)[1]
    ranges = re.findall(r"\bR(\d+)(?:–R(\d+))?\b", page.partition("\n| who |")[2])
    named = {
        number for first, last in ranges for number in range(int(first), int(last or first) + 1)
    }
    assert named == set(range(1, 39))
    elsewhere = " ".join(re.findall(r"`([a-z_/]*test_[a-z_]+\.py)`", page))
    for promise in PROMISES:
        files = {Path(test.partition("::")[0]).name for test in promise.tests}
        by_number = f"test_r{promise.number:02}_"
        assert any(name.startswith(by_number) or name in elsewhere for name in files), promise
