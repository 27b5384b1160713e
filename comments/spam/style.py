"""How a text is written: in capitals, without accents, with what nobody sees."""

import unicodedata
from collections.abc import Iterator
from itertools import islice

from newsroom import vietnamese
from newsroom.vietnamese.cleaning import INVISIBLE, is_mark

from .hits import Hit

CAPITALS, NO_ACCENTS, UNSEEN, STACKED = 15, 10, 25, 25

MIN_LETTERS = 20
MOST_CAPITALS = 0.7
MIN_WORDS = 6
MOST_SYLLABLES = 0.8
MAX_CODES = 6  # that are named
MAX_UNSEEN = 2_000  # that are looked at

# Turns text around or hides a message of its own, wherever it stands.
_TURNING = range(0x202A, 0x202F), range(0x2066, 0x206A), range(0xE0000, 0xE0080)
_BLACK_FLAG = "\U0001f3f4"


def capitals(text: str) -> Iterator[Hit]:
    """Notice a text that shouts."""
    letters = [char for char in text if char.isalpha()]
    large = sum(map(str.isupper, letters))
    if len(letters) >= MIN_LETTERS and large >= MOST_CAPITALS * len(letters):
        yield Hit("capitals", CAPITALS)


def no_accents(text: str) -> Iterator[Hit]:
    """Notice Vietnamese written without its accents: readers struggle with it."""
    words = [word for word in vietnamese.words(text) if word.folded.isalpha()]
    if len(words) < MIN_WORDS or any(word.exact != word.folded for word in words):
        return
    syllables = sum(word.folded in vietnamese.folded_syllables() for word in words)
    if syllables >= MOST_SYLLABLES * len(words):
        yield Hit("no_accents", NO_ACCENTS)


def unseen(raw: str) -> Iterator[Hit]:
    """Notice, in what was typed, invisible characters within words and such as turn text around.

    A stray one between words comes along with any copied text, and emoji need some.
    """
    found = (match.start() for match in islice(INVISIBLE.finditer(raw), MAX_UNSEEN))
    flags = _BLACK_FLAG in raw
    codes = {raw[at] for at in found if _hides(raw, at, flags)}
    if codes:
        named = sorted(f"U+{ord(char):04X}" for char in codes)[:MAX_CODES]
        yield Hit("unseen", UNSEEN, ", ".join(named))


def stacked(typed: str) -> Iterator[Hit]:
    """Notice more marks on one letter than any script needs; the text keeps MAX_MARKS of them."""
    marks = 0
    for char in typed:
        marks = marks + 1 if is_mark(char) else 0
        if marks >= vietnamese.MAX_MARKS:
            yield Hit("stacked", STACKED)
            return


def _hides(raw: str, at: int, flags: bool) -> bool:
    char = raw[at]
    if any(ord(char) in turning for turning in _TURNING):
        # Flags of England, Scotland and Wales are written with tags behind a black flag.
        return not (char >= "\U000e0000" and flags)
    before, after = _beside(raw, at, -1), _beside(raw, at, 1)
    return before.isalpha() and after.isalpha()


def _beside(raw: str, at: int, step: int) -> str:
    """Return the next character that is seen, "" at the end; a few unseen ones are passed over."""
    for _passed in range(8):
        at += step
        if not 0 <= at < len(raw):
            return ""
        if not INVISIBLE.match(raw[at]) and unicodedata.category(raw[at])[0] != "M":
            return raw[at]
    return ""
