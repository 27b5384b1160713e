"""How a comment comes in."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from newsroom import vietnamese
from newsroom.models import SiteSettings
from newsroom.refusals import NotReady, Refused

from .. import closing, notices, spam
from ..models import Comment
from ..senders import Sender
from .changing import State, record

TYPED = {"name", "email", "text"}
NOT_TYPED = {field.name for field in Comment._meta.fields} - TYPED


class Closed(Refused):
    """Nobody can comment on this article now."""

    def __init__(self, message: str = ""):
        super().__init__(message or _("Comments on this article are closed."))


@transaction.atomic
def submit(
    *,
    article: Article,
    answered: Comment | None = None,
    sender: Sender | None = None,
    confirmed: bool = True,
    circumstances: spam.Circumstances | None = None,
    at: dt.datetime | None = None,
    **typed: Any,
) -> Comment:
    """Take in what a reader wrote; it waits for a moderator. Nothing public changes.

    `typed` are columns: name, text, email, wants_notices, nonce, consent. `answered` is the
    comment it answers: it joins that one's thread. Not `confirmed`, it waits for the reader's
    mailed link first. The letter with it goes to the outbox here, as does the one that asks who
    wants notices whether the address is his. `circumstances` are what the form noticed. `at` is a
    moment in the past, for the demo alone: no form reaches it. Raises Closed (also for an article
    readers do not see), NotReady (what the form would have refused), and limits.TooMany where the
    letter it would wait for cannot be written.
    """
    now = timezone.now()
    seen = Article.objects.public(now).select_related("section").filter(pk=article.pk).first()
    if seen is None:
        raise Closed()
    if sentence := closing.reason(seen, SiteSettings.load(), now):
        raise Closed(sentence)
    comment = Comment(
        article=article,
        thread=_thread(article, answered),
        answered=answered,
        state=State.PENDING if confirmed else State.UNCONFIRMED,
        submitted_at=at or now,
        queued_at=at or now,
        **asdict(sender or Sender()),
        **typed,
    )
    comment.email = comment.email.lower()  # one person, however he writes his address
    check_fields(comment)
    spam.judge(comment, circumstances or spam.Circumstances())
    comment.save(force_insert=True)
    spam.remember(comment)
    record(None, "send", comment, "", at or now)
    notices.received(comment)
    return comment


def _thread(article: Article, answered: Comment | None) -> Comment | None:
    """Return the comment a reply stands under; raises NotReady where nobody can answer."""
    if answered is None:
        return None
    if answered.article_id != article.pk or answered.state != State.APPROVED:
        raise NotReady({"answered": _("The comment you answer is not there any more.")})
    return answered.thread or answered


def check_fields(comment: Comment) -> None:
    """Raise NotReady with what the form would have said about the texts."""
    try:
        comment.clean_fields(exclude=NOT_TYPED)
    except ValidationError as error:
        problems = {name: " ".join(said) for name, said in error.message_dict.items()}
        raise NotReady(problems) from error
    blank = [name for name in ("name", "text") if not vietnamese.has_text(getattr(comment, name))]
    if blank:
        raise NotReady({name: _("Nothing can be read here.") for name in blank})
