"""What the newsroom makes of a comment readers see: it chooses it, it answers it."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsroom import events
from newsroom.models import User
from newsroom.refusals import NotReady

from .. import notices
from ..models import Comment
from .changing import State, change, conflict, may_change, readers_see
from .submitting import check_fields


@transaction.atomic
def pick(*, actor: User | None, comment: Comment) -> Comment:
    """Mark a comment readers see as chosen by the newsroom: it stands before all others.

    Bumps the article's comments. Raises Conflict for one readers do not see or that is
    chosen already, NotAllowed.
    """
    _may_feature(actor, comment)
    chosen = {"picked_at": timezone.now()}
    return change(actor, "pick", comment, chosen, only=Q(picked_at=None))


@transaction.atomic
def unpick(*, actor: User | None, comment: Comment) -> Comment:
    """Take the mark away again. Bumps the article's comments.

    Raises Conflict, also where there is none, NotAllowed.
    """
    _may_feature(actor, comment)
    return change(actor, "unpick", comment, {"picked_at": None}, only=~Q(picked_at=None))


@transaction.atomic
def answer_as_desk(*, actor: User, comment: Comment, text: str, desk: str) -> Comment:
    """Answer a comment for the newsroom and return the answer, which readers see at once.

    `desk` is the name it is signed with. Who answers has approved it: it waits for nobody. The
    same answer a second time is the first one, and nothing is written.
    Counts and bumps the article's comments; who is answered and asked for notices is written to.
    What is answered keeps its version. Raises NotReady (text, desk), Conflict for a comment readers
    do not see, NotAllowed.
    """
    _may_feature(actor, comment)
    # Sent twice, the second one waits here for the first.
    rows = Comment.objects.select_for_update(no_key=True).public().filter(pk=comment.pk)
    if not rows.exists():
        raise conflict(comment, actor)
    answer = _answer(actor, comment, text, desk)
    _check(answer)
    given = Comment.objects.public().filter(answered=comment, desk=answer.desk, text=answer.text)
    if earlier := given.first():
        return earlier
    answer.save(force_insert=True)
    data = {"article": comment.article_id, "answer": answer.pk}
    events.record(actor=actor, verb="answer", obj=comment, data=data, at=answer.submitted_at)
    notices.about(answer, "")
    readers_see(answer, State.PENDING)
    return answer


def _may_feature(actor: User | None, comment: Comment) -> None:
    may_change(actor, comment)
    if comment.state != State.APPROVED:
        raise conflict(comment, actor)


def _answer(actor: User, comment: Comment, text: str, desk: str) -> Comment:
    now = timezone.now()
    return Comment(
        article=comment.article,
        thread=comment.thread or comment,
        answered=comment,
        name=desk,
        desk=desk,
        text=text,
        submitted_at=now,
        queued_at=now,
        state=State.APPROVED,
        is_shown=True,
        decided_by=actor,
        decided_at=now,
    )


def _check(answer: Comment) -> None:
    """Raise NotReady with what is wrong, under the names the desk's form has."""
    try:
        check_fields(answer)
    except NotReady as refusal:
        problems = dict(refusal.problems)
        if "name" in problems:
            problems["desk"] = problems.pop("name")
        raise NotReady(problems) from refusal
