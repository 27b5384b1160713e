"""The search engine of SQLite: a table of FTS5 whose rows are numbered by their place.

Columns: `hf`, `he` the headline folded and exact, `tf`, `te` headline and text, `fa` the facets.
FTS5 walks its rows by number, so the newest come first without sorting. It keeps one list a word
for all columns, so a word of a headline has a sign in front: else every text that holds it would
be walked to see in which headlines it stands.
"""

from collections.abc import Iterable, Iterator

from django.db import connection

from .conditions import GAP, All, Any, Condition, Facet, Phrase, Without
from .entries import Entry

TABLE = "articles_search"
MAKE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(hf, he, tf, te, fa, "
    "tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")",
)
# What nobody can type: no phrase runs over the one, the other stands before words of headlines.
_BREAK, HEADLINE = "__", "_"


def put(entries: Iterable[Entry]) -> None:
    """Store entries in place of any that have their places."""
    rows = [(entry.place, *_columns(entry)) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT OR REPLACE INTO {TABLE} (rowid, hf, he, tf, te, fa) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


def drop(places: Iterable[int]) -> None:
    """Forget what stands at these places."""
    with connection.cursor() as cursor:
        rows = [(place,) for place in places]
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", rows)


def clear() -> None:
    """Forget everything."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")


def match(condition: Condition, since: int, before: int, limit: int) -> list[int]:
    """Return the places from `since` until before `before` where it holds, latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid >= %s AND rowid < %s "
            "ORDER BY rowid DESC LIMIT %s",
            [expression(condition), since, before, limit],
        )
        return [place for (place,) in cursor.fetchall()]


def match_few(condition: Condition, since: int, before: int) -> list[int]:
    """Return all of these places; for a condition that is known to hold in few."""
    return match(condition, since, before, -1)


def near(pairs: Iterable[tuple[str, str]], places: set[int]) -> set[int]:
    """Return those of `places` where each pair of folded words stands close."""
    pairs = (f"tf : NEAR({_quoted(one)} {_quoted(other)}, {GAP})" for one, other in pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid >= %s AND rowid <= %s",
            [" AND ".join(pairs), min(places), max(places)],
        )
        return {place for (place,) in cursor.fetchall()} & places


def expression(condition: Condition) -> str:
    """Return a condition as FTS5 spells it."""
    match condition:
        case Phrase(words, exact, headline):
            column = f"{'h' if headline else 't'}{'e' if exact else 'f'}"
            return f"{column} : {_quoted(*(headed(words) if headline else words))}"
        case Facet(name):
            return f"fa : {_quoted(name)}"
        case All(parts):
            return f"({' AND '.join(map(expression, parts))})"
        case Any(parts):
            return f"({' OR '.join(map(expression, parts))})"
        case Without(wanted, unwanted):
            return f"({expression(wanted)} NOT {expression(Any(unwanted))})"


def _quoted(*words: str) -> str:
    return f'"{" ".join(words)}"'


def _columns(entry: Entry) -> tuple[str, ...]:
    parts = (entry.headline, entry.text)
    folded = [" ".join(word.folded for word in part) for part in parts]
    exact = [" ".join(word.exact for word in part) for part in parts]
    head = [" ".join(headed(words.split())) for words in (folded[0], exact[0])]
    gap = f" {_BREAK} "
    return *head, gap.join(folded), gap.join(exact), " ".join(entry.facets)


def headed(words: Iterable[str]) -> Iterator[str]:
    """Yield the words as they stand in the columns of the headline."""
    return (f"{HEADLINE}{word}" for word in words)
