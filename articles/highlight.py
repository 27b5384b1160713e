"""Which words of a text a search met: pieces for headlines and snippets. Touches no database.

Where a text has a word with the accents typed, only these are marked; otherwise any. Where all
words stand one behind the other, only there. So "bò" does not light up every "bộ", nor "thi đua"
every "thi".
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsroom import vietnamese
from newsroom.vietnamese import Word

from .search.typed import Part, Typed, has_accents
from .spotting import WORD, Reading, Span, Wanted, sentence, wanted

SNIPPET_WORDS = 30
LEAD_WORDS = 6
MAX_SCANNED_CHARS = 100_000
MAX_WEIGHED = 200  # words met in one sentence

Pieces = list[tuple[str, bool]]
Met = tuple[int, int, int]  # the characters met, [start, end), and which part of the query it is

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Spellings:
    """Words as they were typed, None where accents do not count, and with any accents."""

    typed: Wanted | None
    any: Wanted

    def in_texts(self, texts: list[Reading]) -> Wanted:
        """Return as what they are looked for in an article."""
        if self.typed and any(text.find(self.typed) for text in texts):
            return self.typed
        return self.any


@dataclass(frozen=True)
class Query:
    """A query as texts are looked through for it: all words in a row, and its parts."""

    whole: Spellings | None
    parts: tuple[Spellings, ...]

    @classmethod
    def of(cls, typed: Typed) -> "Query":
        """Read it."""
        accents = has_accents(typed.words)
        whole = _spellings(typed.words, accents) if len(typed.wanted) > 1 else None
        parts = (_spellings(part.words, _counts(part, accents)) for part in typed.wanted)
        return cls(whole, tuple(dict.fromkeys(parts)))


@dataclass(frozen=True)
class Sought:
    """What one article is looked through for: all words in a row, and the parts of the query."""

    whole: Wanted | None = None
    parts: tuple[Wanted, ...] = ()


def sought(query: Query, *texts: str) -> Sought:
    """Return what of a query to mark in an article, which consists of `texts`."""
    read = [_read(text[:MAX_SCANNED_CHARS]) for text in texts]
    whole = query.whole and query.whole.in_texts(read)
    return Sought(whole, tuple(part.in_texts(read) for part in query.parts))


def marked(text: str, query: Sought) -> Pieces:
    """Return `text` cut into pieces, True for those met; neighbouring words met are one piece."""
    line = _read(text)
    return _pieces(text, _joined(text, _met(line, query)))


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
    words = [match.span() for match in WORD.finditer(body.text, start, end)]
    first = max(0, min(_best_start(words, best) - LEAD_WORDS, len(words) - SNIPPET_WORDS))
    last = min(len(words), first + SNIPPET_WORDS)
    left = words[first][0] if first else start
    right = words[last - 1][1] if last < len(words) else end
    return [
        *([("… ", False)] if first else []),
        *_cut(body.text, _joined(body.text, met), left, right),
        *([(" …", False)] if last < len(words) else []),
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


# A body is looked through twice: for which spelling it has, and for its best sentence.
_read = lru_cache(maxsize=4)(Reading)


def _counts(part: Part, accents: bool) -> bool:
    """Whether accents count for a part: a quotation typed without any means none."""
    return has_accents(part.words) if part.quoted else accents


def _spellings(words: tuple[Word, ...], accents: bool) -> Spellings:
    return Spellings(wanted(words, exact=True) if accents else None, wanted(words, exact=False))


def _met(text: Reading, query: Sought) -> list[Met]:
    """Return what is to be marked, in order."""
    whole = list(_stretches(text, [query.whole] if query.whole else []))
    return whole or sorted(_stretches(text, query.parts))


def _stretches(text: Reading, parts: Iterable[Wanted]) -> Iterator[Met]:
    for number, part in enumerate(parts):
        for start, end in text.find(part):
            yield start, end, number


def _best_sentence(text: Reading, met: list[Met]) -> tuple[int, int, list[Met]]:
    """Return where a sentence begins and ends, and what is met in it.

    Where what is met runs on over its end, the sentence behind belongs to it.
    """
    within: dict[Span, list[Met]] = {}
    here = (0, 0)
    for one in met:
        if one[0] >= here[1]:
            here = sentence(text.text, one[0], since=here[1])
            within[here] = []
        within[here].append(one)
    start, end = max(within, key=lambda one: (len({which for *_, which in within[one]}), -one[0]))
    met_in_it = within[start, end]
    last = max(end for _start, end, _which in met_in_it) - 1
    if last >= end:
        _start, end = sentence(text.text, last, since=end)
    return start, end, met_in_it


def _best_start(words: list[Span], met: list[Met]) -> int:
    """Return the number of the word at which the stretch that meets most begins."""
    places = [(bisect_left(words, (start, 0)), which) for start, _end, which in met]

    def worth(first: int) -> tuple[int, int]:
        since = bisect_left(places, (first, 0))
        end = bisect_left(places, (first + SNIPPET_WORDS - LEAD_WORDS, 0))
        return len({which for _place, which in places[since:end]}), -first

    return max((place for place, _which in places[:MAX_WEIGHED]), key=worth)


def _joined(text: str, met: list[Met]) -> list[Span]:
    """Return the characters to be marked; stretches with only space between them are one."""
    spans: list[Span] = []
    for start, stop, _which in met:
        if spans and (start <= spans[-1][1] or text[spans[-1][1] : start].isspace()):
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


def _pieces(text: str, spans: list[Span]) -> Pieces:
    pieces: Pieces = []
    end = 0
    for start, stop in spans:
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [(piece, met) for piece, met in [*pieces, (text[end:], False)] if piece]


def _cut(text: str, spans: list[Span], left: int, right: int) -> Pieces:
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
