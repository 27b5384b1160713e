"""Search at the desk: every state, whatever the person may read."""

from django.db.models import QuerySet

from ..models import Article, SearchEntry
from . import engine, finding, typed

MAX_FOUND = 2_000


def at_desk(articles: QuerySet[Article], query: str) -> QuerySet[Article]:
    """Keep the articles whose newest text meets the query, the latest MAX_FOUND of them.

    A query without a word keeps all. The caller's rows say who may read what.
    """
    read = typed.read(query)
    if read.lacks:
        return articles
    places = engine.current().match(read.condition(), *finding.WHOLE, MAX_FOUND)
    entries = SearchEntry.objects.filter(place__in=places)
    return articles.filter(newest_revision__in=entries.values("revision"))
