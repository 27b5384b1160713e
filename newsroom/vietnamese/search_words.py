"""Words as the search stores and asks for them."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from .cleaning import normalise
from .folding import fold
from .syllables import ONSETS, RIMES

MAX_TERMS = 12
MAX_TERM_LENGTH = 40

_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
_TONES = {"\u0300": "_2", "\u0309": "_3", "\u0303": "_4", "\u0301": "_5", "\u0323": "_6"}


def search_text(*parts: str) -> str:
    """Return the parts folded, punctuation as spaces, one space at either end.

    So ' thi dua ' is found by whole syllables and never inside another word.
    """
    words = _NOT_WORD.sub(" ", fold("\n".join(part for part in parts if part))).strip()
    return f" {words} " if words else " "


def search_terms(query: str) -> list[str]:
    """Return the folded words of a query, no doubles, in order; bounded in number and length."""
    words = (word[:MAX_TERM_LENGTH] for word in search_text(query[:2000] if query else "").split())
    return list(dict.fromkeys(words))[:MAX_TERMS]


class Word(NamedTuple):
    """One word of a text as search compares it: with its accents, and without any.

    `exact` has the tone behind the letters, so that "hoà" is "hòa".
    """

    exact: str
    folded: str


def words(text: str) -> list[Word]:
    """Return the words of `text` in order; whatever is neither letter nor digit parts them."""
    found = (_word(match[0][:MAX_TERM_LENGTH]) for match in _WORD.finditer(normalise(text or "")))
    return [word for word in found if word.folded]


@lru_cache(maxsize=1 << 15)
def _word(text: str) -> Word:
    """Syllables are few and come again and again."""
    text = text.lower().replace("ð", "đ")
    tone, letters = "", []
    for char in unicodedata.normalize("NFD", text):
        tone = _TONES.get(char, tone)
        letters += [] if char in _TONES else [char]
    exact = unicodedata.normalize("NFC", "".join(letters))
    return Word(exact + tone, _NOT_WORD.sub("", fold(text))[:MAX_TERM_LENGTH])


@cache
def folded_syllables() -> frozenset[str]:
    """Return every syllable there can be, without its accents."""
    return frozenset(fold(onset + rime) for onset in ("", *ONSETS) for rime in RIMES)
