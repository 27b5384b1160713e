"""“Có phải bạn tìm …”: a query that finds nothing, mended one word at a time.

What comes into question: the word as typed with the keyboard's Telex or VNI switched off, two
syllables run together, and every Vietnamese syllable one slip of the finger away. What is
suggested has been found.
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice

from newsroom import rich_text
from newsroom.vietnamese import Word, folded_syllables

from ..models import Publication
from ..spotting import WORD, Reading, wanted
from . import finding
from .conditions import All, Phrase
from .finding import EVERYTHING, Hit, Scope
from .typed import Typed

MAX_WORDS = 8
MIN_LETTERS = 3
MAX_TRIES = 80
ENOUGH = 20  # hits; more make no mended query better

_KEYS = re.compile("[sfrxjw0-9]")  # of Telex and VNI: tones and hats
_DOUBLED = re.compile("(dd|aa|ee|oo)")


def better(typed: Typed, at: dt.datetime, scope: Scope = EVERYTHING) -> str:
    """Return a query close to this one that finds something, as it is printed; "" if none does.

    Only for plain words: whoever puts quotation marks, a minus or the number of a document knows
    what he wants; and a word of two letters may be anything.
    """
    words = [word.folded for word in typed.words]
    telling = 1 < len(words) <= MAX_WORDS or len("".join(words)) >= MIN_LETTERS
    if not typed.is_plain or not telling:
        return ""
    best: list[Hit] = []
    mended: list[str] = []
    for tried in islice(_mended(words), MAX_TRIES):
        found = _found(tried, at, scope)
        if len(found) > len(best):
            best, mended = found, tried
    return _as_printed(best[0], mended, at) if best else ""


def _found(words: list[str], at: dt.datetime, scope: Scope) -> list[Hit]:
    """Return what holds the words one behind the other, else what holds them all."""
    together = finding.hits(Phrase(tuple(words)), at, scope, ENOUGH)
    if together or len(words) == 1:
        return together
    each = All(tuple(Phrase((word,)) for word in dict.fromkeys(words)))
    return finding.hits(each, at, scope, 1)


def _mended(words: list[str]) -> Iterator[list[str]]:
    """Yield the words with one of them exchanged; those that are no syllables come first."""
    ordered = sorted(range(len(words)), key=lambda index: words[index] in folded_syllables())
    for index in ordered:
        for other in dict.fromkeys(_instead_of(words[index])):
            yield [*words[:index], *other.split(), *words[index + 1 :]]


def _instead_of(word: str) -> Iterator[str]:
    if word not in folded_syllables():
        yield from _untyped(word)
        yield from _parted(word)
        yield from (word[:at] + word[at + 1 :] for at in range(len(word)) if len(word) > 2)
    yield from (slip for slip in _slips(word) if slip in folded_syllables())


def _untyped(word: str) -> Iterator[str]:
    """Yield what the keys spell when the keyboard knows Telex or VNI: "ddua", "d9ua"."""
    keyed = _DOUBLED.sub(lambda match: match[0][0], word[:1] + _KEYS.sub("", word[1:]))
    if keyed != word and keyed in folded_syllables():
        yield keyed


def _parted(word: str) -> Iterator[str]:
    for end in range(1, len(word)):
        if word[:end] in folded_syllables() and word[end:] in folded_syllables():
            yield f"{word[:end]} {word[end:]}"


def _slips(word: str) -> Iterator[str]:
    """Yield what is one letter too many, exchanged, wrong or missing away."""
    letters = "abcdeghiklmnopqrstuvxy"
    halves = [(word[:end], word[end:]) for end in range(len(word) + 1)]
    for left, right in halves:
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        if right:
            yield left + right[1:]
            yield from (left + letter + right[1:] for letter in letters)
        yield from (left + letter + right for letter in letters)


def _as_printed(hit: Hit, words: list[str], at: dt.datetime) -> str:
    """Return the words with the accents they have in the text that was found."""
    shown = Publication.objects.public(at).filter(article=hit.article_id)
    for revision in (publication.revision for publication in shown.select_related("revision")):
        body = rich_text.plain_text(revision.body)
        text = f"{revision.headline}\n{revision.standfirst}\n{body}"
        if printed := _printed(text, words):
            return printed
    return " ".join(words)


def _printed(text: str, words: list[str]) -> str:
    row = wanted(tuple(Word(word, word) for word in words), exact=False)
    met = Reading(text).find(row)
    return " ".join(WORD.findall(text, *met[0])) if met else ""
