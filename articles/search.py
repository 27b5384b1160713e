"""Search over what readers see, blind to accents and tone style.

Questions that take what was typed and the moment, so that a better engine can take their place:
`find` for articles, `pages` for sections, tags and authors, `near` for topics that come close.
"""

import datetime as dt
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet

from newsroom import vietnamese

from . import listing
from .models import Author, Publication, Section, Tag

MAX_QUERY_CHARS = 200
MAX_PAGES = 6
MAX_NEAR = 3

_todays_first = F("province__valid_to").desc(nulls_first=True)


def typed(query: str) -> str:
    """Return a query cleaned and cut to the length that is searched for; never raises."""
    return vietnamese.clean((query or "")[: 4 * MAX_QUERY_CHARS])[:MAX_QUERY_CHARS].strip()


def find(query: str, at: dt.datetime) -> QuerySet[Publication]:
    """Return the public publications whose text holds every word of the query, newest first.

    None for a query without a word.
    """
    terms = vietnamese.search_terms(query)
    public = Publication.objects.public(at)
    if not terms:
        return public.none()
    for term in terms:
        public = public.filter(revision__search_words__contains=f" {term} ")
    return public.order_by("-article__first_public_at", "-article_id")


def pages(query: str, at: dt.datetime) -> list[Section | Tag | Author]:
    """Return the sections, tags and authors whose name holds every word of the query.

    Only those that have a page now, MAX_PAGES at most; three queries.
    """
    terms = vietnamese.search_terms(query)
    if not terms:
        return []
    named = Q(*(_holds(term) for term in terms))
    tags = Tag.objects.filter(named)
    tags = tags.filter(Q(kind=Tag.Kind.PROVINCE) | Q(pk__in=listing.public_tags(at).values("pk")))
    authors = listing.public_authors(at).filter(named)
    found = [
        *(section for section in Section.objects.order_by("position") if _meets(section, terms)),
        *tags.select_related("province").order_by("kind", "sort_key", _todays_first)[:MAX_PAGES],
        *authors.order_by("sort_key")[:MAX_PAGES],
    ]
    return found[:MAX_PAGES]


def near(query: str, at: dt.datetime) -> list[Tag]:
    """Return the topics whose name holds most of the words, MAX_NEAR at most; one query."""
    terms = vietnamese.search_terms(query)
    if not terms:
        return []
    some = reduce(or_, (_holds(term) for term in terms))
    topics = listing.public_tags(at).filter(some, kind=Tag.Kind.TOPIC).order_by("sort_key")
    return sorted(topics, key=lambda topic: -_met(topic.search_words, terms))[:MAX_NEAR]


def _holds(term: str) -> Q:
    return Q(search_words__contains=f" {term} ")


def _meets(section: Section, terms: list[str]) -> bool:
    return _met(vietnamese.search_text(section.name), terms) == len(terms)


def _met(words: str, terms: list[str]) -> int:
    return sum(f" {term} " in words for term in terms)
