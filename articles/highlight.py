"""Which words of a text a search met: pieces for headlines and snippets. Touches no database."""

import re
from collections import Counter
from collections.abc import Iterable

from newsroom import vietnamese

SNIPPET_WORDS = 30
LEAD_WORDS = 6
MAX_SCANNED_CHARS = 60_000

Pieces = list[tuple[str, bool]]

_WORD = re.compile(r"[^\W_]+")


def marked(text: str, terms: Iterable[str]) -> Pieces:
    """Return `text` cut into pieces, True for those met; neighbouring words met are one piece."""
    return _pieces(text, _met(text, frozenset(terms)))


def snippet(text: str, terms: Iterable[str]) -> Pieces:
    """Return the stretch of about SNIPPET_WORDS words that meets most terms, "…" where cut.

    Empty when no term is met in the first MAX_SCANNED_CHARS characters.
    """
    text = " ".join(text[:MAX_SCANNED_CHARS].split())
    words = list(_WORD.finditer(text))
    wanted = frozenset(terms)
    hits = [index for index, word in enumerate(words) if _is_met(word[0], wanted)]
    if not hits:
        return []
    start = max(0, _best(words, hits) - LEAD_WORDS)
    end = min(len(words), start + SNIPPET_WORDS)
    left = words[start].start() if start else 0
    right = words[end - 1].end() if end < len(words) else len(text)
    pieces = marked(text[left:right], wanted)
    return [
        *([("… ", False)] if left else []),
        *pieces,
        *([(" …", False)] if right < len(text) else []),
    ]


def spellings(pieces: Iterable[Pieces], typed: str, limit: int = 3) -> list[str]:
    """Return what was met in other spelling than typed, frequent first ("đất đai")."""
    typed = vietnamese.clean(typed).lower()
    found = Counter(" ".join(text.lower().split()) for line in pieces for text, met in line if met)
    return [text for text, _times in found.most_common() if text not in typed][:limit]


def _best(words: list[re.Match[str]], hits: list[int]) -> int:
    """Return the word at which the stretch with most different terms, then most hits, begins."""
    folded = {index: vietnamese.fold(words[index][0]) for index in hits}

    def worth(first: int) -> tuple[int, int, int]:
        near = [
            folded[index] for index in hits if first <= index < first + SNIPPET_WORDS - LEAD_WORDS
        ]
        return len(set(near)), len(near), -first

    return max(hits[:200], key=worth)


def _is_met(word: str, terms: frozenset[str]) -> bool:
    return vietnamese.fold(word)[: vietnamese.MAX_TERM_LENGTH] in terms


def _met(text: str, terms: frozenset[str]) -> list[tuple[int, int]]:
    """Return the stretches of words met; those with only space between them are joined."""
    spans: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        if not _is_met(word[0], terms):
            continue
        if spans and text[spans[-1][1] : word.start()].isspace():
            spans[-1] = (spans[-1][0], word.end())
        else:
            spans.append(word.span())
    return spans


def _pieces(text: str, spans: list[tuple[int, int]]) -> Pieces:
    pieces: Pieces = []
    end = 0
    for start, stop in spans:
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [(piece, met) for piece, met in [*pieces, (text[end:], False)] if piece]
