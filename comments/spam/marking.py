"""A text cut into pieces, so that a page can highlight what was noticed in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .describing import describe


@dataclass(frozen=True)
class Piece:
    """A stretch of a text and what was noticed there: one line for each, none for clean text."""

    text: str
    notes: tuple[str, ...] = ()


def pieces(text: str, rows: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """Return the text in pieces, in order and complete; `rows` are hits as stored.

    A hit whose place is not in the text (it was redacted since) is left out.
    """
    placed = [row for row in rows if _lies_in(text, row)]
    return [
        Piece(text[start:end], tuple(_notes(placed, start, end)))
        for start, end in pairwise(_cuts(text, placed))
    ]


def _cuts(text: str, placed: list[Mapping[str, Any]]) -> list[int]:
    ends = {point for row in placed for point in (row["start"], row["end"])}
    return sorted(ends | {0, len(text)}) if text else []


def _notes(placed: list[Mapping[str, Any]], start: int, end: int) -> Iterator[str]:
    yield from (describe(row) for row in placed if row["start"] <= start and end <= row["end"])


def _lies_in(text: str, row: Mapping[str, Any]) -> bool:
    start, end = row.get("start"), row.get("end")
    return start is not None and end is not None and 0 <= start < end <= len(text)
