"""Sections, tags and authors by their names: the pages that meet a query, or come close."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from newsroom import freshness, parts, stamps, vietnamese
from newsroom.prepared import Part, prepared

from .. import listing
from ..models import Author, Section, Tag, TopicName
from .typed import Typed

MAX_PAGES = 6
MAX_NEAR = 3
MAX_TERMS = 12

_todays_first = F("province__valid_to").desc(nulls_first=True)


class _Names(NamedTuple):
    """The words of all names there are, by which few queries are known to be any.

    Those of tags and of authors are one text, a line each.
    """

    sections: list[tuple[Section, str]]
    tags: str
    authors: str


def pages(typed: Typed, at: dt.datetime) -> list[Section | Tag | Author]:
    """Return the sections, tags and authors of whose names one holds every word of the query.

    Only those that have a page now, MAX_PAGES at most; a query for tags and one for authors where
    any name holds the words, and three for the names where they are not kept.
    """
    terms = _terms(typed)
    if not terms:
        return []
    names = parts.shared("names", at, _names)
    words = [Part(f" {term} ") for term in terms]
    found = [
        *(section for section, name in names.sections if _met(name, terms) == len(terms)),
        *(_tags(at, *words) if _any_holds(names.tags, words) else ()),
        *(_authors(at, *words) if _any_holds(names.authors, words) else ()),
    ]
    return found[:MAX_PAGES]


def _names() -> _Names:
    freshness.shows(stamps.FRONT, stamps.MENU, stamps.NAMES)
    tags = "\n".join([*_words_of_tags(), *_words_of_topics()])
    sections = [(section, vietnamese.search_text(section.name)) for section in _sections()]
    return _Names(sections, tags, "\n".join(_words_of_authors()))


def _any_holds(names: str, words: list[Part]) -> bool:
    """Whether one of the names, a line each, holds all the words."""
    if not all(word in names for word in words):
        return False
    return any(all(word in name for word in words) for name in names.split("\n"))


@prepared
def _sections() -> QuerySet[Section]:
    return Section.objects.order_by("position", "pk")


@prepared
def _words_of_tags() -> QuerySet:
    return Tag.objects.values_list("search_words", flat=True)


@prepared
def _words_of_topics() -> QuerySet:
    return TopicName.objects.values_list("search_words", flat=True)


@prepared
def _words_of_authors() -> QuerySet:
    return Author.objects.values_list("search_words", flat=True)


@prepared
def _tags(at: dt.datetime, *words: Part) -> QuerySet[Tag]:
    tags = Tag.objects.named([word.strip() for word in words], whole=True)
    tags = tags.filter(Q(kind=Tag.Kind.PROVINCE) | Q(pk__in=listing.public_tags(at).values("pk")))
    return tags.select_related("province").order_by("kind", "sort_key", _todays_first)[:MAX_PAGES]


@prepared
def _authors(at: dt.datetime, *words: Part) -> QuerySet[Author]:
    named = Q(*(Q(search_words__contains=word) for word in words))
    return listing.public_authors(at).filter(named).order_by("sort_key")[:MAX_PAGES]


def near(typed: Typed, at: dt.datetime) -> list[Tag]:
    """Return the topics whose name holds most of the words, MAX_NEAR at most; one query."""
    terms = _terms(typed)
    if not terms:
        return []
    some = reduce(or_, (_holds(term) for term in terms))
    topics = listing.public_tags(at).filter(some, kind=Tag.Kind.TOPIC).order_by("sort_key")
    return sorted(topics, key=lambda topic: -_met(topic.search_words, terms))[:MAX_NEAR]


def _terms(typed: Typed) -> list[str]:
    return list(dict.fromkeys(word.folded for word in typed.words))[:MAX_TERMS]


def _holds(term: str) -> Q:
    return Q(search_words__contains=f" {term} ")


def _met(words: str, terms: list[str]) -> int:
    return sum(f" {term} " in words for term in terms)
