"""Search at the desk: every state, whatever the person may read."""

from django.db.models import QuerySet

from ..models import Article
from . import finding, typed
from .entries import revision_of

MAX_FOUND = 500
BATCH = 2_000


def at_desk(articles: QuerySet[Article], query: str) -> QuerySet[Article]:
    """Keep the articles whose newest text meets the query, the latest MAX_FOUND of them.

    `articles` are those the person may read. A query that wants no word keeps all.
    """
    read = typed.read(query)
    if read.lacks:
        return articles
    found: list[int] = []
    for places in finding.batches(read.condition(), *finding.WHOLE, BATCH):
        rows = articles.filter(newest_revision__in=map(revision_of, places))
        found += rows.order_by().values_list("pk", flat=True)
        if len(found) >= MAX_FOUND:
            break
    return articles.filter(pk__in=found[:MAX_FOUND])
