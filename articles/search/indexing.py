"""The index kept true: called by whatever changes a text, its place or its publications."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import F, Q

from newsroom import rich_text
from newsroom.vietnamese import NONE

from ..models import Article, ArticleTag, Byline, Publication, Revision, SearchEntry
from . import engine
from .entries import Entry, entry, place_of

BATCH = 200
_waiting: ContextVar[set[int] | None] = ContextVar("waiting", default=None)

SHOWN = "p"  # has a publication
DATED = "d"  # has a date that may be shown


def section(pk: int) -> str:
    """The facet of a section's own articles."""
    return f"s{pk}"


def tag(pk: int) -> str:
    """The facet of a tag."""
    return f"t{pk}"


def author(pk: int) -> str:
    """The facet of a pen name."""
    return f"a{pk}"


def index(article_ids: Iterable[int]) -> None:
    """Write the entries of these articles anew, inside the transaction that changes them.

    Within `gathered` it waits for the end of that.
    """
    waiting = _waiting.get()
    if waiting is None:
        _write(list(article_ids))
    else:
        waiting.update(article_ids)


@contextmanager
def gathered() -> Iterator[None]:
    """Index what is changed within it once, at its end; nothing if it ends with an error.

    Within another one it waits for the end of that.
    """
    if _waiting.get() is not None:
        yield
        return
    waiting: set[int] = set()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    _write(sorted(waiting))


@transaction.atomic
def _write(article_ids: list[int]) -> None:
    ours = SearchEntry.objects.filter(revision__article__in=article_ids)
    places = dict(ours.values_list("revision", "place"))
    if places:
        engine.current().drop(places.values())
        SearchEntry.objects.filter(pk__in=places).delete()
    made = dict(_entries(article_ids))
    SearchEntry.objects.bulk_create(
        SearchEntry(revision_id=pk, place=each.place) for pk, each in made.items()
    )
    engine.current().put(made.values())


@transaction.atomic
def rebuild() -> int:
    """Write the whole index anew; return how many articles it covers."""
    engine.current().clear()
    SearchEntry.objects.all().delete()
    article_ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(article_ids), BATCH):
        index(article_ids[start : start + BATCH])
    return len(article_ids)


def _entries(article_ids: list[int]) -> Iterator[tuple[int, Entry]]:
    """Yield each text to be indexed by its number, with what its article belongs to."""
    shown = set(_shown(article_ids))
    rows = Revision.objects.filter(article__in=article_ids).select_related("article")
    rows = list(rows.filter(Q(pk__in=shown) | Q(pk=F("article__newest_revision"))))
    tags = _tags(article_ids)
    names = _names(rows)
    for revision in rows:
        signed = names[revision.pk]
        facets = [author(pk) for pk, _name in signed]
        facets += [*_facets(revision.article), *map(tag, tags[revision.article_id])]
        facets += [SHOWN] if revision.pk in shown else []
        yield revision.pk, _entry(revision, [name for _pk, name in signed], facets)


def _entry(revision: Revision, names: list[str], facets: list[str]) -> Entry:
    moment = revision.article.first_public_at or revision.saved_at
    body = rich_text.plain_text(revision.body)
    return entry(
        place_of(moment, revision.pk),
        revision.headline,
        (revision.standfirst, body),
        names,
        dict.fromkeys(facets),
    )


def _facets(article: Article) -> list[str]:
    facets = [section(article.section_id)] if article.section_id else []
    return facets if article.date_precision == NONE else [*facets, DATED]


def _shown(article_ids: list[int]) -> Iterable[int]:
    rows = Publication.objects.in_force().filter(article__in=article_ids)
    return rows.values_list("revision", flat=True)


def _tags(article_ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = ArticleTag.objects.filter(article__in=article_ids)
    for article_id, tag_id in rows.values_list("article", "tag"):
        found[article_id].append(tag_id)
    return found


def _names(revisions: Iterable[Revision]) -> dict[int, list[tuple[int, str]]]:
    """Return pen names and the names as printed by revision."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Byline.objects.filter(revision__in=revisions).order_by("position")
    for revision_id, author_id, name in rows.values_list("revision", "author", "name"):
        found[revision_id].append((author_id, name))
    return found
