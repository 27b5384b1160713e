"""Placing: the section, the tags and the address of an article."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from newsroom import events, stamps, vietnamese
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady

from .. import topics
from ..models import Article, ArticleTag, Byline, Section
from ..permissions import Verb, may_put
from ..search import indexing
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

    @property
    def mark(self) -> str:
        """A short sign of this placement, by which a form says which one it has seen."""
        return hashlib.sha256(json.dumps(_details(self)).encode()).hexdigest()[:16]


def current_placement(article: Article) -> Placement:
    """Return where the article stands now."""
    tags = frozenset(article.taggings.values_list("tag", flat=True))
    return Placement(article.section, tags, article.slug, article.comments_open)


def write_placement(article: Article, placement: Placement) -> Placement:
    """Store a placement and return it as it stands; the caller has checked right and moment.

    A topic that was merged meanwhile stands for the one it went up in.
    """
    article.section = placement.section
    article.slug = vietnamese.slug(placement.slug, MAX_SLUG_CHARS) if placement.slug else ""
    article.comments_open = placement.comments_open
    article.save(update_fields=["section", "slug", "comments_open"])
    tags = frozenset(topics.held(placement.tags))
    article.taggings.exclude(tag__in=tags).delete()
    ArticleTag.objects.bulk_create(
        (
            ArticleTag(article=article, tag_id=pk, first_public_at=article.first_public_at)
            for pk in tags
        ),
        ignore_conflicts=True,
    )
    return replace(placement, tags=tags)


def write_first_public_at(article: Article, moment: dt.datetime | None, precision: str) -> None:
    """Keep the day lists sort by: on the article, on each of its tags and on the names."""
    article.first_public_at = moment
    article.date_precision = precision
    article.save(update_fields=["first_public_at", "date_precision"])
    article.taggings.update(first_public_at=moment)
    date_names(article)


def date_names(article: Article) -> None:
    """Write the article's date beside the names under every text that is in force, no others.

    Whoever changes its publications calls this; who stands twice under a text has the date once.
    """
    shown = article.publications.in_force().values("revision")
    names = Byline.objects.filter(article=article)
    hidden = names.exclude(revision__in=shown)
    hidden.filter(first_public_at__isnull=False).update(first_public_at=None)
    before = Byline.objects.filter(
        revision=OuterRef("revision"), author=OuterRef("author"), position__lt=OuterRef("position")
    )
    listed = names.filter(~Exists(before), revision__in=shown)
    listed.update(first_public_at=article.first_public_at)


def place_draft(
    actor: User | None, article: Article, placement: Placement, base: str | None
) -> None:
    """Store a placement typed beside a text, while the article is free to move; logs it.

    Raises NotAllowed once the article was scheduled or public, and for a section in which the actor
    may not go on with it; Conflict when it stands elsewhere than where the writer saw it.
    """
    before = current_placement(article)
    if placement == before or placement.mark == base:
        return
    if article.first_public_at is not None:
        raise NotAllowed(_("A scheduled or published article is moved with “Move”."))
    if base is not None and before.mark != base:
        raise steps.conflict(article, Verb.PLACE)
    if placement.section != before.section and not may_put(actor, article, placement.section):
        message = _(
            "You are not in charge of “%(section)s”. Ask the secretary to move the article."
        )
        raise NotAllowed(message % {"section": placement.section})
    written = write_placement(article, placement)
    indexing.index([article.pk])
    _record(actor, article, before, written)


@transaction.atomic
def place(
    *, actor: User | None, article: Article, placement: Placement, base: str | None = None
) -> Article:
    """Move an article to another section, tags or address, at once; old addresses lead on.

    `base` is the mark of the placement the actor saw; an empty slug keeps the address. Bumps the
    stamps of the article and of all lists on both sides. Raises Conflict when the article stands
    elsewhere than `base` by now, NotReady when a published article would lose its section,
    NotAllowed.
    """
    article = steps.locked(article)
    steps.check(actor, Verb.PLACE, article)
    before = current_placement(article)
    if base is not None and before.mark != base:
        raise steps.conflict(article, Verb.PLACE)
    if placement.section is None and article.first_public_at:
        raise NotReady({"section": _("No section is chosen.")})
    left = steps.keys_of_section(before.section) | steps.keys_of_tags(before.tags)
    placement = replace(placement, slug=placement.slug or before.slug)
    written = write_placement(article, placement)
    indexing.index([article.pk])
    _record(actor, article, before, written)
    shown = (publication.revision for publication in article.publications.in_force())
    stamps.bump(left | steps.keys_of(article, shown))
    return article


def _record(actor: User | None, article: Article, before: Placement, placement: Placement) -> None:
    events.record(
        actor=actor,
        verb=Verb.PLACE,
        obj=article,
        from_state=_where(before),
        to_state=_where(placement),
        data={"before": _details(before), "after": _details(placement)},
    )


def _where(placement: Placement) -> str:
    return placement.section.slug[:40] if placement.section else ""


def _details(placement: Placement) -> dict:
    return {
        "section": placement.section and placement.section.pk,
        "tags": sorted(placement.tags),
        "slug": placement.slug,
        "comments_open": placement.comments_open,
    }
