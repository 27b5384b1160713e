"""Each promise has a test that is there; what they measure is printed by make test-security."""

import ast
from pathlib import Path

import pytest

from tests.security.promises import PROMISES

ROOT = Path(__file__).resolve().parents[2]


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
