"""The lists the newsroom works with: sections, tags, clusters, pen names.

Saving one changes pages readers see, so each save goes through here: address, log, stamps.
"""

from itertools import chain, count

from django.core.exceptions import ValidationError
from django.db import models, transaction

from newsroom import events, stamps, vietnamese
from newsroom.models import User

from .models import Author, Cluster, OldSectionSlug, Section, Tag


@transaction.atomic
def save_section(*, actor: User | None, section: Section) -> Section:
    """Save a section; its old address leads to the new one from now on.

    Bumps the menu, which stands on every page, and the lists of the section and its parents.
    """
    before = Section.objects.select_for_update().filter(pk=section.pk).first()
    section.slug = section.slug or free_slug(Section.objects.all(), section.name, section.pk)
    section.save()
    OldSectionSlug.objects.filter(slug=section.slug).delete()
    if before and before.slug != section.slug:
        OldSectionSlug.objects.update_or_create(slug=before.slug, defaults={"section": section})
    parents = {section.parent_id, before.parent_id if before else None} - {None}
    stamps.bump({stamps.MENU, *map(stamps.section, {section.pk, *parents})})
    _record(actor, section, before)
    return section


@transaction.atomic
def delete_section(*, actor: User | None, section: Section) -> None:
    """Delete a section without articles; raises ProtectedError while it has any."""
    events.record(actor=actor, verb="delete", obj=section)
    stamps.bump({stamps.MENU, stamps.section(section.pk)})
    section.delete()


@transaction.atomic
def save_tag(*, actor: User | None, tag: Tag) -> Tag:
    """Save a topic or another tag. Bumps its list and every page that names it."""
    before = Tag.objects.select_for_update().filter(pk=tag.pk).first()
    tag.kind = tag.kind or tag.KIND
    same_kind = Tag.objects.filter(kind=tag.kind)
    tag.slug = tag.slug or free_slug(same_kind, tag.name, tag.pk)
    tag.save()
    stamps.bump({stamps.tag(tag.pk)})
    _record(actor, tag, before)
    return tag


def save_cluster(*, actor: User | None, cluster: Cluster) -> Cluster:
    """Save a cluster under the name its form, number and owner give; see `save_tag`."""
    cluster.name = cluster.full_name
    return save_tag(actor=actor, tag=cluster)


@transaction.atomic
def save_author(*, actor: User | None, author: Author) -> Author:
    """Save a pen name. Bumps its list and every page that links to it; printed names stay."""
    before = Author.objects.select_for_update().filter(pk=author.pk).first()
    author.slug = author.slug or free_slug(Author.objects.all(), author.name, author.pk)
    author.save()
    stamps.bump({stamps.author(author.pk)})
    _record(actor, author, before)
    return author


def free_slug(rows: models.QuerySet, text: str, own_pk: int | None = None) -> str:
    """Return the slug of `text`, with -2, -3 … where `rows` have it already."""
    field = rows.model._meta.get_field("slug")
    wanted = vietnamese.slug(text, field.max_length - 6)
    rows = rows.exclude(pk=own_pk) if own_pk else rows
    taken = set(rows.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(slug for slug in candidates if slug not in taken and not _refused(field, slug))


def _refused(field: models.Field, slug: str) -> bool:
    """Whether the column's own validators refuse the slug: a reserved word."""
    try:
        field.run_validators(slug)
    except ValidationError:
        return True
    return False


def _record(actor: User | None, obj: models.Model, before: models.Model | None) -> None:
    events.record(actor=actor, verb="change" if before else "add", obj=obj)
