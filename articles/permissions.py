"""Who may do what. One question, `can`; everything that acts or shows a button asks it."""

from enum import StrEnum
from functools import cached_property

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from newsroom.models import SiteSettings, User
from newsroom.roles import ADMINISTRATORS, WRITERS, Role

from .models import Article, Author, Byline, Cluster, Photo, Section, Topic


class Verb(StrEnum):
    """What can be done with an article; MODERATE stands for every verb on a comment."""

    READ = "read"
    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PLACE = "place"
    WITHDRAW = "withdraw"
    MODERATE = "moderate"


WRITING = frozenset({Verb.READ, Verb.SAVE, Verb.SUBMIT})
EDITING = frozenset({Verb.READ, Verb.SAVE})
REVIEWING = frozenset({Verb.RETURN, Verb.APPROVE})
SIGNING_ONES_OWN = frozenset({Verb.PUBLISH, Verb.SCHEDULE, Verb.UNSCHEDULE, Verb.WITHDRAW})
PUBLISHING = SIGNING_ONES_OWN | {Verb.PLACE}


def can(actor: User | None, verb: str, article: Article | None = None) -> bool:
    """Whether `actor` may do `verb` with `article`; None is an article about to be begun.

    The program itself (import and demo, actor None) may do everything.
    """
    return actor is None or Rights(actor).may(verb, article)


class Rights:
    """The rights of one person during one request: looks settings and sections up once."""

    def __init__(self, actor: User):
        self.actor = actor

    def may(self, verb: str, article: Article | None = None) -> bool:
        """Whether the actor may do `verb` with `article`."""
        roles = self.actor.roles
        return (
            (Role.SECRETARY in roles and self._as_secretary(verb, article))
            or (Role.EDITOR in roles and self._as_editor(verb, article))
            or (roles & {Role.REPORTER, Role.EDITOR} and self._as_writer(verb, article))
            or (Role.MODERATOR in roles and verb == Verb.MODERATE and self.moderates(article))
            or (Role.ADMINISTRATOR in roles and verb == Verb.READ)
        )

    def _as_secretary(self, verb: str, article: Article | None) -> bool:
        if verb in REVIEWING:
            return not self.wrote(article)
        return verb in WRITING | PUBLISHING | {Verb.MODERATE}

    def _as_editor(self, verb: str, article: Article | None) -> bool:
        if verb in EDITING:
            return self.edits(article)
        return verb in REVIEWING and self.edits(article) and not self.wrote(article)

    def _as_writer(self, verb: str, article: Article | None) -> bool:
        if verb in WRITING:
            return self.owns(article)
        signs = verb in SIGNING_ONES_OWN and not self.review_required and self.owns(article)
        return signs and not self._named_himself(article)

    def owns(self, article: Article | None) -> bool:
        """Whether the actor began the article or stands in the byline of its newest revision."""
        if article is None or self.actor.pk is None:
            return article is None
        if article.created_by_id == self.actor.pk:
            return True
        byline = Byline.objects.filter(revision=article.newest_revision_id)
        return byline.filter(author__account=self.actor).exists()

    def _named_himself(self, article: Article | None) -> bool:
        """Whether nobody else began the article for the actor or set his name under it."""
        if article is None or article.created_by_id == self.actor.pk:
            return False
        names = Byline.objects.filter(revision__article=article, author__account=self.actor)
        return not names.exclude(revision__saved_by=self.actor).exists()

    def wrote(self, article: Article | None) -> bool:
        """Whether any version of the article ever bore the actor's name: it is his own text."""
        if self.owns(article):
            return True
        names = Byline.objects.filter(revision__article=article, author__account=self.actor)
        return names.exists()

    def edits(self, article: Article | None) -> bool:
        """Whether the article lies in a section the actor is in charge of, or in none yet."""
        return article is None or not article.section_id or article.section_id in self.sections

    def may_put(self, article: Article, section: Section | None) -> bool:
        """Whether the actor may hand an article he may save to `section`.

        His own goes anywhere, as of any writer; that of others stays where he is in charge.
        """
        if section is None or Role.SECRETARY in self.actor.roles or self.owns(article):
            return True
        return section.pk in self.sections

    def moderates(self, article: Article | None) -> bool:
        """Whether the comments of the article are the actor's to decide, or those of some are."""
        return article is None or not article.section_id or article.section_id in self.moderated

    @cached_property
    def review_required(self) -> bool:
        """Whether a second person is needed before anything is published."""
        return SiteSettings.load().require_review

    @cached_property
    def sections(self) -> frozenset[int]:
        """The sections this editor is in charge of: those that name him, or name nobody."""
        return self._in_charge("editors")

    @cached_property
    def moderated(self) -> frozenset[int]:
        """The sections whose comments this moderator decides: those that name him, or nobody."""
        return self._in_charge("moderators")

    def _in_charge(self, who: str) -> frozenset[int]:
        """Return the sections that name the actor, or nobody, or lie in such a one; one query."""
        named: dict[int, set[int]] = {}
        parents = {}
        for pk, parent, person in Section.objects.order_by().values_list("pk", "parent", who):
            parents[pk] = parent
            named.setdefault(pk, set()).update({person} - {None})
        charged = {pk: people or named.get(parents[pk], set()) for pk, people in named.items()}
        return frozenset(
            pk for pk, people in charged.items() if not people or self.actor.pk in people
        )


def may_put(actor: User | None, article: Article, section: Section | None) -> bool:
    """Whether `actor` may hand an article he may save to `section`; see `Rights.may_put`."""
    return actor is None or Rights(actor).may_put(article, section)


def readable(actor: User) -> QuerySet[Article]:
    """Return the articles `actor` may see at the desk."""
    rights = Rights(actor)
    if actor.roles & {Role.SECRETARY, Role.ADMINISTRATOR}:
        return Article.objects.all()
    scope = mine(actor)
    if Role.EDITOR in actor.roles:
        scope |= Q(section=None) | Q(section__in=rights.sections)
    elif Role.REPORTER not in actor.roles:
        return Article.objects.none()
    return Article.objects.filter(scope)


def moderated_sections(actor: User) -> QuerySet[Section]:
    """Return the sections whose comments `actor` decides; the administrator reads those of all."""
    if actor.roles & {Role.SECRETARY, Role.ADMINISTRATOR}:
        return Section.objects.all()
    return Section.objects.filter(pk__in=Rights(actor).moderated)


def moderated(actor: User) -> Q:
    """Return the twin of `Rights.moderates` as a condition on what has an `article`.

    No condition at all where it is every section: a queue then walks along its index alone.
    """
    sections = moderated_sections(actor)
    if not Section.objects.exclude(pk__in=sections).exists():
        return Q()
    return Q(article__section__in=sections) | Q(article__section=None)


def moderators_of(article: Article) -> QuerySet[User]:
    """Return whose the comments of the article are to decide, in the order of names."""
    section = article.section
    charged = [place for place in (section, section and section.parent) if place]
    named = next((place.moderators for place in charged if place.moderators.exists()), None)
    moderators = Q(groups__name=Role.MODERATOR)
    if named is not None:
        moderators &= Q(pk__in=named.values("pk"))
    people = User.objects.filter(moderators | Q(groups__name=Role.SECRETARY), is_active=True)
    return people.distinct().order_by("sort_key", "pk")


def mine(actor: User) -> Q:
    """Return the twin of `Rights.owns` as a condition on articles."""
    byline = Byline.objects.filter(revision=OuterRef("newest_revision"), author__account=actor)
    return Q(created_by=actor) | Q(Exists(byline))


# Who keeps what stands beside the articles: who adds to it, who changes what is there.
KEEPERS: dict[type[Model], tuple[frozenset[str], frozenset[str]]] = {
    Section: (ADMINISTRATORS, ADMINISTRATORS),
    Cluster: (ADMINISTRATORS, ADMINISTRATORS),
    Topic: (WRITERS, frozenset({Role.EDITOR, Role.SECRETARY})),
    Author: (WRITERS | ADMINISTRATORS, ADMINISTRATORS | {Role.SECRETARY}),
    Photo: (WRITERS, frozenset({Role.SECRETARY})),
}


def may_add(actor: User | None, kind: type[Model]) -> bool:
    """Whether `actor` may add to a list of the catalogue; the program itself may."""
    adders, _changers = KEEPERS.get(kind, (frozenset(), frozenset()))
    return actor is None or bool(actor.roles & adders)


def may_change(actor: User | None, thing: Model) -> bool:
    """Whether `actor` may change a thing of the catalogue; a photo's words are its uploader's."""
    adders, changers = KEEPERS.get(type(thing), (frozenset(), frozenset()))
    if actor is None or actor.roles & changers:
        return True
    own = isinstance(thing, Photo) and thing.uploaded_by_id == actor.pk
    return own and bool(actor.roles & adders)


def may_merge(actor: User | None) -> bool:
    """Whether `actor` may merge and rename provincial units, and undo it."""
    return actor is None or bool(actor.roles & ADMINISTRATORS)


def may_tie(actor: User | None) -> bool:
    """Whether `actor` may say whose account a pen name is: it opens the articles under it."""
    return actor is None or bool(actor.roles & ADMINISTRATORS)
