"""Publishing: which revision readers see from which second on."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import events, stamps, vietnamese
from newsroom.models import User
from newsroom.refusals import NotReady

from ..models import Article, Publication, Revision
from ..permissions import Verb
from ..search import indexing
from . import steps
from .placing import MAX_SLUG_CHARS, date_names, write_first_public_at
from .readiness import problems


@dataclass(frozen=True)
class Backdate:
    """A start in the past, for import and demo alone: no form reaches it."""

    starts_at: dt.datetime
    precision: str = vietnamese.TIME


@transaction.atomic
def publish(
    *,
    actor: User | None,
    revision: Revision,
    at: dt.datetime | None = None,
    backdate: Backdate | None = None,
) -> Publication:
    """Show `revision` to readers from now on, or from the moment `at`.

    Whatever is public ends at that moment, a waiting schedule is cancelled, an unapproved revision
    counts as signed by the actor. Sets the address and the date of a first publication. Bumps the
    stamps of the article and of every list it stands in. Raises NotReady (also for a moment that
    has passed), Conflict (public or replaced by now), NotAllowed.
    """
    verb = Verb.SCHEDULE if at else Verb.PUBLISH
    article = steps.begin(actor, verb, revision)
    now = timezone.now()
    if not backdate:
        _check_ready(article, revision, at, now)
    before = revision.state
    steps.move(revision, steps.OPEN, Revision.State.APPROVED)
    begins = backdate or Backdate(at or now)
    replaced = _make_room(article, revision, begins.starts_at, now)
    publication = _show(actor, article, revision, begins)
    indexing.index([article.pk])
    _record(actor, verb, article, before, publication)
    stamps.bump(steps.keys_of(article, [revision, *replaced]))
    return publication


@transaction.atomic
def unschedule(*, actor: User | None, article: Article) -> Publication:
    """Cancel the waiting schedule; what it would have replaced stays public.

    Bumps the stamps of the article and its lists. Raises Conflict when nothing waits any more,
    NotAllowed.
    """
    article = steps.locked(article)
    steps.check(actor, Verb.UNSCHEDULE, article)
    cancelled = _cancel_waiting(article, timezone.now())
    if not cancelled:
        raise steps.conflict(article, Verb.UNSCHEDULE, Verb.PUBLISH, Verb.SCHEDULE)
    _set_first_public_at(article)
    current = article.publications.public(timezone.now()).select_related("revision").first()
    if current:
        _go_on_from(article, current.revision)
    steps.retire(article)
    indexing.index([article.pk])
    _record(actor, Verb.UNSCHEDULE, article, "scheduled", cancelled[0])
    stamps.bump(steps.keys_of(article, (publication.revision for publication in cancelled)))
    return cancelled[0]


@transaction.atomic
def withdraw(*, actor: User | None, article: Article, reason: str) -> Publication:
    """Take the article off the site now; its address answers 410 from here on.

    A waiting schedule is cancelled with it. Bumps the stamps of the article and its lists. Raises
    NotReady without a reason, Conflict when readers do not see the article, NotAllowed.
    """
    reason = steps.given_reason(reason, _("Say why: the log and the writer need it."))
    article = steps.locked(article)
    steps.check(actor, Verb.WITHDRAW, article)
    now = timezone.now()
    cancelled = _cancel_waiting(article, now)
    ended = _end_current(article, now, now)
    if ended is None:
        raise steps.conflict(
            article, Verb.WITHDRAW, otherwise=_("Readers do not see this article.")
        )
    date_names(article)
    steps.retire(article)
    indexing.index([article.pk])
    _record(actor, Verb.WITHDRAW, article, "published", ended, reason)
    shown = [ended.revision, *(waiting.revision for waiting in cancelled)]
    stamps.bump(steps.keys_of(article, shown))
    return ended


def _check_ready(
    article: Article, revision: Revision, at: dt.datetime | None, now: dt.datetime
) -> None:
    """Raise NotReady for a text that lacks something, and for a moment that has passed."""
    if missing := problems(article, revision):
        raise NotReady(missing)
    if at is not None and at <= now:
        message = _("%(chosen)s has passed. Choose a time after %(now)s.")
        raise NotReady(
            {"publish_at": message % {"chosen": events.clock(at), "now": events.clock(now)}}
        )


def _make_room(
    article: Article, revision: Revision, starts_at: dt.datetime, now: dt.datetime
) -> list[Revision]:
    """Cancel what waits and end what is public at `starts_at`; return the revisions replaced."""
    if article.first_public_at is None:
        return []  # Nothing waits, nothing was ever public.
    cancelled = _cancel_waiting(article, now)
    ended = _end_current(article, starts_at, now)
    if ended and ended.revision_id == revision.pk and not cancelled:
        raise steps.conflict(article, Verb.PUBLISH, Verb.SCHEDULE)
    return [publication.revision for publication in [*cancelled, *([ended] if ended else [])]]


def _cancel_waiting(article: Article, now: dt.datetime) -> list[Publication]:
    """End waiting schedules where they start and reopen what they would have ended."""
    waiting = list(article.publications.waiting(now).select_related("revision"))
    for publication in waiting:
        rows = article.publications.filter(pk=publication.pk, starts_at__gt=now)
        rows.update(ends_at=F("starts_at"))
        shortened = article.publications.in_force().filter(ends_at=publication.starts_at)
        shortened.update(ends_at=None)
    return waiting


def _end_current(article: Article, ends_at: dt.datetime, now: dt.datetime) -> Publication | None:
    """End what readers see at `now` at the moment `ends_at`; return it."""
    current = article.publications.public(now).select_related("revision").first()
    if current:
        Publication.objects.filter(pk=current.pk).update(ends_at=ends_at)
        current.ends_at = ends_at
    return current


def _show(
    actor: User | None, article: Article, revision: Revision, begins: Backdate
) -> Publication:
    """Write the publication and what the article keeps of it."""
    publication = Publication.objects.create(
        article=article,
        revision=revision,
        starts_at=begins.starts_at,
        date_precision=begins.precision,
        signed_by=actor,
    )
    _settle(article, publication)
    return publication


def _settle(article: Article, publication: Publication) -> None:
    """Give the article its address and its date, and lay aside what lies idle now."""
    if not article.slug:
        article.slug = vietnamese.slug(publication.revision.headline, MAX_SLUG_CHARS)
        article.save(update_fields=["slug"])
    if article.first_public_at is None:
        write_first_public_at(article, publication.starts_at, publication.date_precision)
    else:
        _set_first_public_at(article)
        _go_on_from(article, publication.revision)
        steps.retire(article)


def _go_on_from(article: Article, revision: Revision) -> None:
    """Make an old text that is published again the one to be worked on, unless another is open."""
    newest = article.newest_revision
    if newest.pk != revision.pk and newest.publications.in_force().exists():
        article.newest_revision = revision
        article.save(update_fields=["newest_revision"])


def _set_first_public_at(article: Article) -> None:
    first = article.publications.in_force().order_by("starts_at").first()
    write_first_public_at(
        article,
        first.starts_at if first else None,
        first.date_precision if first else vietnamese.TIME,
    )


def _record(
    actor: User | None,
    verb: str,
    article: Article,
    before: str,
    publication: Publication,
    reason: str = "",
) -> None:
    events.record(
        actor=actor,
        verb=verb,
        obj=article,
        from_state=before,
        to_state={Verb.WITHDRAW: "withdrawn", Verb.UNSCHEDULE: "approved"}.get(verb, "published"),
        reason=reason,
        data={
            "revision": publication.revision.number,
            "starts_at": publication.starts_at.isoformat(),
        },
    )
