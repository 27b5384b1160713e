"""The word list of the database, compiled once a process and anew when it was changed.

Whoever changes the list bumps the stamp WORDS in the same transaction; each weighing reads that
one row (a look-up by its key) and compiles only if it moved.
"""

from collections.abc import Iterator
from functools import lru_cache

from newsroom import stamps

from ..models import WatchedWord
from .hits import Hit
from .phrases import Match, Phrase, Phrases
from .tokens import tokens

WORDS = "words"  # the stamp of the list; no page shows it
MOST = 12

_known: tuple[int, Phrases] | None = None


def phrases() -> Phrases:
    """Return the compiled list. One query, two when the list has changed."""
    global _known
    version = stamps.versions([WORDS])[WORDS]
    if _known is None or _known[0] != version:
        rows = WatchedWord.objects.filter(is_active=True).order_by("pk")
        listed = rows.values_list("phrase", "points", "is_allowed")
        _known = version, _compiled(tuple(listed))
    return _known[1]


@lru_cache(maxsize=2)
def _compiled(listed: tuple[tuple[str, int, bool], ...]) -> Phrases:
    return Phrases(Phrase(*row) for row in listed)


def has_words(phrase: str) -> bool:
    """Whether a phrase could ever be found."""
    return any(token.reading.exact for token in tokens(phrase))


def words(name: str, text: str) -> Iterator[Hit]:
    """Notice the watched words of a comment; those of the name have no place in the text.

    A phrase counts once, wherever else it stands.
    """
    watched = phrases()
    counted: set[str] = set()
    for match in watched.find(text)[:MOST]:
        yield Hit("word", _points(match, counted), match.phrase.text, match.start, match.end)
    for match in watched.find(name)[:MOST]:
        yield Hit("name", _points(match, counted), match.phrase.text)


def _points(match: Match, counted: set[str]) -> int:
    phrase = match.phrase
    known = phrase.text in counted
    counted.add(phrase.text)
    return 0 if known else phrase.points
