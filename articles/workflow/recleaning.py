"""Stored texts brought under today's rules for HTML, when those have become stricter."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from newsroom import events, rich_text, stamps

from ..models import Article, Revision
from ..search import indexing
from . import steps

BATCH = 100


@dataclass(frozen=True)
class Recleaned:
    """What became of an article's texts: the numbers of the versions changed, and of those that
    the rules refuse altogether. These stay as they are, for a person to save anew."""

    article: Article
    changed: tuple[int, ...]
    refused: tuple[int, ...]


def reclean() -> Iterator[Recleaned]:
    """Clean every stored text again, an article a transaction; yield those where something was.

    A version keeps its number, its state and its signature: only markup goes that may not be
    stored any more. The log says of which versions. Bumps the stamps of every page that shows one.
    """
    last = 0
    while batch := list(Article.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        for article in batch:
            found = _reclean(article)
            if found.changed or found.refused:
                yield found


@transaction.atomic
def _reclean(article: Article) -> Recleaned:
    cleaned, refused = _compared(article)
    if not cleaned:
        return Recleaned(article, (), refused)
    article = steps.locked(article)
    cleaned, refused = _compared(article)  # Somebody may have been faster.
    for revision, body in cleaned:
        Revision.objects.filter(pk=revision.pk).update(body=body)
    changed = tuple(revision.number for revision, _body in cleaned)
    indexing.index([article.pk])
    events.record(actor=None, verb="clean", obj=article, data={"revisions": changed})
    stamps.bump(steps.keys_of(article, [revision for revision, _body in cleaned]))
    return Recleaned(article, changed, refused)


def _compared(article: Article) -> tuple[list[tuple[Revision, str]], tuple[int, ...]]:
    """Return the versions that change, each with its new text, and the numbers of those refused."""
    cleaned, refused = [], []
    for revision in article.revisions.order_by("number").only("number", "body"):
        try:
            body = rich_text.sanitise(revision.body)
        except rich_text.BadBody:
            refused.append(revision.number)
        else:
            if body != revision.body:
                cleaned.append((revision, body))
    return cleaned, tuple(refused)
