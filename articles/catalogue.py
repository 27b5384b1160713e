"""The lists the newsroom works with: sections, tags, clusters, pen names.

Saving one changes pages readers see, so each save goes through here: right, address, log, stamps.
Every function raises NotAllowed for whoever may not.
"""

from collections.abc import Iterable
from itertools import chain, count

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from newsroom import events, stamps, vietnamese
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady
from newsroom.roles import Role

from .models import Author, Cluster, OldSectionSlug, OldTopicSlug, Section, Tag
from .permissions import may_add, may_change, may_tie

TRIES = 5
SUFFIX_CHARS = 6  # of an address, for -2, -3 …
# Who is in charge of a section, and the role by which he is.
CHARGES = {"editors": Role.EDITOR, "moderators": Role.MODERATOR}


@transaction.atomic
def save_section(
    *,
    actor: User | None,
    section: Section,
    editors: Iterable[User] | None = None,
    moderators: Iterable[User] | None = None,
) -> Section:
    """Save a section, and who is in charge; its old address leads to the new one from now on.

    Bumps the menu, which stands on every page, and the lists of the section and its parents.
    Raises NotReady with what `section_problems` finds.
    """
    # All of them: whether there are two levels only, parent and children say together.
    # Articles that are put into one meanwhile need not wait.
    list(Section.objects.select_for_update(no_key=True).order_by("pk"))
    before = _before(actor, section)
    if problems := section_problems(section):
        raise NotReady(problems)
    taken = OldSectionSlug.objects.exclude(section=section.pk or 0)
    _save(section, Section.objects.all(), taken)
    OldSectionSlug.objects.filter(slug=section.slug, section=section).delete()
    if before and before.slug != section.slug:
        OldSectionSlug.objects.update_or_create(slug=before.slug, defaults={"section": section})
    data = _in_charge(section, editors=editors, moderators=moderators)
    parents = {section.parent_id, before.parent_id if before else None} - {None}
    stamps.bump({stamps.MENU, *map(stamps.section, {section.pk, *parents})})
    _record(actor, section, before, **data)
    return section


def _in_charge(section: Section, **chosen: Iterable[User] | None) -> dict[str, list[int]]:
    """Write who is in charge of a section, where that is said; return it for the log."""
    said = {name: list(people) for name, people in chosen.items() if people is not None}
    for name, people in said.items():
        getattr(section, name).set(people)
    return {name: sorted(person.pk for person in people) for name, people in said.items()}


@transaction.atomic
def put_in_charge(
    *,
    actor: User | None,
    person: User,
    lost: frozenset[str] = frozenset(),
    **chosen: Iterable[Section],
) -> list[Role]:
    """Name `person` among the `editors` or `moderators` of exactly the sections chosen.

    Of none by a role he has just `lost`: a section that named him alone is everybody's again.
    Returns the roles for which sections were chosen in vain. Saves each section in which that
    changes something; see `save_section`.
    """
    dropped = [CHARGES[who] for who in chosen if chosen[who] and CHARGES[who] in lost]
    for who, sections in chosen.items():
        wanted = set() if CHARGES[who] in dropped else {section.pk for section in sections}
        held = set(Section.objects.filter(**{who: person}).values_list("pk", flat=True))
        for section in Section.objects.filter(pk__in=wanted ^ held):
            people = set(getattr(section, who).all()) ^ {person}
            save_section(actor=actor, section=section, **{who: people})
    return dropped


def section_problems(section: Section) -> dict[str, str]:
    """Return why a section cannot stand so, by field: a third level, somebody's old address."""
    if section.parent_id and section.parent_id == section.pk:
        return {"parent": _("A section cannot lie within itself.")}
    if Section.objects.filter(pk=section.parent_id, parent__isnull=False).exists():
        return {"parent": _("There are two levels only.")}
    if section.parent_id and section.pk and section.children.exists():
        return {"parent": _("It has sub-sections of its own.")}
    taken = OldSectionSlug.objects.filter(slug=section.slug).exclude(section=section.pk or 0)
    if other := taken.select_related("section").first():
        message = _("This address leads to “%(section)s”, which had it before.")
        return {"slug": message % {"section": other.section}}
    return {}


@transaction.atomic
def delete_section(*, actor: User | None, section: Section) -> None:
    """Delete a section without articles; its addresses lead to the section it lay within.

    Raises ProtectedError while it has articles.
    """
    if not may_change(actor, section):
        raise NotAllowed()
    events.record(actor=actor, verb="delete", obj=section)
    parents = {section.parent_id} - {None}
    stamps.bump({stamps.MENU, *map(stamps.section, {section.pk, *parents})})
    if section.parent_id:
        section.old_slugs.update(section=section.parent_id)
        OldSectionSlug.objects.create(slug=section.slug, section=section.parent)
    section.delete()


@transaction.atomic
def save_tag(*, actor: User | None, tag: Tag, **data: object) -> Tag:
    """Save a topic or another tag. Bumps its list and every page that names it.

    `data` goes into the log.
    """
    before = _before(actor, tag)
    tag.kind = tag.kind or tag.KIND
    old = OldTopicSlug.objects.all() if tag.kind == Tag.Kind.TOPIC else None
    _save(tag, Tag.objects.filter(kind=tag.kind), old)
    stamps.bump({stamps.NAMES, stamps.tag(tag.pk)})
    _record(actor, tag, before, **data)
    return tag


def save_cluster(*, actor: User | None, cluster: Cluster) -> Cluster:
    """Save a cluster under the name its form, number and owner give; see `save_tag`."""
    cluster.name = cluster.full_name
    return save_tag(actor=actor, tag=cluster)


@transaction.atomic
def save_author(*, actor: User | None, author: Author) -> Author:
    """Save a pen name. Bumps its list and every page that links to it; printed names stay."""
    before = _before(actor, author)
    tied_before = before.account_id if before else None
    if author.account_id != tied_before and not may_tie(actor):
        raise NotAllowed()
    _save(author, Author.objects.all())
    stamps.bump({stamps.NAMES, stamps.author(author.pk)})
    _record(actor, author, before)
    return author


def author_named(*, actor: User | None, name: str) -> Author:
    """Return the pen name, made now if there is none; two who make it at once get the same."""
    for _attempt in range(TRIES):
        if found := Author.objects.filter(name=name).first():
            return found
        try:
            with transaction.atomic():
                return save_author(actor=actor, author=Author(name=name))
        except IntegrityError:
            continue
    return Author.objects.get(name=name)


def free_slug(
    rows: models.QuerySet, text: str, own_pk: int | None = None, taken: Iterable[str] = ()
) -> str:
    """Return the slug of `text`, with -2, -3 … where `rows`, or `taken`, have it already."""
    field = rows.model._meta.get_field("slug")
    wanted = vietnamese.slug(text, field.max_length - SUFFIX_CHARS)
    rows = rows.exclude(pk=own_pk) if own_pk else rows
    used = {*rows.filter(slug__startswith=wanted).values_list("slug", flat=True), *taken}
    candidates = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(slug for slug in candidates if slug not in used and not _refused(field, slug))


def _before(actor: User | None, thing: models.Model) -> models.Model | None:
    """Check the right and return the thing as it is stored, locked; None for a new one."""
    allowed = may_change(actor, thing) if thing.pk else may_add(actor, type(thing))
    if not allowed:
        raise NotAllowed()
    return type(thing)._base_manager.select_for_update().filter(pk=thing.pk).first()


def _save(thing: models.Model, rows: models.QuerySet, old: models.QuerySet | None = None) -> None:
    """Save under the typed address, or under a free one made from the name."""
    if thing.slug:
        thing.save()
        return
    for attempt in range(1, TRIES + 1):
        taken = old.values_list("slug", flat=True) if old is not None else ()
        thing.slug = free_slug(rows, thing.name, thing.pk, taken)
        try:
            with transaction.atomic():
                thing.save()
            return
        except IntegrityError:  # Somebody took that address at the same moment.
            if attempt == TRIES:
                raise


def _refused(field: models.Field, slug: str) -> bool:
    """Whether the column's own validators refuse the slug: a reserved word."""
    try:
        field.run_validators(slug)
    except ValidationError:
        return True
    return False


def _record(
    actor: User | None, obj: models.Model, before: models.Model | None, **data: object
) -> None:
    events.record(actor=actor, verb="change" if before else "add", obj=obj, data=data)
