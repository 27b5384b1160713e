"""What public pages ask: lists as walks along an index, and the cards of the articles in them.

All of it stands on `public(at)`; only `was_public` knows more, for the address that answers 410.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from newsroom import freshness, parts, stamps
from newsroom.among import Many
from newsroom.prepared import prepared
from newsroom.vietnamese import ZONE

from . import paging, ranges
from .addresses import article_address
from .models import (
    Article,
    Author,
    Byline,
    Photo,
    Province,
    Publication,
    RevisionPhoto,
    Section,
    Tag,
)
from .paging import Range, Walk
from .pictures.sizes import Sized

_COLUMNS = (
    "article revision article__section article__slug article__first_public_at "
    "article__date_precision article__section__name article__section__slug revision__headline "
    "revision__standfirst revision__photo__token revision__photo__width revision__photo__height"
).split()
_BODY = "revision__body"


@dataclass(frozen=True)
class ListedPhoto(Sized):
    """A photo as lists show it."""

    token: str
    width: int
    height: int


class Listed(NamedTuple):
    """An article as lists show it: where it stands, and the text readers see.

    A model for each of five tables would cost more than all else of a list together.
    """

    article_id: int
    revision_id: int
    section_id: int
    slug: str
    first_public_at: dt.datetime
    date_precision: str
    section_name: str
    section_slug: str
    headline: str
    standfirst: str
    photo_token: str | None
    photo_width: int | None
    photo_height: int | None
    body: str = ""

    @property
    def url(self) -> str:
        """The article's page."""
        return article_address(self.section_slug, self.slug, self.article_id)

    @property
    def photo(self) -> ListedPhoto | None:
        """The lead photo, with what its sizes need."""
        if self.photo_token is None:
            return None
        return ListedPhoto(self.photo_token, self.photo_width, self.photo_height)


def of_site(at: dt.datetime) -> Walk:
    """Everything readers see."""
    freshness.shows(stamps.FRONT)
    return Walk((Range(ranges.on_site, (at,)),))


def of_sections(section_ids: Iterable[int], at: dt.datetime) -> Walk:
    """What stands in these sections."""
    section_ids = list(section_ids)
    freshness.shows(*map(stamps.section, section_ids))
    return Walk(tuple(Range(ranges.in_section, (at, pk)) for pk in section_ids))


def of_tags(tag_ids: Iterable[int], at: dt.datetime) -> Walk:
    """What bears one of these tags."""
    tag_ids = list(tag_ids)
    freshness.shows(*map(stamps.tag, tag_ids))
    return Walk(tuple(Range(ranges.under_tag, (at, pk)) for pk in tag_ids), pk="article_id")


def of_tag_in(
    tag_id: int, at: dt.datetime, since: dt.datetime | None, before: dt.datetime | None
) -> Walk:
    """What bears the tag and is dated within [since, before); without both, what has no date."""
    freshness.shows(stamps.tag(tag_id))
    return Walk((Range(ranges.under_tag_in, (at, tag_id, since, before)),), pk="article_id")


def of_places_in(
    tag_ids: Iterable[int], at: dt.datetime, year: int, without: Tag | None = None
) -> Walk:
    """What bears one of these tags, is dated within the year, and does not bear `without`."""
    tag_ids = list(tag_ids)
    freshness.shows(*map(stamps.tag, tag_ids), *([stamps.tag(without.pk)] if without else []))
    values = (at, *year_bounds(year), tag_ids, without and without.pk)
    return Walk((Range(ranges.of_places, values),))


def year_bounds(year: int) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of the year in Vietnam, and that of the next."""
    first, next_first = (dt.datetime(number, 1, 1, tzinfo=ZONE) for number in (year, year + 1))
    return first, next_first


def of_author(author: Author, at: dt.datetime) -> Walk:
    """What readers see under this pen name now, whatever the byline said before."""
    freshness.shows(stamps.author(author.pk))
    return Walk((Range(ranges.signed, (at, author.pk)),), pk="article_id")


def cards(article_ids: list[int], at: dt.datetime, *, with_body: bool = False) -> list[Listed]:
    """Return these articles in this order, with all a card shows; one query.

    Whatever was withdrawn meanwhile is left out.
    """
    by_article = {one.article_id: one for one in _listed(at, article_ids, with_body=with_body)}
    return [by_article[pk] for pk in article_ids if pk in by_article]


def newest(at: dt.datetime, *lists: tuple[Walk, int]) -> list[Listed]:
    """Return the newest of several lists together, each article once, newest first; two queries.

    Each list comes with how many are wanted of it; a list that gathers several ranges may bring
    as many of each.
    """
    # Asked for first: as part of one query PostgreSQL would read every publication for them.
    return in_order(_listed(at, list(paging.newest(*lists))))


def in_order(found: Iterable[Listed]) -> list[Listed]:
    """Return the articles newest first, as every list has them."""
    return sorted(found, key=_moment, reverse=True)


def next_change(at: dt.datetime) -> dt.datetime | None:
    """Return when the next article appears or goes by a schedule; what lists them ends then."""

    def found() -> dt.datetime | None:
        moment = Publication.next_change(at)
        freshness.until(moment)
        return moment

    # Whatever moves a publication bumps this stamp.
    return parts.shared("next change", at, found, tied_to=[stamps.FRONT])


def story(article_id: int, at: dt.datetime) -> Publication | None:
    """Return the publication of an article that readers see, with its text, or None."""
    freshness.shows(stamps.article(article_id), stamps.MENU)
    return next(iter(_stories(article_id, at)), None)


@prepared
def _stories(article_id: int, at: dt.datetime) -> QuerySet[Publication]:
    related = ("article__section", "revision__photo")
    return Publication.objects.public(at).filter(article=article_id).select_related(*related)


def was_public(article_id: int, at: dt.datetime) -> bool:
    """Whether readers could see the article at any moment up to `at`."""
    freshness.shows(stamps.article(article_id))
    return Publication.objects.begun(at).filter(article=article_id).exists()


def body_photos(publication: Publication) -> dict[int, RevisionPhoto]:
    """Return the photos within the text by their number, with the words printed under them."""
    rows = RevisionPhoto.objects.filter(revision=publication.revision_id).select_related("photo")
    return {row.photo_id: row for row in rows}


def byline(publication: Publication | Listed) -> list[Byline]:
    """Return the names under the text in order, with their authors."""
    freshness.shows(stamps.NAMES)
    return _byline(publication.revision_id)


@prepared
def _byline(revision_id: int) -> QuerySet[Byline]:
    rows = Byline.objects.filter(revision=revision_id).select_related("author")
    return rows.order_by("position")


def tags(publication: Publication | Listed) -> list[Tag]:
    """Return the tags of the article in Vietnamese order, each with what its kind has."""
    freshness.shows(stamps.NAMES)
    return _tags(publication.article_id)


@prepared
def _tags(article_id: int) -> QuerySet[Tag]:
    rows = Tag.objects.filter(taggings__article=article_id)
    return rows.select_related("cluster", "province").order_by("sort_key")


def shows(photo: Photo, at: dt.datetime) -> bool:
    """Whether readers see the photo in any text now."""
    public = Publication.objects.public(at)
    # Two questions: one with an OR over both joins would read every publication.
    leads = public.filter(revision__photo=photo).exists()
    return leads or public.filter(revision__body_photos__photo=photo).exists()


def public_sections(at: dt.datetime) -> list[Section]:
    """Sections with an article readers see, in them or in a sub-section, in menu order."""
    freshness.shows(stamps.FRONT, stamps.MENU)
    filled = Exists(Article.objects.public(at).filter(section=OuterRef("pk")))
    sections = list(Section.objects.annotate(is_filled=filled).order_by("position", "pk"))
    # The parents are found here: an OR over both levels would read every publication.
    shown = {pk for one in sections if one.is_filled for pk in (one.pk, one.parent_id)}
    return [section for section in sections if section.pk in shown]


def public_tags(at: dt.datetime) -> QuerySet[Tag]:
    """Tags that stand on an article readers see."""
    freshness.shows(stamps.FRONT, stamps.NAMES)
    # As EXISTS it would have PostgreSQL read every tagging there is; in the order of the list
    # it is one step along the index of the tag.
    rows = ranges.tagged(at).filter(tag=OuterRef("pk")).order_by("-first_public_at", "-article")
    newest = Subquery(rows.values("pk")[:1])
    return Tag.objects.alias(newest_tagging=newest).filter(newest_tagging__isnull=False)


def public_authors(at: dt.datetime) -> QuerySet[Author]:
    """Authors whose name stands under a text readers see."""
    freshness.shows(stamps.FRONT, stamps.NAMES)
    # One step along the index of the author, as of a tag in `public_tags`.
    rows = ranges.named(at).filter(author=OuterRef("pk")).order_by("-first_public_at", "-article")
    newest = Subquery(rows.values("pk")[:1])
    return Author.objects.alias(newest_byline=newest).filter(newest_byline__isnull=False)


def tags_among(
    article_ids: Iterable[int], tag_ids: Iterable[int], at: dt.datetime
) -> dict[int, set[int]]:
    """Return which of the tags each of the articles bears; one query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = ranges.tagged(at).filter(article__in=article_ids, tag__in=tag_ids)
    for article, tag in rows.values_list("article", "tag"):
        found[article].add(tag)
    return found


def frequent_authors(at: dt.datetime, limit: int, recent: int = 500) -> list[Author]:
    """Return who signed most of the `recent` latest articles, in Vietnamese order.

    Three queries.
    """
    freshness.shows(stamps.NAMES)
    # Their numbers first, as in `newest`.
    latest = list(paging.newest((of_site(at), recent)))
    if not latest:
        return []
    frequent = [author for author, _times in _signers(at, Many(latest), limit=limit)]
    return _authors(Many(frequent))


@prepared
def _signers(at: dt.datetime, article_ids: Many, limit: int) -> QuerySet:
    public = Publication.objects.public(at).filter(article__among=article_ids)
    signed = Byline.objects.filter(revision__in=public.values("revision")).values_list("author")
    return signed.annotate(times=Count("pk")).order_by("-times", "author")[:limit]


@prepared
def _authors(pks: Many) -> QuerySet[Author]:
    return Author.objects.filter(pk__among=pks).order_by("sort_key")


def units() -> list[Province]:
    """All units there are and were, in Vietnamese order."""
    freshness.shows(stamps.NAMES)
    return _units()


@prepared
def _units() -> QuerySet[Province]:
    return Province.objects.order_by("sort_key", "valid_to")


def latest_unit_of(
    article_ids: list[int], tag_ids: Iterable[int], at: dt.datetime
) -> dict[int, int]:
    """Return for each of these articles one of these tags that it bears, the newest unit first."""
    rows = ranges.tagged(at).filter(article__in=article_ids, tag__in=list(tag_ids))
    rows = rows.order_by(F("tag__province__valid_to").asc(nulls_first=True), "-tag")
    return dict(reversed(list(rows.values_list("article", "tag"))))


def _listed(at: dt.datetime, article_ids: list[int], *, with_body: bool = False) -> list[Listed]:
    freshness.shows(stamps.MENU)
    if not article_ids:
        return []
    columns = (*_COLUMNS, _BODY) if with_body else tuple(_COLUMNS)
    return [Listed(*row) for row in _cards(at, Many(article_ids), columns=columns)]


@prepared
def _cards(at: dt.datetime, article_ids: Many, columns: tuple[str, ...]) -> QuerySet:
    """The public publications of these articles, and no more columns than are shown."""
    return Publication.objects.public(at).filter(article__among=article_ids).values_list(*columns)


def _moment(listed: Listed) -> tuple[dt.datetime, int]:
    return listed.first_public_at, listed.article_id
