"""Hiding words of a comment: the desk leaves out, it never writes into a reader's text."""

import re
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady

from ..models import Comment
from .changing import State, change, conflict, may_change, searchable

MASK = "[…]"  # stands for one word or several in a row
REDACTABLE = (State.PENDING, State.HELD, State.APPROVED)
_WORD = re.compile(r"\S+")
_MASKS = re.compile(rf"{re.escape(MASK)}(?:[^\S\n]+{re.escape(MASK)})+")


def sent_text(comment: Comment) -> str:
    """Return the text as the reader sent it, whatever was hidden since."""
    return comment.original_text or comment.text


def words_of(text: str) -> list[tuple[int, int]]:
    """Return where each word of the text begins and ends: what can be hidden."""
    return [match.span() for match in _WORD.finditer(text)]


def masked(text: str, hidden: Collection[int]) -> str:
    """Return the text with the words of these numbers hidden, neighbours on a line as one."""
    numbers = iter(range(len(text)))
    hide = _WORD.sub(lambda word: MASK if next(numbers) in hidden else word[0], text)
    return _MASKS.sub(MASK, hide)


def hides_only(original: str, text: str) -> bool:
    """Whether `text` is the original with words hidden behind the mask, and nothing else."""
    parts = [part.split() for part in text.split(MASK)]
    words = original.split()
    if len(parts) == 1:
        return parts[0] == words
    head, *middle, tail = parts
    if words[: len(head)] != head or len(head) + len(tail) >= len(words):
        return False
    if tail and words[-len(tail) :] != tail:
        return False
    return _in_order(middle, words[len(head) : len(words) - len(tail)])


def _in_order(parts: list[list[str]], words: list[str]) -> bool:
    """Whether the parts stand among the words in this order, each behind a hidden word."""
    at = 1
    for part in parts:
        while words[at : at + len(part)] != part:
            at += 1
            if at + len(part) > len(words):
                return False
        at += len(part) + 1
    return at <= len(words)


@transaction.atomic
def redact(
    *, actor: User | None, comment: Comment, text: str, approve: bool, batch: str = ""
) -> Comment:
    """Show readers the text with words hidden; it is marked as edited by the newsroom.

    `text` is what was sent with `MASK` for words, nothing else changed: what was sent is kept.
    With `approve` a waiting comment is published with it. Bumps the article's comments where
    readers see a difference. Raises NotReady for any other text, Conflict, NotAllowed.
    """
    may_change(actor, comment)
    if comment.state not in REDACTABLE:
        raise conflict(comment)
    original = sent_text(comment)
    if MASK not in text or not hides_only(original, text):
        raise NotReady({"text": _("Choose the words to hide; nothing else can be changed.")})
    values = {"original_text": original, "redacted_at": timezone.now()} | searchable(comment, text)
    if approve and comment.state != State.APPROVED:
        values |= _approved(actor)
    return change(actor, "redact", comment, values, batch=batch)


def _approved(actor: User | None) -> dict[str, object]:
    if actor is None:
        raise NotAllowed(_("A comment is approved by a person."))
    return {
        "state": State.APPROVED,
        "decided_at": timezone.now(),
        "decided_by": actor,
        "assigned_to": None,
        "claimed_by": None,
        "claimed_until": None,
    }


@transaction.atomic
def see_address(*, actor: User, comment: Comment) -> str:
    """Return the e-mail of who wrote the comment; the log keeps who looked, not what he saw.

    Raises NotAllowed.
    """
    may_change(actor, comment)
    data = {"article": comment.article_id}
    events.record(actor=actor, verb="see_address", obj=comment, data=data)
    return comment.email
