"""Answers: the public texts that meet a query, by relevance or newest first.

Relevance is a row of conditions, each wider than the one before: the words as a phrase, near each
other, all of them; with the accents typed before without, in the headline before in the text.
Under each the newest come first. So every text that holds the phrase stands above every other.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, product

from django.db.models import QuerySet

from newsroom.among import Many
from newsroom.prepared import prepared
from newsroom.vietnamese import Word

from ..models import Publication
from . import engine, indexing
from .conditions import All, Condition, Facet, Phrase
from .entries import END, first_place, revision_of
from .typed import Typed, has_accents, phrase

MAX_RANKED = 500
MAX_TAKEN = 600  # some of them may not be public
MAX_WEIGHED = 1_000  # the latest that hold all words, to see where these stand near each other
MAX_COUNTED = 1_000
MAX_HELD = 1_200  # the latest that hold all words; some of them may not be public
FEW = 300  # up to so many are sooner looked up than narrowed to what is shown
MAX_NEAR_WORDS = 8
MANY_WORDS = 3  # so many all in one headline say what it is about, wherever they stand there
ROUND = 50  # places asked for at once, at least

WHOLE = (0, END)  # the places of everything


@dataclass(frozen=True)
class Scope:
    """What a search is narrowed to. `since` and `before` are moments, [since, before)."""

    conditions: tuple[Condition, ...] = ()
    since: dt.datetime | None = None
    before: dt.datetime | None = None

    def narrow(self, condition: Condition, *, shown: bool = True) -> Condition:
        """Return the condition within this scope.

        It holds for texts that were or will be public, and if not `shown` for drafts as well.
        """
        dated = self.since or self.before
        facets = [indexing.SHOWN] * shown + [indexing.DATED] * bool(dated)
        return All((condition, *self.conditions, *map(Facet, facets)))

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
    return _counted(typed, at, scope, 0, scope.end)


def ranked_and_counted(
    typed: Typed, at: dt.datetime, scope: Scope = EVERYTHING
) -> tuple[list[Hit], int]:
    """Return the most relevant public texts, MAX_RANKED at most, and what `count` returns."""
    # Whatever is relevant holds all words; where these are few, nothing else needs to be walked.
    held = _held(typed, scope, FEW, shown=False)
    if len(held) == FEW:
        held = _held(typed, scope, MAX_HELD, shown=True)
    shown = _public(held, at)
    if len(held) < MAX_HELD:
        # A draft takes no place from what is shown, and no time: that would tell of it.
        held = [place for place in held if place in shown]
    places = list(_Relevance(typed, scope, held).places()) if held else []
    total = len(shown.keys() & held)
    if len(held) == MAX_HELD:
        shown |= _public(set(places).difference(held), at)
        total = _counted(typed, at, scope, total, held[-1])
    return _hits(places, shown)[:MAX_RANKED], total


def _held(typed: Typed, scope: Scope, limit: int, *, shown: bool) -> list[int]:
    condition = scope.narrow(typed.condition(), shown=shown)
    return engine.current().match(condition, scope.first, scope.end, limit)


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
        yield from _hits(places, _public(places, at))


def batches(condition: Condition, since: int, end: int, size: int) -> Iterator[list[int]]:
    """Yield the places from `since` until before `end` that meet a condition, latest first.

    Whether their texts are public is not asked.
    """
    while places := engine.current().match(condition, since, end, size):
        yield places
        if len(places) < size:
            return
        end = places[-1]


def _public(places: Iterable[int], at: dt.datetime) -> dict[int, int]:
    """Return those places whose text readers see now, with the article of each; one query."""
    by_text = {revision_of(place): place for place in places}
    return {by_text[text]: article for text, article in _shown(at, Many(by_text))}


def _hits(places: Iterable[int], public: dict[int, int]) -> list[Hit]:
    """Return those of the places that are public, in the same order."""
    return [Hit(place, public[place]) for place in places if place in public]


@prepared
def _shown(at: dt.datetime, texts: Many) -> QuerySet:
    shown = Publication.objects.public(at).filter(revision__among=texts)
    return shown.values_list("revision", "article")


def _counted(typed: Typed, at: dt.datetime, scope: Scope, known: int, end: int) -> int:
    """Return how many there are, of whom so many are known to stand from the place `end` on."""
    total, most = known, MAX_COUNTED + 1
    if total < most:
        condition = scope.narrow(typed.condition())
        for places in batches(condition, scope.first, end, MAX_HELD):
            total += len(_public(places, at))
            if total >= most:
                break
    return min(total, most)


@dataclass(frozen=True)
class _Relevance:
    """A query with the latest places that hold all its words, at least one, MAX_HELD at most."""

    typed: Typed
    scope: Scope
    held: list[int]

    @cached_property
    def _all_held(self) -> frozenset[int]:
        return frozenset(self.held)

    @property
    def are_more(self) -> bool:
        """Whether there may be others, behind those that are held."""
        return len(self.held) >= MAX_HELD

    def places(self) -> dict[int, None]:
        """Return the places by relevance: all that are held, or MAX_TAKEN where there are more."""
        enough = MAX_TAKEN if self.are_more else len(self.held)
        found: dict[int, None] = {}
        for more in self._from_the_narrowest(found):
            found |= dict.fromkeys(more)
            if len(found) >= enough:
                break
        return found

    def _from_the_narrowest(self, found: dict[int, None]) -> Iterator[Iterable[int]]:
        """Yield places, those of the narrowest condition first; those `found` come again."""
        words = self.typed.words
        spellings = (True, False) if has_accents(words) else (False,)
        for exact, headline in product(spellings, (True, False)):
            yield self._in_a_row(exact, headline)
        if len(words) >= MANY_WORDS:
            yield self._all(MAX_TAKEN, exact=False, headline=True)
        if len(words) > 1:
            exactly = [self._all(MAX_WEIGHED, exact=True)] if True in spellings else []
            everywhere = [*exactly, self.held[:MAX_WEIGHED]]
            near = _near(words, {place for places in everywhere for place in places} - found.keys())
            yield from ([place for place in places if place in near] for places in everywhere)
            yield from everywhere

    def _in_a_row(self, exact: bool, headline: bool) -> list[int]:
        """Return the latest places where the words stand one behind the other."""
        together = phrase(self.typed.words, exact=exact, headline=headline)
        parts = (part.condition for part in self.typed.wanted)
        # The row holds every part, but for those whose accents count where it has any.
        return self._match(MAX_TAKEN, [together, *(one for one in parts if one.exact > exact)])

    def _all(self, limit: int, exact: bool, headline: bool = False) -> list[int]:
        """Return the latest places where each of the words stands."""
        words = dict.fromkeys(self.typed.words)
        each = [phrase((word,), exact=exact, headline=headline) for word in words]
        parts = (part.condition for part in self.typed.wanted)
        more = (one for one in parts if len(one.words) > 1 or one.exact > exact)
        return self._match(limit, [*each, *more])

    def _match(self, limit: int, wanted: list[Phrase]) -> list[int]:
        condition = self.typed.narrowed(All(tuple(dict.fromkeys(wanted))))
        is_few, newest = len(self.held) < FEW, self.held[0]
        condition = self.scope.narrow(condition, shown=not is_few)
        if self.are_more:
            return engine.current().match(condition, self.scope.first, newest + 1, limit)
        found = engine.current().match_few(condition, self.held[-1], newest + 1)
        return [place for place in found if place in self._all_held][:limit]


def _near(words: tuple[Word, ...], places: set[int]) -> set[int]:
    """Return those places where every word stands close to the next one."""
    pairs = list(dict.fromkeys(pairwise(word.folded for word in words)))
    pairs = [(one, other) for one, other in pairs if one != other]
    if not pairs or not places or len(words) > MAX_NEAR_WORDS:
        return set()
    return engine.current().near(pairs, places)
