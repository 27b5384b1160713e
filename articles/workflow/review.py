"""Review: a second pair of eyes before readers see a text."""

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.models import User
from newsroom.refusals import NotReady

from ..models import Revision
from ..permissions import Verb
from . import steps
from .readiness import problems

State = Revision.State


@transaction.atomic
def submit(*, actor: User | None, revision: Revision) -> Revision:
    """Hand a draft or returned revision to the editors. Nothing public changes.

    Raises NotReady, Conflict (submitted or replaced by now), NotAllowed.
    """
    return _review(actor, Verb.SUBMIT, revision, (State.DRAFT, State.RETURNED), State.IN_REVIEW)


@transaction.atomic
def approve(*, actor: User | None, revision: Revision) -> Revision:
    """Sign a revision in review, or a draft, as fit to publish. Nothing public changes.

    Raises NotReady, Conflict (decided or replaced by now), NotAllowed (one's own text above all).
    """
    return _review(actor, Verb.APPROVE, revision, (State.IN_REVIEW, State.DRAFT), State.APPROVED)


@transaction.atomic
def return_(*, actor: User | None, revision: Revision, reason: str) -> Revision:
    """Give a revision in review, or approved and not yet used, back to its writer, with the reason.

    Nothing public changes. Raises NotReady without a reason, Conflict (decided, replaced, public
    or scheduled by now), NotAllowed.
    """
    reason = steps.given_reason(reason, _("Say why: the writer reads it."))
    article = steps.begin(actor, Verb.RETURN, revision)
    before = revision.state
    if revision.publications.in_force().exists():
        raise steps.conflict(article, Verb.PUBLISH, Verb.SCHEDULE)
    steps.move(revision, (State.IN_REVIEW, State.APPROVED), State.RETURNED)
    _record(actor, Verb.RETURN, revision, before, reason)
    return revision


def _review(
    actor: User | None, verb: str, revision: Revision, sources: tuple[str, ...], target: str
) -> Revision:
    article = steps.begin(actor, verb, revision)
    if missing := problems(article, revision):
        raise NotReady(missing)
    before = revision.state
    steps.move(revision, sources, target)
    _record(actor, verb, revision, before)
    return revision


def _record(
    actor: User | None, verb: str, revision: Revision, before: str, reason: str = ""
) -> None:
    events.record(
        actor=actor,
        verb=verb,
        obj=revision.article,
        from_state=before,
        to_state=revision.state,
        reason=reason,
        data={"revision": revision.number},
    )
