"""Saving: every change of a text is a new revision, and no save is ever lost or silent."""

from dataclasses import dataclass, field, fields, replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import events, rich_text, vietnamese
from newsroom.models import User
from newsroom.refusals import Conflict

from ..models import Article, Author, Byline, Photo, Revision, RevisionPhoto
from ..permissions import Verb
from ..search import indexing
from . import steps
from .placing import Placement, place_draft, write_placement

State = Revision.State


@dataclass(frozen=True)
class Credit:
    """One name of a byline and the part its bearer had."""

    author: Author
    part: str = Byline.Part.TEXT


@dataclass(frozen=True)
class Text:
    """All that a revision holds. `body` is HTML as it came from the editor."""

    headline: str
    standfirst: str = ""
    body: str = ""
    photo: Photo | None = None
    photo_alt: str = ""
    photo_caption: str = ""
    photo_credit: str = ""
    source_line: str = ""
    byline: tuple[Credit, ...] = field(default=())

    def cleaned(self) -> "Text":
        """Return the text as it will be stored; raises rich_text.BadBody."""
        lines = {name: vietnamese.clean(line) for name, line in _lines(self).items()}
        return replace(self, body=rich_text.sanitise(self.body), **lines)


_LINES = [entry.name for entry in fields(Text) if entry.type is str and entry.name != "body"]


def _lines(text: Text | Revision) -> dict[str, str]:
    """Return everything printed that is one plain line, by its name."""
    return {name: getattr(text, name) for name in _LINES}


@transaction.atomic
def create_article(
    *, actor: User | None, text: Text, placement: Placement, source_id: str | None = None
) -> Revision:
    """Begin an article with its first revision, a draft. Nothing public changes.

    Raises NotAllowed and rich_text.BadBody.
    """
    steps.check(actor, Verb.SAVE, None)
    article = Article.objects.create(created_by=actor, source_id=source_id)
    write_placement(article, placement)
    return _add_revision(actor, article, text.cleaned())


@transaction.atomic
def save_revision(
    *,
    actor: User | None,
    article: Article,
    text: Text,
    base: int,
    placement: Placement | None = None,
    placement_base: str | None = None,
) -> Revision:
    """Save `text` as a new draft over revision number `base`, and the placement with it.

    An unchanged text adds no revision, so an approval survives a save of nothing. What was open
    before becomes superseded; what is public or scheduled stays as it is. Nothing public changes.
    `placement_base` is the mark of the placement the writer saw; one he left as it was overwrites
    nothing. Raises Conflict when somebody saved after `base`, or moved the article after
    `placement_base`, NotAllowed (also for a changed placement of an article that is or was
    scheduled or public) and rich_text.BadBody.
    """
    article = steps.locked(article)
    steps.check(actor, Verb.SAVE, article)
    check_base(article, base)
    if placement:
        place_draft(actor, article, placement, placement_base)
    text = text.cleaned()
    if _content(article.newest_revision) == _content_of(text):
        return article.newest_revision
    return _add_revision(actor, article, text)


def check_base(article: Article, base: int) -> None:
    """Raise Conflict, which says who was faster, unless version `base` is the newest."""
    newest = article.newest_revision
    if newest.number == base:
        return
    if newest.number < base:  # An older text was published again meanwhile.
        raise steps.conflict(article, Verb.PUBLISH, Verb.SCHEDULE)
    message = _("%(who)s saved version %(newest)s at %(time)s while you were editing %(base)s.") % {
        "who": newest.saved_by or _("The system"),
        "newest": newest.number,
        "time": events.clock(newest.saved_at),
        "base": base,
    }
    raise Conflict(message, events.latest(article, Verb.SAVE))


def _add_revision(actor: User | None, article: Article, text: Text) -> Revision:
    before = article.newest_revision
    revision = Revision.objects.create(
        article=article,
        number=_next_number(article),
        body=text.body,
        photo=text.photo,
        saved_by=actor,
        saved_at=timezone.now(),
        **_lines(text),
    )
    _add_byline(revision, text.byline)
    _add_photos(revision)
    _make_newest(article, before, revision)
    indexing.index([article.pk])
    events.record(
        actor=actor,
        verb=Verb.SAVE,
        obj=article,
        to_state=State.DRAFT,
        data={"revision": revision.number},
    )
    return revision


def _add_byline(revision: Revision, byline: tuple[Credit, ...]) -> None:
    Byline.objects.bulk_create(
        Byline(
            revision=revision,
            article=revision.article,
            author=credit.author,
            name=credit.author.name,
            part=credit.part,
            position=position,
        )
        for position, credit in enumerate(byline, start=1)
    )


def _add_photos(revision: Revision) -> None:
    """Keep the words under each photo as they are now: later ones belong to later texts."""
    RevisionPhoto.objects.bulk_create(
        RevisionPhoto(
            revision=revision,
            photo=photo,
            alt=photo.alt,
            caption=photo.caption,
            credit=photo.credit,
        )
        for photo in Photo.objects.in_bulk(rich_text.photo_ids(revision.body)).values()
    )


def _next_number(article: Article) -> int:
    return (article.revisions.aggregate(last=Max("number"))["last"] or 0) + 1


def _make_newest(article: Article, before: Revision | None, revision: Revision) -> None:
    rows = Article.objects.filter(pk=article.pk, newest_revision=before)
    if not rows.update(newest_revision=revision):
        raise steps.conflict(article, Verb.SAVE)
    article.newest_revision = revision
    steps.retire(article)


def _content(revision: Revision) -> tuple:
    """Return all a reader would see of a revision, to compare."""
    byline = tuple(revision.byline.order_by("position").values_list("author", "part"))
    photos = set(revision.body_photos.values_list("photo", "alt", "caption", "credit"))
    return (_lines(revision), revision.body, revision.photo_id, byline, photos)


def _content_of(text: Text) -> tuple:
    byline = tuple((credit.author.pk, str(credit.part)) for credit in text.byline)
    found = Photo.objects.filter(pk__in=rich_text.photo_ids(text.body))
    photos = set(found.values_list("pk", "alt", "caption", "credit"))
    return (_lines(text), text.body, text.photo and text.photo.pk, byline, photos)
