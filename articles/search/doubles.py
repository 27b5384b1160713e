"""“Bài trùng?”: headlines that say what another has said already."""

from difflib import SequenceMatcher

from django.db.models import QuerySet

from newsroom import vietnamese

from ..models import Article
from . import engine, finding
from .conditions import Any, Phrase

LEAST_WORDS = 4
ALIKE = 0.8  # of all words, in the same order
MAX_READ = 200
MAX_SHOWN = 3
_RUN = 3


def alike(headline: str, articles: QuerySet[Article]) -> list[Article]:
    """Return those of `articles` whose newest headline is nearly this one, the closest first.

    Accents do not count; MAX_SHOWN at most. Looks at the latest MAX_READ that share three words
    in a row. Nothing is like a headline of fewer than LEAST_WORDS words.
    """
    words = _words(headline)
    if len(words) < LEAST_WORDS:
        return []
    runs = [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]
    shared = Any(tuple(Phrase(run, headline=True) for run in dict.fromkeys(runs)))
    places = engine.current().match(shared, *finding.WHOLE, MAX_READ)
    rows = articles.filter(newest_revision__search_entry__place__in=places)
    close = [(_likeness(words, row), row) for row in rows.select_related("newest_revision")]
    close = [(likeness, row) for likeness, row in close if likeness >= ALIKE]
    close.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return [row for _likeness, row in close[:MAX_SHOWN]]


def _likeness(words: list[str], other: Article) -> float:
    return SequenceMatcher(None, words, _words(other.newest_revision.headline), False).ratio()


def _words(headline: str) -> list[str]:
    return [word.folded for word in vietnamese.words(headline)]
