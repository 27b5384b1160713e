"""Where the words of a query stand in a text. Touches no database.

A text is not cut into words for that: it is folded letter by letter into as many bytes, a space
for whatever is no letter, and there the words of the query stand as they are. What is met is read
word by word where accents count. Only texts with letters that fold in unusual ways ("ﬁ", "Москва",
"½") are cut.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, islice
from typing import Any

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
_SIGN, _OTHER_LETTER = ord(" "), 0x7F  # for what is no letter, and for those like "ø"
# What texts consist of beside ASCII has codes of its own; what else there is takes longer.
_USUAL = "ăâđêôơưàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ"
_USUAL += f"{_USUAL.upper()}“”‘’–—…·«»°\u00a0"
_FREE = [*range(1, 10), *range(11, 32), *range(128, 256)]  # the codes that no text needs
_UNUSUAL = "newsroom.spotting"  # what is done with the others, by the name Python knows it under
MAX_FOUND = 5_000  # places of one and the same in a text: more tell nothing new


@dataclass(frozen=True, eq=False)
class Wanted:
    """Words that are looked for one behind the other, as spelt or, `folded`, with any accents."""

    phrase: Phrase
    folded: tuple[str, ...]

    @cached_property
    def is_usual(self) -> bool:
        """Whether texts with usual letters hold them only as `first` and `row` say."""
        return all(word.isascii() and len(word) < MAX_TERM_LENGTH for word in self.folded)

    @cached_property
    def first(self) -> bytes:
        """The first word in a text's bytes: to look for these is many times faster than a row."""
        return b" %b " % self.folded[0].encode()

    @cached_property
    def row(self) -> re.Pattern | None:
        """The pattern of all words; None where the first is the only one."""
        first, *others = (word.encode() for word in self.folded)
        behind = b"".join(b" +%b" % word for word in others)
        return re.compile(b" %b%b(?= )" % (first, behind)) if others else None


@lru_cache(maxsize=256)
def wanted(words: tuple[Word, ...], *, exact: bool) -> Wanted:
    """Return the words as they are looked for."""
    return Wanted(phrase(words, exact=exact), phrase(words, exact=False).words)


def sentence(text: str, at: int, since: int) -> Span:
    """Return where the sentence lies in which a word stands at `at`; one begins at `since`.

    Only the line is read in which the word stands: a new line always begins a sentence.
    """
    start = max(since, text.rfind("\n", since, at) + 1)
    for end in _SENTENCE_END.finditer(text, start):
        if end.end() > at:
            return start, end.end()
        start = end.end()
    return start, len(text)


class Reading:
    """A text and where in it words stand; several threads may look into the same one."""

    def __init__(self, text: str):
        self.text = text
        self._found: dict[Wanted, list[Span]] = {}

    def find(self, sought: Wanted) -> list[Span]:
        """Return where the words stand, in order, the first MAX_FOUND; places may overlap."""
        if sought not in self._found:
            is_usual = sought.is_usual and self._bytes
            found = (self._met if is_usual else self._counted)(sought)
            self._found[sought] = list(islice(found, MAX_FOUND))
        return self._found[sought]

    @cached_property
    def _bytes(self) -> bytes:
        """A byte for each character, a space at either end; b"" where letters fold otherwise."""
        try:
            codes, _length = codecs.charmap_encode(self.text, _UNUSUAL, _codes())
        except UnicodeEncodeError:
            return b""
        return b" %b " % codes.translate(_folded_codes())

    def _met(self, sought: Wanted) -> Iterator[Span]:
        # The space in front stands where the character before would.
        start = self._bytes.find(sought.first)
        while start >= 0:
            end = self._end_of_row(sought, start)
            if end and (not sought.phrase.exact or self._is_spelt(sought.phrase, start, end)):
                yield start, end
            start = self._bytes.find(sought.first, start + 1)

    def _end_of_row(self, sought: Wanted, start: int) -> int:
        """Return where the words end whose first one stands there; 0 where others follow it."""
        if not sought.row:
            return start + len(sought.folded[0])
        met = sought.row.match(self._bytes, start)
        return met.end() - 1 if met else 0

    def _is_spelt(self, sought: Phrase, start: int, end: int) -> bool:
        return tuple(map(_exact, WORD.findall(self.text, start, end))) == sought.words

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


@cache
def _letters() -> dict[str, int]:
    """Return the letters and figures that fold to one, each with the byte of that one."""
    found = {}
    for char in map(chr, chain(*_LATIN)):
        if WORD.fullmatch(char) and len(folded := _word(char).folded) == 1:
            found[char] = ord(folded) if folded.isascii() else _OTHER_LETTER
    return found


@cache
def _coded() -> str:
    """Return the characters that have a code, each at its place."""
    coded = [chr(code) if code < _OTHER_LETTER else "\ufffe" for code in range(256)]
    for code, char in zip(_FREE, _USUAL, strict=False):
        coded[code] = char
    return "".join(coded)


@cache
def _codes() -> Any:
    """Return the same for the codec, which looks it up without a dictionary."""
    return codecs.charmap_build(_coded())


@cache
def _folded_codes() -> bytes:
    """Return for each code the byte of what it folds to."""
    folded = [_letters().get(char, _SIGN) for char in _coded()]
    folded[_OTHER_LETTER] = _OTHER_LETTER
    return bytes(folded)


def _fold_others(error: UnicodeEncodeError) -> tuple[bytes, int]:
    """Return the bytes of characters without a code; raises `error` for one that has no byte."""
    others = [_other(char) for char in error.object[error.start : error.end]]
    if None in others:
        raise error
    return bytes(others), error.end


@lru_cache(maxsize=1 << 10)
def _other(char: str) -> int | None:
    return _letters().get(char, None if WORD.match(char) else _SIGN)


codecs.register_error(_UNUSUAL, _fold_others)
