"""Which words of a text a search met: pieces for headlines and snippets. Touches no database.

Where a text has a word with the accents typed, only these are marked; otherwise any. Where all
words stand one behind the other, only there. So "bò" does not light up every "bộ", nor "thi đua"
every "thi".
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from newsroom import vietnamese
from newsroom.vietnamese import Word

from .search.conditions import Phrase
from .search.typed import Part, Typed, has_accents, phrase

SNIPPET_WORDS = 30
LEAD_WORDS = 6
MAX_SCANNED_CHARS = 100_000
MAX_WEIGHED = 200  # words met in one sentence

Pieces = list[tuple[str, bool]]
Met = tuple[int, int, int]  # the first word met, the word behind the last, which phrase it is

_WORD = re.compile(r"([^\W_]+)")
# A full stop behind "TP" or an initial ends nothing.
# A run of stops is read once: a row of dots, as in a form to be filled in, may be long.
# It begins with a set of characters: so it is found many times faster.
_SENTENCE_END = re.compile(
    r"[\n.!?…](?:(?<=\n)|(?<!\n)(?<![.!?…][.!?…])[.!?…]*+"
    r"(?<!\bTP\.)(?<!\bTp\.)(?<!\b[A-ZĐ]\.)[\"”’)\]]*+\s)\s*"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Sought:
    """What a text is looked through for: all words in a row, and the parts of the query."""

    whole: Phrase | None = None
    parts: tuple[Phrase, ...] = ()


def sought(typed: Typed, *texts: str) -> Sought:
    """Return what of a query to mark in an article, which consists of `texts`."""
    if not typed.wanted:
        return Sought()
    read = [_read(text[:MAX_SCANNED_CHARS]) for text in texts]
    accents = has_accents(typed.words)
    whole = _as_spelt(typed.words, accents, read) if len(typed.wanted) > 1 else None
    parts = (_as_spelt(part.words, _counts(part, accents), read) for part in typed.wanted)
    return Sought(whole, tuple(dict.fromkeys(parts)))


def marked(text: str, query: Sought) -> Pieces:
    """Return `text` cut into pieces, True for those met; neighbouring words met are one piece."""
    line = _read(text)
    return _pieces(text, _joined(line, _met(line, query)))


def snippet(text: str, query: Sought) -> Pieces:
    """Return the sentence that says most of what was sought, "…" where it is cut.

    Sentences with all words in a row come first, then those that meet most parts, then the
    earliest. Empty when nothing is met in the first MAX_SCANNED_CHARS characters.
    """
    body = _read(text[:MAX_SCANNED_CHARS])
    met = _met(body, query)
    if not met:
        return []
    start, end, best = _best_sentence(body, met)
    first = max(start, min(_best_start(best) - LEAD_WORDS, end - SNIPPET_WORDS))
    last = min(end, first + SNIPPET_WORDS)
    left, right = body.begins[first], body.stops[last - 1]
    if first == start:
        left = body.starts[body.sentence(first)]
    if last == end:
        right = body.starts[body.sentence(last - 1) + 1]
    return [
        *([("… ", False)] if first > start else []),
        *_cut(body.text, _joined(body, met), left, right),
        *([(" …", False)] if last < end else []),
    ]


def spellings(pieces: Iterable[Pieces], typed: str, limit: int = 3) -> list[str]:
    """Return what was met with other accents than typed, frequent first ("đất đai").

    Where the words typed were met in a row, only such rows.
    """
    typed = vietnamese.clean(typed).lower()
    met = Counter(" ".join(text.lower().split()) for line in pieces for text, met in line if met)
    found = [text for text, _times in met.most_common() if text not in typed]
    found = [text for text in found if not text.isascii()]
    asked = len(vietnamese.words(typed))
    return [text for text in found if len(vietnamese.words(text)) == asked][:limit] or found[:limit]


class _Text:
    """A text with its words: where each stands, and in which sentence."""

    def __init__(self, text: str):
        self.text = text
        self._pieces = _WORD.split(text)  # what lies between two words, a word, and so on

    @cached_property
    def begins(self) -> list[int]:
        """Where each word begins; at last where the text ends."""
        return self._ends[0::2]

    @cached_property
    def stops(self) -> list[int]:
        """Where each word ends."""
        return self._ends[1::2]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self._pieces)))

    @cached_property
    def starts(self) -> list[int]:
        """Where the sentences begin, at last where the text ends."""
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text)]
        return [0, *ends, len(self.text) + 1]

    @cached_property
    def _exact(self) -> list[str]:
        return list(map(_exact, self._pieces[1::2]))

    @cached_property
    def _folded(self) -> list[str]:
        return list(map(_folded, self._pieces[1::2]))

    def find(self, wanted: Phrase) -> Iterator[int]:
        """Yield the words at which a phrase begins."""
        spelt, sought = self._exact if wanted.exact else self._folded, list(wanted.words)
        index = -1
        with suppress(ValueError):
            while True:
                index = spelt.index(sought[0], index + 1)
                if spelt[index : index + len(sought)] == sought:
                    yield index

    def sentence(self, index: int) -> int:
        """Return the number of the sentence a word stands in."""
        return bisect_right(self.starts, self.begins[index]) - 1


# A body is looked through twice: for which spelling it has, and for its best sentence.
_read = lru_cache(maxsize=4)(_Text)


def _as_word(text: str) -> Word:
    return next(iter(vietnamese.words(text)), Word("", ""))


@lru_cache(maxsize=1 << 15)
def _exact(text: str) -> str:
    return _as_word(text).exact


@lru_cache(maxsize=1 << 15)
def _folded(text: str) -> str:
    return _as_word(text).folded


def _counts(part: Part, accents: bool) -> bool:
    """Whether accents count for a part: a quotation typed without any means none."""
    return has_accents(part.words) if part.quoted else accents


def _as_spelt(words: tuple[Word, ...], accents: bool, texts: list[_Text]) -> Phrase:
    exact = phrase(words, exact=True)
    if accents and any(True for text in texts for _index in text.find(exact)):
        return exact
    return phrase(words, exact=False)


def _met(text: _Text, query: Sought) -> list[Met]:
    """Return the stretches of words to be marked, in order."""
    whole = list(_stretches(text, [query.whole] if query.whole else []))
    return whole or sorted(_stretches(text, query.parts))


def _stretches(text: _Text, phrases: Iterable[Phrase]) -> Iterator[Met]:
    for number, wanted in enumerate(phrases):
        for index in text.find(wanted):
            yield index, index + len(wanted.words), number


def _best_sentence(text: _Text, met: list[Met]) -> tuple[int, int, list[Met]]:
    """Return the first word of a sentence, the one behind it, and what is met in it.

    Where what is met runs on over its end, the sentence behind belongs to it.
    """
    within: dict[int, list[Met]] = defaultdict(list)
    for one in met:
        within[text.sentence(one[0])].append(one)
    best = max(within, key=lambda number: (len({which for *_, which in within[number]}), -number))
    last = text.sentence(max(end for _start, end, _which in within[best]) - 1)
    ends = text.starts[best], text.starts[last + 1]
    first, end = (bisect_left(text.begins, start, hi=len(text.stops)) for start in ends)
    return first, end, within[best]


def _best_start(met: list[Met]) -> int:
    """Return the word at which the stretch that meets most begins."""

    def worth(first: int) -> tuple[int, int]:
        end = first + SNIPPET_WORDS - LEAD_WORDS
        return len({which for start, _, which in met if first <= start < end}), -first

    return max((start for start, *_ in met[:MAX_WEIGHED]), key=worth)


def _joined(text: _Text, met: list[Met]) -> list[tuple[int, int]]:
    """Return the characters to be marked; stretches with only space between them are one."""
    spans: list[tuple[int, int]] = []
    for first, end, _which in met:
        start, stop = text.begins[first], text.stops[end - 1]
        if spans and (start <= spans[-1][1] or text.text[spans[-1][1] : start].isspace()):
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


def _pieces(text: str, spans: list[tuple[int, int]]) -> Pieces:
    pieces: Pieces = []
    end = 0
    for start, stop in spans:
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [(piece, met) for piece, met in [*pieces, (text[end:], False)] if piece]


def _cut(text: str, spans: list[tuple[int, int]], left: int, right: int) -> Pieces:
    """Return the pieces of a part of the text, in one line."""
    part = text[left:right].strip()
    left = text.index(part, left)
    right = left + len(part)
    inside = [
        (max(start, left) - left, min(stop, right) - left)
        for start, stop in spans
        if start < right and stop > left
    ]
    return [(_SPACE.sub(" ", piece), met) for piece, met in _pieces(part, inside)]
