"""R1 to R38: what is promised, to which figure, and the tests that hold it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """`tests` are addresses of pytest: files, classes, functions."""

    number: int
    says: str
    target: str
    tests: tuple[str, ...]


PROMISES: tuple[Promise, ...] = ()
