"""What every verb begins and ends with: the right, the lock, the conflict, the stamps."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from newsroom import events, stamps, vietnamese
from newsroom.models import User
from newsroom.refusals import Conflict, NotAllowed, NotReady

from ..models import Article, Byline, Province, Revision, Section, Tag
from ..permissions import can

OPEN = (
    Revision.State.DRAFT,
    Revision.State.IN_REVIEW,
    Revision.State.RETURNED,
    Revision.State.APPROVED,
)


def check(actor: User | None, verb: str, article: Article | None) -> None:
    """Raise NotAllowed unless `actor` may do `verb` with `article`."""
    if not can(actor, verb, article):
        raise NotAllowed()


def locked(article: Article) -> Article:
    """Return the article as it is now; nobody else changes it before the commit."""
    # The bare row first: a join would be of the moment before the wait for the lock.
    Article.objects.select_for_update().get(pk=article.pk)
    return Article.objects.select_related("section", "newest_revision").get(pk=article.pk)


def begin(actor: User | None, verb: str, revision: Revision) -> Article:
    """Lock the revision's article, check the right, bring the revision's state up to date."""
    article = locked(revision.article)
    check(actor, verb, article)
    revision.article = article
    revision.refresh_from_db(fields=["state"])
    return article


def conflict(article: Article, *verbs: str, otherwise: str = "") -> Conflict:
    """Return the conflict that names who was faster: the newest event, of `verbs` if given.

    Where there is no such event it says `otherwise`.
    """
    event = events.latest(article, *verbs)
    fallback = otherwise or _("The article has changed in the meantime.")
    return Conflict(events.sentence(event) if event else fallback, event)


def given_reason(text: str, otherwise: str) -> str:
    """Return the reason cleaned; raises NotReady that says `otherwise` when there is none."""
    reason = vietnamese.clean(text, multiline=True)
    if not vietnamese.has_text(reason):
        raise NotReady({"reason": otherwise})
    return reason


def move(revision: Revision, sources: Iterable[str], target: str) -> None:
    """Change a revision's review state if it is one of `sources`; raises Conflict else."""
    moved = Revision.objects.filter(pk=revision.pk, state__in=sources).update(state=target)
    if not moved:
        raise conflict(revision.article)
    revision.state = target


def retire(article: Article) -> None:
    """Supersede what is open and neither the newest text nor public, past public or scheduled."""
    used = article.publications.in_force().values("revision")
    idle = article.revisions.filter(state__in=OPEN).exclude(pk=article.newest_revision_id)
    idle.exclude(pk__in=used).update(state=Revision.State.SUPERSEDED)


def keys_of_section(section: Section | None) -> set[str]:
    """Return the stamps of the lists that show a section's articles: its own, its parent's."""
    if section is None:
        return set()
    return {stamps.section(pk) for pk in (section.pk, section.parent_id) if pk}


def keys_of_tags(tag_ids: Iterable[int]) -> set[str]:
    """Return the stamps of the tags' lists and of the provinces that took theirs over."""
    found = set(tag_ids)
    rising = found
    while rising:
        heirs = Province.objects.filter(predecessors__in=rising).values_list("pk", flat=True)
        rising = set(heirs) - found
        found |= rising
    return {stamps.tag(pk) for pk in found}


def keys_of(article: Article, revisions: Iterable[Revision] = ()) -> set[str]:
    """Return the stamps of every page that shows the article: its own, all lists it stands in."""
    tags = Tag.objects.filter(taggings__article=article).values_list("pk", flat=True)
    authors = Byline.objects.filter(revision__in=list(revisions)).values_list("author", flat=True)
    return (
        {stamps.article(article.pk), stamps.FRONT}
        | keys_of_section(article.section)
        | keys_of_tags(tags)
        | {stamps.author(pk) for pk in authors}
    )
