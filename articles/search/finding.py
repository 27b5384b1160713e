"""Answers: the public texts that meet a query, by relevance or newest first.

Relevance is a row of conditions, each wider than the one before: the words as a phrase, near each
other, all of them; with the accents typed before without, in the headline before in the text.
Under each the newest come first. So every text that holds the phrase stands above every other.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, product

from django.db.models import QuerySet

from newsroom.prepared import prepared
from newsroom.vietnamese import Word

from ..models import Publication
from . import engine, indexing
from .conditions import All, Condition, Facet, Phrase
from .entries import first_place, revision_of
from .typed import Typed, has_accents, phrase

MAX_RANKED = 500
MAX_TAKEN = 600  # some of them may not be public
MAX_WEIGHED = 1_000  # the latest that hold all words, to see where these stand near each other
MAX_COUNTED = 1_000
MAX_NEAR_WORDS = 8
MANY_WORDS = 3  # so many all in one headline say what it is about, wherever they stand there
ROUND = 50  # places asked for at once, at least

WHOLE = (0, (1 << 63) - 1)  # the places of everything


@dataclass(frozen=True)
class Scope:
    """What a search is narrowed to. `since` and `before` are moments, [since, before)."""

    conditions: tuple[Condition, ...] = ()
    since: dt.datetime | None = None
    before: dt.datetime | None = None

    def narrow(self, condition: Condition) -> Condition:
        """Return the condition within this scope, for texts that were or will be public."""
        dated = self.since or self.before
        facets = [Facet(indexing.SHOWN), *([Facet(indexing.DATED)] if dated else [])]
        return All((condition, *self.conditions, *facets))

    @property
    def first(self) -> int:
        """The least place in the scope."""
        return first_place(self.since) if self.since else WHOLE[0]

    @property
    def end(self) -> int:
        """The place behind the last one in the scope."""
        return first_place(self.before) if self.before else WHOLE[1]


EVERYTHING = Scope()


@dataclass(frozen=True)
class Hit:
    """One public text that was found."""

    place: int
    article_id: int


def count(typed: Typed, at: dt.datetime, scope: Scope = EVERYTHING) -> int:
    """Return how many public texts meet the query; MAX_COUNTED + 1 stands for more."""
    total, most = 0, MAX_COUNTED + 1
    narrowed = scope.narrow(typed.condition())
    for places in batches(narrowed, scope.first, scope.end, most):
        total += len(_public(places, at))
        if total >= most:
            break
    return min(total, most)


def ranked(typed: Typed, at: dt.datetime, scope: Scope = EVERYTHING) -> list[Hit]:
    """Return the most relevant public texts, MAX_RANKED at most."""
    return ranked_and_counted(typed, at, scope)[0]


def ranked_and_counted(
    typed: Typed, at: dt.datetime, scope: Scope = EVERYTHING
) -> tuple[list[Hit], int | None]:
    """Return the same, and how many there are in all where that is known already."""
    places: dict[int, None] = {}
    for found in _by_relevance(typed, scope):
        places |= dict.fromkeys(found)
        if len(places) >= MAX_TAKEN:
            break
    hits = _public(list(places)[:MAX_TAKEN], at)
    is_all = len(places) < MAX_TAKEN and len(hits) <= MAX_RANKED
    return hits[:MAX_RANKED], len(hits) if is_all else None


def newest(
    typed: Typed,
    at: dt.datetime,
    limit: int,
    scope: Scope = EVERYTHING,
    before: int | None = None,
) -> list[Hit]:
    """Return the latest public texts that meet the query, those behind the place `before`."""
    return hits(typed.condition(), at, scope, limit, before)


def hits(
    condition: Condition, at: dt.datetime, scope: Scope, limit: int, before: int | None = None
) -> list[Hit]:
    """Return the latest public texts of the scope that meet a condition."""
    return list(islice(_walked(condition, at, scope, limit, before), limit))


def _walked(
    condition: Condition, at: dt.datetime, scope: Scope, limit: int, before: int | None
) -> Iterator[Hit]:
    end = scope.end if before is None else min(before, scope.end)
    for places in batches(scope.narrow(condition), scope.first, end, max(limit, ROUND)):
        yield from _public(places, at)


def batches(condition: Condition, since: int, end: int, size: int) -> Iterator[list[int]]:
    """Yield the places from `since` until before `end` that meet a condition, latest first.

    Whether their texts are public is not asked.
    """
    while places := engine.current().match(condition, since, end, size):
        yield places
        if len(places) < size:
            return
        end = places[-1]


def _public(places: list[int], at: dt.datetime) -> list[Hit]:
    """Return those places whose text readers see now, in the same order; one query."""
    texts = list(map(revision_of, places))
    articles = dict(_shown(at, texts))
    found = zip(places, texts, strict=True)
    return [Hit(place, articles[text]) for place, text in found if text in articles]


@prepared
def _shown(at: dt.datetime, texts: list[int]) -> QuerySet:
    shown = Publication.objects.public(at).filter(revision__in=texts)
    return shown.values_list("revision", "article")


def _by_relevance(typed: Typed, scope: Scope) -> Iterator[list[int]]:
    """Yield places, those of the narrowest condition first; later ones come again."""
    words = typed.words
    spellings = (True, False) if has_accents(words) else (False,)
    for number, (exact, headline) in enumerate(product(spellings, (True, False)), start=1):
        together = phrase(words, exact=exact, headline=headline)
        yield _match(typed, scope, number * MAX_TAKEN, together)
    if len(words) >= MANY_WORDS:
        yield _match(typed, scope, MAX_WEIGHED, *_each(words, exact=False, headline=True))
    if len(words) > 1:
        everywhere = [
            _match(typed, scope, MAX_WEIGHED, *_each(words, exact)) for exact in spellings
        ]
        near = _near(words, {place for places in everywhere for place in places})
        yield from ([place for place in places if place in near] for places in everywhere)
        yield from everywhere


def _match(typed: Typed, scope: Scope, limit: int, *conditions: Condition) -> list[int]:
    required = (part.condition for part in typed.wanted)
    wanted = typed.narrowed(All(tuple(dict.fromkeys((*conditions, *required)))))
    return engine.current().match(scope.narrow(wanted), scope.first, scope.end, limit)


def _near(words: tuple[Word, ...], places: set[int]) -> set[int]:
    """Return those places where every word stands close to the next one."""
    pairs = list(dict.fromkeys(pairwise(word.folded for word in words)))
    pairs = [(one, other) for one, other in pairs if one != other]
    if not pairs or not places or len(words) > MAX_NEAR_WORDS:
        return set()
    return engine.current().near(pairs, places)


def _each(words: tuple[Word, ...], exact: bool, headline: bool = False) -> list[Phrase]:
    return [phrase((word,), exact=exact, headline=headline) for word in dict.fromkeys(words)]
