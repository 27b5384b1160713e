"""The verbs on what the newsroom watches for: words, and senders blocked for a while."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from newsroom import events, stamps
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady
from newsroom.roles import Role

from . import spam
from .models import BlockedSender, Comment, WatchedWord
from .moderation.changing import may_change

KEEPERS = frozenset({Role.MODERATOR, Role.SECRETARY, Role.ADMINISTRATOR})
BLOCKERS = frozenset({Role.MODERATOR, Role.SECRETARY})
NO_WORD = _lazy("There is no word in it.")
MAX_DAYS = 90  # hashes of addresses are kept no longer either


def phrase_of(typed: str) -> str:
    """Return a phrase as the list holds it: case counts for nothing there."""
    return typed.lower()


@transaction.atomic
def save_word(*, actor: User | None, word: WatchedWord) -> WatchedWord:
    """Save an entry of the word list; every weighing from now on uses it. Writes an event.

    Comments that wait keep the score they have. Raises NotAllowed, and NotReady for a phrase
    without a word or one that is listed already.
    """
    if not _holds(actor, KEEPERS):
        raise NotAllowed()
    word.phrase = phrase_of(word.phrase)
    if not spam.has_words(word.phrase):
        raise NotReady({"phrase": str(NO_WORD)})
    is_new = word.pk is None
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as taken:
        raise NotReady({"phrase": _("This phrase is on the list already.")}) from taken
    stamps.bump({spam.WORDS})
    data = {"points": word.points, "harmless": word.is_allowed, "in_use": word.is_active}
    events.record(actor=actor, verb="add" if is_new else "change", obj=word, data=data)
    return word


@transaction.atomic
def block_sender(
    *, actor: User | None, comment: Comment, kind: str, days: int, note: str = ""
) -> BlockedSender:
    """Let what comes from a comment's sender be suspect for some days; nothing is refused.

    `kind` says by what he is known (BlockedSender.Kind). Blocking again sets a new end. Writes an
    event that names the comment, never the sender. Raises NotAllowed, and NotReady where the
    comment does not hold that or the days are not 1 to MAX_DAYS.
    """
    may_change(actor, comment)
    value = spam.sender_hashes(comment).get(kind)
    if not value:
        raise NotReady({"kind": _("This is not known of the comment, or not any more.")})
    if not 1 <= days <= MAX_DAYS:
        raise NotReady({"days": _("From 1 to %(days)s days.") % {"days": MAX_DAYS}})
    until = timezone.now() + dt.timedelta(days=days)
    sender, _new = BlockedSender.objects.update_or_create(
        kind=kind, value_hash=value, defaults={"until": until, "note": note, "comment": comment}
    )
    data = {"comment": comment.pk, "days": days}
    events.record(actor=actor, verb="block", obj=sender, data=data)
    _sweep()
    return sender


@transaction.atomic
def unblock(*, actor: User | None, sender: BlockedSender) -> None:
    """End a block now and forget the sender. Writes an event. Raises NotAllowed."""
    if not _holds(actor, BLOCKERS):
        raise NotAllowed()
    events.record(actor=actor, verb="unblock", obj=sender, data={"comment": sender.comment_id})
    sender.delete()


def _holds(actor: User | None, roles: frozenset[str]) -> bool:
    return actor is None or bool(actor.roles & roles)


def _sweep() -> None:
    """Forget senders whose block ended long ago: nothing of them is kept for ever."""
    BlockedSender.objects.filter(until__lt=timezone.now() - dt.timedelta(days=MAX_DAYS)).delete()
