"""What the engines of the search store of texts from the pool, as `articles.search` would have it.

A story is read once, whatever stands above and below it. SQLite gets its words by joining strings;
PostgreSQL joins vectors itself, once all texts are there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db import connection

from articles.search import fts5, tsearch
from articles.search.entries import HEADLINE_GAP
from newsroom import vietnamese
from newsroom.vietnamese import Word

from . import bulk
from .stories import Ending, Story

TABLE = fts5.TABLE
STORIES, WAITING = "bench_stories", "bench_texts"
# A lexeme's position is counted from the last one of the vector in front: in `words`, where the
# last pair of the headline begins, in `spots` where its last word stands.
FIRST_PAIR, FIRST_SPOT = HEADLINE_GAP + 2, HEADLINE_GAP + 1
_JOIN = (
    f"TRUNCATE {TABLE}",
    f"INSERT INTO {TABLE} (place, words, spots) SELECT place, above.words || story.words || "
    f"below_words, above.spots || story.spots || below_spots FROM {WAITING} above "
    f"JOIN {STORIES} story ON story.number = above.story",
    f"DROP TABLE {WAITING}, {STORIES}",
)


@dataclass(frozen=True)
class Text:
    """One text to be found: a story under a headline, with what is read and known beside it."""

    place: int
    headline: str
    story: Story
    ending: Ending
    names: list[str]
    facets: list[str]

    def below(self) -> tuple[Word, ...]:
        """Return the words behind those of the story."""
        return (*self.ending.words, *(word for name in self.names for word in _words(name)))


_words = cache(vietnamese.words)  # of names, which are few


def prepare(stories: list[Story]) -> None:
    """Make room for texts, and let PostgreSQL have the vectors of the stories."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE UNLOGGED TABLE {STORIES} (number integer, words tsvector, spots tsvector)"
        )
        for column in ("words", "spots"):  # read hundreds of times
            cursor.execute(f"ALTER TABLE {STORIES} ALTER COLUMN {column} SET STORAGE EXTERNAL")
        cursor.execute(
            f"CREATE UNLOGGED TABLE {WAITING} (place bigint, story integer, words tsvector, "
            "spots tsvector, below_words tsvector, below_spots tsvector)"
        )
    rows = ((story.number, *_vectors(story.words)) for story in stories)
    bulk.put(STORIES, ["number", "words", "spots"], rows)


def write(texts: Iterable[Text]) -> None:
    """Store texts: on SQLite at once, on PostgreSQL where they wait for `finish`."""
    if connection.vendor == "sqlite":
        bulk.put(TABLE, ["rowid", "hf", "he", "tf", "te", "fa"], map(_columns, texts))
    else:
        columns = ["place", "story", "words", "spots", "below_words", "below_spots"]
        bulk.put(WAITING, columns, map(_parts, texts))


def finish() -> tuple[str, ...]:
    """Return the statements that make the table of what was written."""
    return () if connection.vendor == "sqlite" else _JOIN


def _columns(text: Text) -> tuple:
    headline, below, story = vietnamese.words(text.headline), text.below(), text.story
    folded, exact = ([getattr(word, kind) for word in headline] for kind in ("folded", "exact"))
    heads = [" ".join(fts5.headed(words)) for words in (folded, exact)]
    all_folded = [*folded, fts5._BREAK, story.folded, *(word.folded for word in below)]
    all_exact = [*exact, fts5._BREAK, story.exact, *(word.exact for word in below)]
    facets = " ".join(text.facets)
    return text.place, *heads, " ".join(all_folded), " ".join(all_exact), facets


def _parts(text: Text) -> tuple:
    above = _above(text, vietnamese.words(text.headline))
    return (text.place, text.story.number, *above, *_below(text.story.words[-1], text.below()))


def _above(text: Text, headline: list[Word]) -> tuple[str, str]:
    pairs = [*tsearch._neighbours(tuple(headline), 1)]
    pairs += [(f"^{lexeme}", position) for lexeme, position in pairs]
    single = {*tsearch._single(headline)}
    single |= {f"^{lexeme}" for lexeme in single}
    single |= {f"@{facet}" for facet in (*text.facets, f"m{tsearch._month(text.place)}")}
    return _vector(pairs, single), _vector(_spots(headline, 1))


@lru_cache(maxsize=1 << 17)
def _below(last: Word, words: tuple[Word, ...]) -> tuple[str, str]:
    pairs = tsearch._neighbours((last, *words), 1)
    return _vector(pairs, tsearch._single(words)), _vector(_spots(words, 1))


def _vectors(words: tuple[Word, ...]) -> tuple[str, str]:
    pairs, single = tsearch._neighbours(words, FIRST_PAIR), tsearch._single(words)
    return _vector(pairs, single), _vector(_spots(words, FIRST_SPOT))


def _spots(words: Iterable[Word], first: int) -> Iterator[tuple[str, int]]:
    for position, word in enumerate(words, first):
        yield word.folded, position


def _vector(positioned: Iterable[tuple[str, int]], single: Iterable[str] = ()) -> str:
    """Return the literal of a vector: lexemes with their positions, and such that have none."""
    where: dict[str, list[str]] = defaultdict(list)
    for lexeme, position in positioned:
        where[lexeme].append(str(position))
    return " ".join([tsearch._positioned(where), *map(tsearch._quoted, {*single})])
