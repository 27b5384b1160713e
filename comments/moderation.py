"""The verbs on a comment: the only code that changes its state.

Each function takes the actor, checks the right, changes by a conditional UPDATE, writes an event
and, where readers see a difference, bumps the stamp of the article's comments; all in one
transaction. Each raises a `newsroom.refusals.Refused` when it does not. `comment.state` is what
the actor saw: if that is not so any more, somebody was faster. Nothing a reader typed, and no
note about a reader, ever reaches the log.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.permissions import Verb, can
from newsroom import events, stamps, vietnamese
from newsroom.models import SiteSettings, User
from newsroom.refusals import Conflict, NotAllowed, NotReady, Refused

from .models import MAX_NOTE, Comment

State = Comment.State
Reason = Comment.Reason

# What each verb starts from and leads to.
WAITING = (State.PENDING, State.HELD)
DECIDED = (State.HELD, State.APPROVED, State.REJECTED, State.SPAM, State.REMOVED)
TRANSITIONS = {
    "approve": (WAITING, State.APPROVED),
    "reject": (WAITING, State.REJECTED),
    "mark_spam": (WAITING, State.SPAM),
    "hold": ((State.PENDING,), State.HELD),
    "remove": ((State.APPROVED,), State.REMOVED),
    "reopen": (DECIDED, State.PENDING),
}
# What each verb is told beside the comment; what is not here needs nothing.
WHY = {"reject": ("reason", "note"), "remove": ("reason", "note"), "hold": ("note",)}


class Closed(Refused):
    """Nobody can comment on this article now."""

    def __init__(self):
        super().__init__(_("Comments on this article are closed."))


def accepts_comments(article: Article, site: SiteSettings) -> bool:
    """Whether readers may comment on an article they see."""
    return article.comments_open and site.comments_open


def available(comment: Comment) -> list[str]:
    """Return the verbs that lead on from the comment's state: what a desk shows as buttons."""
    return [verb for verb, (sources, _target) in TRANSITIONS.items() if comment.state in sources]


@transaction.atomic
def submit(
    *, article: Article, name: str, text: str, email: str = "", at: dt.datetime | None = None
) -> Comment:
    """Take in what a reader wrote; it waits for a moderator. Nothing public changes.

    `at` is a moment in the past, for the demo alone: no form reaches it. Raises Closed (also for
    an article readers do not see) and NotReady (what the form would have refused).
    """
    now = timezone.now()
    rows = Article.objects.public(now).filter(pk=article.pk, comments_open=True)
    if not (SiteSettings.load().comments_open and rows.exists()):
        raise Closed()
    comment = Comment(article=article, name=name, text=text, email=email, submitted_at=at or now)
    _check_fields(comment)
    comment.save(force_insert=True)
    _record(None, "send", comment, "", at or now)
    return comment


@transaction.atomic
def approve(*, actor: User, comment: Comment) -> Comment:
    """Show a pending or held comment to readers. Bumps the article's comments.

    Only a person can: somebody answers for what stands there. Raises Conflict, NotAllowed.
    """
    if actor is None:
        raise NotAllowed(_("A comment is approved by a person."))
    return _decide(actor, "approve", comment)


@transaction.atomic
def reject(*, actor: User | None, comment: Comment, reason: str, note: str = "") -> Comment:
    """Keep a pending or held comment from readers. Nothing public changes.

    `reason` is a code of `Comment.Reason`; "other" needs the note. Raises NotReady without a
    reason, Conflict, NotAllowed.
    """
    return _decide(actor, "reject", comment, _checked_reason(reason, note))


@transaction.atomic
def mark_spam(*, actor: User | None, comment: Comment) -> Comment:
    """Put a pending or held comment to the spam. Nothing public changes.

    Raises Conflict, NotAllowed.
    """
    return _decide(actor, "mark_spam", comment)


@transaction.atomic
def hold(*, actor: User | None, comment: Comment, note: str = "") -> Comment:
    """Leave a pending comment to somebody senior. Nothing public changes.

    Raises NotReady for a note that is too long, Conflict, NotAllowed.
    """
    return _decide(actor, "hold", comment, {"reason_note": _checked_note(note)})


@transaction.atomic
def remove(*, actor: User | None, comment: Comment, reason: str, note: str = "") -> Comment:
    """Take an approved comment away from readers. Bumps the article's comments.

    `reason` and what is raised are as in `reject`.
    """
    return _decide(actor, "remove", comment, _checked_reason(reason, note))


@transaction.atomic
def reopen(*, actor: User | None, comment: Comment) -> Comment:
    """Undo a decision: the comment is pending again; the log keeps what was decided.

    Bumps the article's comments if readers saw it. Raises Conflict, NotAllowed.
    """
    return _decide(actor, "reopen", comment)


_VERBS = {verb.__name__: verb for verb in (approve, reject, mark_spam, hold, remove, reopen)}


@dataclass(frozen=True)
class Outcome:
    """What became of one comment among many; no refusal means that it was done."""

    comment: Comment
    refusal: Refused | None = None


@dataclass(frozen=True)
class Outcomes:
    """What became of many comments, in the order they were given."""

    rows: tuple[Outcome, ...]

    @property
    def done(self) -> list[Comment]:
        """Those that were changed."""
        return [row.comment for row in self.rows if row.refusal is None]

    @property
    def conflicts(self) -> list[Outcome]:
        """Those somebody had decided before; each refusal says who and when."""
        return [row for row in self.rows if isinstance(row.refusal, Conflict)]

    @property
    def not_allowed(self) -> list[Outcome]:
        """Those the actor has no right to."""
        return [row for row in self.rows if isinstance(row.refusal, NotAllowed)]


def decide_many(
    *, actor: User | None, comments: Iterable[Comment], verb: str, **arguments: Any
) -> Outcomes:
    """Carry out one verb (a key of TRANSITIONS) on each comment, each in its own transaction.

    `arguments` are the verb's own: reason, note. Raises NotReady before anything is changed;
    conflicts and missing rights are told by row and stop nothing.
    """
    return Outcomes(
        tuple(_outcome(comment, verb, actor=actor, **arguments) for comment in comments)
    )


def _outcome(comment: Comment, verb: str, **arguments: Any) -> Outcome:
    try:
        _VERBS[verb](comment=comment, **arguments)
    except (Conflict, NotAllowed) as refusal:
        return Outcome(comment, refusal)
    return Outcome(comment)


def _decide(
    actor: User | None, verb: str, comment: Comment, why: dict[str, str] | None = None
) -> Comment:
    """Move the comment if it is where the actor saw it, and do all that follows."""
    if not can(actor, Verb.MODERATE, comment.article):
        raise NotAllowed()
    before, now = comment.state, timezone.now()
    sources, target = TRANSITIONS[verb]
    seen = Comment.objects.filter(pk=comment.pk, state=before)
    values = _values(actor, target, now, why or {})
    if before not in sources or not seen.update(**values):
        raise _conflict(comment)
    for name, value in values.items():
        setattr(comment, name, value)
    _record(actor, verb, comment, before, now)
    if State.APPROVED in (before, target):
        stamps.bump({stamps.comments(comment.article_id)})
    return comment


def _values(
    actor: User | None, target: str, now: dt.datetime, why: dict[str, str]
) -> dict[str, Any]:
    decided = target != State.PENDING
    return {
        "state": target,
        "decided_at": now if decided else None,
        "decided_by": actor if decided else None,
        "reason": "",
        "reason_note": "",
    } | why


def _conflict(comment: Comment) -> Conflict:
    """Return the refusal that names the newest decision, where there was one."""
    event = events.latest(comment, *TRANSITIONS)
    otherwise = _("This cannot be done with the comment as it stands now.")
    return Conflict(events.sentence(event) if event else otherwise, event)


def _checked_reason(reason: str, note: str) -> dict[str, str]:
    """Return the columns that say why; raises NotReady for a reason that says nothing."""
    if reason not in Reason:
        raise NotReady({"reason": _("Choose a reason.")})
    note = _checked_note(note)
    if reason == Reason.OTHER and not vietnamese.has_text(note):
        raise NotReady({"note": _("Say what the other reason is.")})
    return {"reason": reason, "reason_note": note}


def _checked_note(note: str) -> str:
    note = vietnamese.clean(note, multiline=True)
    if len(note) > MAX_NOTE:
        raise NotReady(
            {"note": _("The note is longer than %(max)s characters.") % {"max": MAX_NOTE}}
        )
    return note


def _check_fields(comment: Comment) -> None:
    try:
        comment.clean_fields(exclude={"article", "decided_by"})
    except ValidationError as error:
        problems = {name: " ".join(said) for name, said in error.message_dict.items()}
        raise NotReady(problems) from error


def _record(actor: User | None, verb: str, comment: Comment, before: str, at: dt.datetime) -> None:
    """Log by number and code alone: the log is never purged."""
    data = {"article": comment.article_id}
    events.record(
        actor=actor,
        verb=verb,
        obj=comment,
        from_state=before,
        to_state=comment.state,
        reason=comment.get_reason_display(),
        data=data | ({"reason": comment.reason} if comment.reason else {}),
        at=at,
    )
