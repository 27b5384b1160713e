"""Where the words of a query stand in a text. Touches no database.

A text is not cut into words for that: a query becomes a pattern that meets its words whatever
their accents, and what it meets is read word by word where accents count. Only texts with letters
that fold in unusual ways ("ﬁ", "Москва", "½") are cut.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from newsroom import vietnamese
from newsroom.vietnamese import MAX_TERM_LENGTH, Word

from .search.conditions import Phrase
from .search.typed import phrase

Span = tuple[int, int]  # characters, [start, end)

WORD = re.compile(r"[^\W_]+")
# A full stop behind "TP" or an initial ends nothing.
# A run of stops is read once: a row of dots, as in a form to be filled in, may be long.
# It begins with a set of characters: so it is found many times faster.
_SENTENCE_END = re.compile(
    r"[\n.!?…](?:(?<=\n)|(?<!\n)(?<![.!?…][.!?…])[.!?…]*+"
    r"(?<!\bTP\.)(?<!\bTp\.)(?<!\b[A-ZĐ]\.)[\"”’)\]]*+\s)\s*"
)
_LATIN = range(0x250), range(0x1E00, 0x1F00)
_SIGNS = range(0x2200)  # the usual ones are among them


class Wanted(NamedTuple):
    """Words that are looked for one behind the other, as spelt or, `folded`, with any accents."""

    phrase: Phrase
    folded: tuple[str, ...]


@lru_cache(maxsize=256)
def wanted(words: tuple[Word, ...], *, exact: bool) -> Wanted:
    """Return the words as they are looked for."""
    return Wanted(phrase(words, exact=exact), phrase(words, exact=False).words)


class Reading:
    """A text with where its sentences begin, and where in it words stand."""

    def __init__(self, text: str):
        self.text = text
        self._found: dict[Wanted, list[Span]] = {}

    def find(self, sought: Wanted) -> list[Span]:
        """Return where the words stand, in order; places may overlap."""
        if sought not in self._found:
            is_usual = max(map(len, sought.folded)) < MAX_TERM_LENGTH and self._is_usual
            self._found[sought] = list((self._met if is_usual else self._counted)(sought))
        return self._found[sought]

    @cached_property
    def starts(self) -> list[int]:
        """Where the sentences begin, at last where the text ends."""
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text)]
        return [0, *ends, len(self.text) + 1]

    def sentence(self, start: int) -> int:
        """Return the number of the sentence in which a word stands that begins there."""
        return bisect_right(self.starts, start) - 1

    @cached_property
    def _is_usual(self) -> bool:
        return not _unusual().search(self.text)

    def _met(self, sought: Wanted) -> Iterator[Span]:
        pattern = _pattern(sought.folded)
        match = pattern and pattern.search(self.text)
        while match:
            if not sought.phrase.exact or self._spelt(*match.span()) == sought.phrase.words:
                yield match.span()
            match = pattern.search(self.text, match.start() + 1)

    def _spelt(self, start: int, end: int) -> tuple[str, ...]:
        return tuple(map(_exact, WORD.findall(self.text, start, end)))

    def _counted(self, sought: Wanted) -> Iterator[Span]:
        """Find the words by cutting the text; right for every letter there is."""
        spelt = self._exact if sought.phrase.exact else self._folded
        words, length, index = list(sought.phrase.words), len(sought.phrase.words), -1
        with suppress(ValueError):
            while True:
                index = spelt.index(words[0], index + 1)
                if spelt[index : index + length] == words:
                    yield self._words[index][0], self._words[index + length - 1][1]

    @cached_property
    def _words(self) -> list[Span]:
        return [match.span() for match in WORD.finditer(self.text)]

    @cached_property
    def _exact(self) -> list[str]:
        return [_exact(self.text[start:end]) for start, end in self._words]

    @cached_property
    def _folded(self) -> list[str]:
        return [_word(self.text[start:end]).folded for start, end in self._words]


def _exact(text: str) -> str:
    return _word(text).exact


@lru_cache(maxsize=1 << 15)
def _word(text: str) -> Word:
    return next(iter(vietnamese.words(text)), Word("", ""))


@lru_cache(maxsize=256)
def _pattern(folded: tuple[str, ...]) -> re.Pattern | None:
    """Return what meets the words in usual texts; None where none of these can hold them."""
    if not all(letter in _spellings() for letter in "".join(folded)):
        return None
    return re.compile(r"[\W_]++".join(map(_one, folded)))


def _one(word: str) -> str:
    first, *others = [f"[{_spellings()[letter]}]" for letter in word]
    # What must stand before it is asked behind its first letter: so it is found much faster.
    return rf"{first}(?<![^\W_].){''.join(others)}(?![^\W_])"


@cache
def _spellings() -> dict[str, str]:
    """Return for each folded letter or figure those that fold to it and to nothing else."""
    found: dict[str, str] = {}
    for char in map(chr, chain(*_LATIN)):
        if WORD.fullmatch(char) and len(folded := _word(char).folded) == 1:
            found[folded] = found.get(folded, "") + char
    return found


@cache
def _unusual() -> re.Pattern:
    """Return what finds a letter that is not among the spellings.

    All others are listed: a class of characters ("no letter") would be asked one by one.
    """
    letters = "".join(_spellings().values())
    signs = "".join(char for char in map(chr, _SIGNS) if not WORD.match(char))
    return re.compile(f"[^{letters}{re.escape(signs)}]")
