"""The words of a text as the word list is compared with them, each with its place in the text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from newsroom import vietnamese
from newsroom.vietnamese import fold
from newsroom.vietnamese.syllables import is_syllable

from . import lookalikes

MAX_WORD = 60  # longer ones are no words
MAX_GAP = 3  # signs between two letters that are typed apart
BARE_SHARE = 8  # at most one word of so many bears a mark where a text is written without

_MARKS = "\u0300-\u036f"
_LETTER = f"[^\\W_]|[{_MARKS}]"
_WORD = re.compile(f"[^\\W_@$€](?:{_LETTER}|[@$€*]|[!|](?=[^\\W_]))*|[@$€](?:{_LETTER}|[@$€*])+")
_CLAUSE_ENDS = re.compile(r"^[)\]”\"']*[.,;:!?…]+[)\]”\"']*\s|\n")
_SENTENCE_ENDS = re.compile(r"^[)\]”\"']*[.!?…]+\s|\n")
_STARS = re.compile(r"\*+")
_VOWELS = re.compile("[aeiouy]+")


@dataclass(frozen=True)
class Reading:
    """The ways one word can be read: `exact` with its marks, `folded` without any.

    `hidden` is a word that hides: signs or foreign letters stand for its own, so that its marks
    say nothing.
    """

    exact: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    letters: str = ""
    plain: str = ""  # these without their marks
    hidden: bool = False

    @property
    def marked(self) -> bool:
        """Whether it bears a mark."""
        return self.plain != self.letters

    @cached_property
    def strict(self) -> tuple[str, ...]:
        """What it is looked up by while its marks count."""
        return tuple(f"={form}" for form in self.exact)

    @cached_property
    def loose(self) -> tuple[str, ...]:
        """What it is looked up by where they do not."""
        return (*self.strict, *(f"~{form}" for form in self.folded))


@dataclass(frozen=True)
class Token:
    """One word of a text. `bare`: around it the text is written without marks."""

    start: int
    end: int
    reading: Reading
    bare: bool = False
    begins: bool = False  # a clause: no phrase runs over its border
    apart: bool = False  # its letters were typed apart

    @property
    def keys(self) -> tuple[str, ...]:
        """What the word list is asked for."""
        loose = self.bare or self.reading.hidden
        return self.reading.loose if loose else self.reading.strict


def tokens(text: str) -> list[Token]:
    """Return the words of `text` in order. Linear in its length."""
    found: list[Token] = []
    sentence: list[tuple[re.Match, bool]] = []
    for match, gap in _with_gaps(text):
        if sentence and _SENTENCE_ENDS.search(gap):
            found += _told(sentence)
            sentence = []
        sentence.append((match, bool(_CLAUSE_ENDS.search(gap))))
    found += _told(sentence)
    return _all_bare(found)


def spelt(found: list[Token]) -> list[Token]:
    """Return the words with those put together whose letters stand apart: "n g u"."""
    joined: list[Token] = []
    run: list[Token] = []
    for token in found:
        if run and not _goes_on(run[-1], token):
            joined += _closed(run)
            run = []
        run.append(token)
    return joined + _closed(run)


@lru_cache(maxsize=1 << 14)
def read(word: str) -> Reading:
    """Return how a word can be read. Words are few and come again and again."""
    if len(word) > MAX_WORD:
        return Reading()
    letters, hidden = lookalikes.plain(word)
    if "*" in letters.rstrip("*"):
        form = "*" + _STARS.sub("*", letters)
        return Reading((form,), (form,), letters, fold(letters), hidden=True)
    letters = letters.rstrip("*")
    signed = lookalikes.unsigned(letters)
    forms = [letters, *signed, *map(squeezed, [letters, *signed])]
    words = [word for form in dict.fromkeys(forms) for word in vietnamese.words(form)[:1]]
    return Reading(
        tuple(dict.fromkeys(word.exact for word in words)),
        tuple(dict.fromkeys(word.folded for word in words)),
        letters,
        fold(letters),
        hidden or bool(signed),
    )


def masked(letters: str) -> str:
    """Return a word as it is written with a star for its vowels: "l*n"."""
    bare = fold(letters)
    out = [letter if not _VOWELS.match(plain) else "*" for letter, plain in _pairs(letters, bare)]
    return "*" + _STARS.sub("*", "".join(out))


def squeezed(word: str) -> str:
    """Return "nguuu" as "ngu"; what is a syllable as it stands is left alone."""
    if is_syllable(word) or fold(word) in vietnamese.folded_syllables():
        return word
    kept, before = [], ""
    for letter in word:
        base = unicodedata.normalize("NFD", letter)[0]
        if base != before:
            kept.append(letter)
        before = base
    return "".join(kept)


def _with_gaps(text: str) -> Iterator[tuple[re.Match, str]]:
    """Yield each word with what stands between it and the word before."""
    last = 0
    for match in _WORD.finditer(text):
        yield match, text[last : match.start()]
        last = match.end()


def _told(sentence: list[tuple[re.Match, bool]]) -> list[Token]:
    readings = [read(match[0]) for match, _begins in sentence]
    bare = len(sentence) >= 4 and _is_bare(readings)
    return [
        Token(*match.span(), reading, bare, begins or not number)
        for number, ((match, begins), reading) in enumerate(zip(sentence, readings, strict=True))
    ]


def _all_bare(found: list[Token]) -> list[Token]:
    """Let every word of a text without marks be bare, short sentences too."""
    if len(found) < 2 or not _is_bare([token.reading for token in found]):
        return found
    return [replace(token, bare=True) for token in found]


def _is_bare(readings: list[Reading]) -> bool:
    return BARE_SHARE * sum(reading.marked for reading in readings) <= len(readings)


def _goes_on(before: Token, token: Token) -> bool:
    single = len(before.reading.letters) == len(token.reading.letters) == 1
    return single and token.start - before.end <= MAX_GAP


def _closed(run: list[Token]) -> list[Token]:
    """Return a run as one word; of two letters it hides nothing yet."""
    if len(run) < 2:
        return run
    letters = "".join(token.reading.letters for token in run)
    reading = read(letters)
    if len(run) > 2:
        reading = replace(reading, hidden=True)
    first, last = run[0], run[-1]
    return [Token(first.start, last.end, reading, first.bare, first.begins, apart=True)]


def _pairs(letters: str, bare: str) -> Iterator[tuple[str, str]]:
    return zip(letters, bare if len(bare) == len(letters) else letters, strict=True)
