"""The search engine of PostgreSQL: a tsvector of our own words under a GIN index.

No parser of the server has a say. What `words` holds: `thi` a folded word, `=thi` an exact one,
`thi dua` and `=thi đua` two neighbours with their positions, each of them again with `^` in front
where it stands in the headline; `@s3` a facet, `@m24317` the month. `spots` holds the positions
of the folded words; it is read for few texts, never searched. Of each lexeme PostgreSQL keeps 256
positions: what comes again more often in one text is found by its first ones.

Two neighbours are a lexeme because a phrase of two frequent syllables would otherwise have the
server read every text that holds both. Months are lexemes because GIN knows no order: what is
frequent is looked for in the newest months first. The index has no list of pending entries:
while the server moves such a list into the index, a text is found by some of its words only, and
a query that wants one word and not another would find texts that hold both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db import connection

from newsroom.vietnamese import Word

from .conditions import GAP, All, Any, Condition, Facet, Phrase, Without
from .entries import END, HEADLINE_GAP, Entry, moment_of

TABLE = "articles_search"
INDEX = f"{TABLE}_words"
MAKE = (
    f"CREATE TABLE {TABLE} (place bigint PRIMARY KEY, "
    "words tsvector NOT NULL, spots tsvector NOT NULL)",
    f"CREATE INDEX {INDEX} ON {TABLE} USING gin (words) WITH (fastupdate = off)",
)
MONTHS = (4, 16, 64)  # looked through one after the other for what is frequent
RARE = 20  # what fills less than this part of the answer in the first of them is few in all

# The planner does not know how large the texts are, and would rather read one after the other.
_ALONG_THE_INDEX = "SET LOCAL enable_seqscan = off; {}; SET LOCAL enable_seqscan = DEFAULT"
# The zero keeps the planner from walking along the primary key, reading text after text.
_FOUND = (
    f"SELECT {{columns}} FROM {TABLE} WHERE words @@ %s::tsquery "
    "AND place + 0 >= %s AND place + 0 < %s ORDER BY place + 0 DESC"
)
# Texts are looked into from the latest on, and into no more than are wanted.
_CHECKED = (
    f"SELECT place FROM ({_FOUND.format(columns='place, words, spots')} OFFSET 0) found "
    "WHERE {checks}"
)
_CHECK = "(spots @@ %s::tsquery OR words @@ %s::tsquery)"


def put(entries: Iterable[Entry]) -> None:
    """Store entries in place of any that have their places."""
    rows = [(entry.place, _words(entry), _spots(entry)) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (place, words, spots) VALUES (%s, %s::tsvector, %s::tsvector) "
            "ON CONFLICT (place) DO UPDATE SET words = excluded.words, spots = excluded.spots",
            rows,
        )


def drop(places: Iterable[int]) -> None:
    """Forget what stands at these places."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE place = ANY(%s)", [list(places)])


def clear() -> None:
    """Forget everything."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # TRUNCATE would have readers wait


def match(condition: Condition, since: int, before: int, limit: int) -> list[int]:
    """Return the places from `since` until before `before` where it holds, latest first."""
    query, phrases = _loosened(condition)
    found: list[int] = []
    for months in _windows(before):
        narrowed = f"{expression(query)} & ({' | '.join(months)})"
        end = min(found, default=before)
        found += _latest(narrowed, phrases, since, end, limit - len(found))
        if len(found) >= limit:
            return found
        if len(found) * RARE < limit:
            break
    end = min(found, default=before)
    return found + _latest(expression(query), phrases, since, end, limit - len(found))


def match_few(condition: Condition, since: int, before: int) -> list[int]:
    """Return all of these places; for a condition that is known to hold in few."""
    query, phrases = _loosened(condition)
    return _latest(expression(query), phrases, since, before)


def _latest(
    query: str, phrases: list[Phrase], since: int, before: int, limit: int | None = None
) -> list[int]:
    """Return places, latest first, that meet the query and hold the phrases; one round trip."""
    values: list[str | int] = [query, since, before]
    for one in phrases:
        values += [" <-> ".join(map(_quoted, one.words)), expression(one)]
    checks = " AND ".join([_CHECK] * len(phrases))
    sql = _CHECKED.format(checks=checks) if phrases else _FOUND.format(columns="place")
    with connection.cursor() as cursor:
        cursor.execute(_ALONG_THE_INDEX.format(f"{sql} LIMIT %s"), [*values, limit])
        cursor.nextset()  # behind what the first statement has said
        return [place for (place,) in cursor.fetchall()]


def _loosened(condition: Condition) -> tuple[Condition, list[Phrase]]:
    """Return a condition that the index answers by itself, and what must be seen in the texts.

    To look for a phrase of three words the server reads whole texts. Where folded words stand is
    kept apart (`spots`) in a fifth of the room.
    """
    match condition:
        case Phrase(words, exact=False, headline=False) if len(words) > 2:
            return All(tuple(map(Phrase, pairwise(words)))), [condition]
        case All(parts):
            looser = [_loosened(part) for part in parts]
            phrases = [one for _part, phrases in looser for one in phrases]
            return All(tuple(part for part, _phrases in looser)), phrases
        case Without(wanted, unwanted):
            looser, phrases = _loosened(wanted)
            return Without(looser, unwanted), phrases
    return condition, []


def _windows(before: int) -> Iterator[list[str]]:
    """Yield the lexemes of ever more months, backwards from the latest that holds anything."""
    month = _month(_last() if before == END else before - 1)
    for size in MONTHS:
        yield [f"'@m{each}'" for each in range(month - size + 1, month + 1)]
        month -= size


def _last() -> int:
    """Return the latest place of all, END where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(place) FROM {TABLE}")
        return cursor.fetchone()[0] or END


def _month(place: int) -> int:
    moment = moment_of(place)
    return moment.year * 12 + moment.month - 1


def near(pairs: Iterable[tuple[str, str]], places: set[int]) -> set[int]:
    """Return those of `places` where each pair of folded words stands close."""
    close = " & ".join(f"({' | '.join(_within_reach(*map(_quoted, pair)))})" for pair in pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT place FROM {TABLE} WHERE place = ANY(%s) AND spots @@ %s::tsquery",
            [list(places), close],
        )
        return {place for (place,) in cursor.fetchall()}


def _within_reach(first: str, second: str) -> Iterator[str]:
    for distance in range(1, GAP + 2):
        yield f"{first} <{distance}> {second}"
        yield f"{second} <{distance}> {first}"


def expression(condition: Condition) -> str:
    """Return a condition as a tsquery."""
    match condition:
        case Phrase(words, exact, headline):
            prefix = f"{'^' if headline else ''}{'=' if exact else ''}"
            return f"({' <-> '.join(_quoted(prefix + each) for each in _joined(words))})"
        case Facet(name):
            return _quoted(f"@{name}")
        case All(parts):
            return f"({' & '.join(map(expression, parts))})"
        case Any(parts):
            return f"({' | '.join(map(expression, parts))})"
        case Without(wanted, unwanted):
            return f"({expression(wanted)} & !{expression(Any(unwanted))})"


def _joined(words: tuple[str, ...]) -> list[str]:
    return list(words) if len(words) == 1 else [" ".join(pair) for pair in pairwise(words)]


def _quoted(lexeme: str) -> str:
    return f"'{lexeme}'"


def _words(entry: Entry) -> str:
    """Return the literal of what is searched."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for lexeme, position in _neighbours(entry.headline, 1):
        neighbours[lexeme].append(str(position))
        neighbours[f"^{lexeme}"].append(str(position))
    for lexeme, position in _neighbours(entry.text, _text_from(entry)):
        neighbours[lexeme].append(str(position))
    single = set(_single((*entry.headline, *entry.text)))
    single |= {f"^{lexeme}" for lexeme in _single(entry.headline)}
    single |= {f"@{facet}" for facet in (*entry.facets, f"m{_month(entry.place)}")}
    return " ".join([_positioned(neighbours), *map(_quoted, single)])


def _spots(entry: Entry) -> str:
    """Return the literal of where each folded word stands."""
    spots: dict[str, list[str]] = defaultdict(list)
    for first, part in ((1, entry.headline), (_text_from(entry), entry.text)):
        for position, word in enumerate(part, first):
            spots[word.folded].append(str(position))
    return _positioned(spots)


def _text_from(entry: Entry) -> int:
    return len(entry.headline) + HEADLINE_GAP + 1


def _positioned(lexemes: dict[str, list[str]]) -> str:
    return " ".join(f"{_quoted(lexeme)}:{','.join(where)}" for lexeme, where in lexemes.items())


def _single(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        yield word.folded
        yield f"={word.exact}"


def _neighbours(words: tuple[Word, ...], first: int) -> Iterator[tuple[str, int]]:
    for position, (one, other) in enumerate(pairwise(words), first):
        yield f"{one.folded} {other.folded}", position
        yield f"={one.exact} {other.exact}", position
