"""What the lists of readers gather: each range is one walk along an index, and all are public.

They are functions of plain values, so that what the ORM writes for one can be kept; see paging.py.
"""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from newsroom.vietnamese import NONE

from .models import Article, ArticleTag, Byline, Publication


def tagged(at: dt.datetime) -> QuerySet[ArticleTag]:
    """The tags of articles readers see."""
    public = Publication.objects.public(at).filter(article=OuterRef("article"))
    return ArticleTag.objects.filter(Exists(public))


def named(at: dt.datetime) -> QuerySet[Byline]:
    """The names under the texts readers see, each once a text."""
    public = Publication.objects.public(at).filter(revision=OuterRef("revision"))
    return Byline.objects.filter(Exists(public), first_public_at__isnull=False)


def on_site(at: dt.datetime) -> QuerySet[Article]:
    """Everything readers see."""
    return Article.objects.public(at)


def in_section(at: dt.datetime, pk: int) -> QuerySet[Article]:
    """What stands in the section."""
    return Article.objects.public(at).filter(section=pk)


def under_tag(at: dt.datetime, pk: int) -> QuerySet[ArticleTag]:
    """What bears the tag."""
    return tagged(at).filter(tag=pk)


def under_tag_in(
    at: dt.datetime, pk: int, since: dt.datetime | None, before: dt.datetime | None
) -> QuerySet[ArticleTag]:
    """What bears the tag and is dated within [since, before); without both, what has no date."""
    rows = under_tag(at, pk)
    if since is None:
        return rows.filter(article__date_precision=NONE)
    dated = rows.filter(first_public_at__gte=since, first_public_at__lt=before)
    return dated.exclude(article__date_precision=NONE)


def of_places(
    at: dt.datetime,
    since: dt.datetime,
    before: dt.datetime,
    tag_ids: list[int],
    without: int | None,
) -> QuerySet[Article]:
    """What bears one of the tags, is dated within [since, before), and not the tag `without`."""
    bears = ArticleTag.objects.filter(article=OuterRef("pk"))
    found = Article.objects.public(at).exclude(date_precision=NONE)
    found = found.filter(first_public_at__gte=since, first_public_at__lt=before)
    found = found.filter(Exists(bears.filter(tag__in=tag_ids)))
    return found.exclude(Exists(bears.filter(tag=without))) if without else found


def signed(at: dt.datetime, pk: int) -> QuerySet[Byline]:
    """What readers see under a pen name."""
    return named(at).filter(author=pk)
