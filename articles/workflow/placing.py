"""Placing: the section, the tags and the address of an article."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import events, stamps, vietnamese
from newsroom.models import User
from newsroom.refusals import NotReady

from ..models import Article, ArticleTag, Section
from ..permissions import Verb
from . import steps

MAX_SLUG_CHARS = 80


@dataclass(frozen=True)
class Placement:
    """Where an article stands; `tags` are their primary keys.

    An empty slug is made from the headline at first publication.
    """

    section: Section | None = None
    tags: frozenset[int] = frozenset()
    slug: str = ""
    comments_open: bool = True


def current_placement(article: Article) -> Placement:
    """Return where the article stands now."""
    tags = frozenset(article.taggings.values_list("tag", flat=True))
    return Placement(article.section, tags, article.slug, article.comments_open)


def write_placement(article: Article, placement: Placement) -> None:
    """Store a placement; the caller has checked the right and the moment."""
    article.section = placement.section
    article.slug = vietnamese.slug(placement.slug, MAX_SLUG_CHARS) if placement.slug else ""
    article.comments_open = placement.comments_open
    article.save(update_fields=["section", "slug", "comments_open"])
    article.taggings.exclude(tag__in=placement.tags).delete()
    ArticleTag.objects.bulk_create(
        (
            ArticleTag(article=article, tag_id=pk, first_public_at=article.first_public_at)
            for pk in placement.tags
        ),
        ignore_conflicts=True,
    )


def write_first_public_at(article: Article, moment: dt.datetime | None, precision: str) -> None:
    """Keep the day lists sort by, on the article and on each of its tags."""
    article.first_public_at = moment
    article.date_precision = precision
    article.save(update_fields=["first_public_at", "date_precision"])
    article.taggings.update(first_public_at=moment)


@transaction.atomic
def place(
    *, actor: User | None, article: Article, placement: Placement, base: Placement | None = None
) -> Article:
    """Move an article to another section, tags or address, at once; old addresses lead on.

    `base` is the placement the actor saw. Bumps the stamps of the article and of all lists on
    both sides. Raises Conflict when the article stands elsewhere than `base` by now, NotReady
    when a published article would lose its section, NotAllowed.
    """
    article = steps.locked(article)
    steps.check(actor, Verb.PLACE, article)
    before = current_placement(article)
    if base is not None and before != base:
        raise steps.conflict(article, Verb.PLACE)
    if placement.section is None and article.first_public_at:
        raise NotReady({"section": _("No section is chosen.")})
    if not placement.slug:
        placement = replace(placement, slug=before.slug)
    write_placement(article, placement)
    events.record(
        actor=actor,
        verb=Verb.PLACE,
        obj=article,
        from_state=_where(before),
        to_state=_where(placement),
        data={"before": _details(before), "after": _details(placement)},
    )
    stamps.bump(steps.keys_of_section(before.section))
    stamps.bump(steps.keys_of_tags(before.tags))
    steps.announce(article, (pub.revision for pub in article.publications.in_force()))
    return article


def _where(placement: Placement) -> str:
    return placement.section.slug[:40] if placement.section else ""


def _details(placement: Placement) -> dict:
    return {
        "section": placement.section and placement.section.pk,
        "tags": sorted(placement.tags),
        "slug": placement.slug,
        "comments_open": placement.comments_open,
    }
