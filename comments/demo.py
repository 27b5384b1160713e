"""The comments of the demo newsroom, each sent, decided, liked and reported as the plan says."""

import datetime as dt
from typing import Any

from articles.demo.plan import span
from articles.models import Article
from newsroom.models import User

from . import likes, moderation
from .models import Comment, Decision
from .senders import Sender, hashed

LATEST = dt.timedelta(minutes=1)
APART = dt.timedelta(seconds=40)  # one like behind the other


def load(
    rows: list[dict[str, Any]], articles: dict[str, Article], moderator: User, now: dt.datetime
) -> None:
    """Send in every comment, as long after its article as the plan says, and decide it."""
    sent: dict[str, Comment] = {}
    timed = [(_sent_at(row, articles, now), row) for row in rows]
    for at, row in sorted(timed, key=lambda pair: pair[0]):
        answered = sent[row["answers"]] if "answers" in row else None
        if "desk" in row:
            comment = moderation.answer_as_desk(
                actor=moderator, comment=answered, text=row["text"], desk=row["desk"]
            )
            Comment.objects.filter(pk=comment.pk).update(submitted_at=at, queued_at=at)
        else:
            comment = _submit(row, articles[row["article"]], answered, at)
            _decide(comment, row, moderator)
            _backdate(comment, at, now)
        _react(comment, row, at)
        if "key" in row:
            sent[row["key"]] = comment


def _sent_at(row: dict[str, Any], articles: dict[str, Article], now: dt.datetime) -> dt.datetime:
    """Return when a reader wrote it: never before the article, never later than just now."""
    article = Article.objects.get(pk=articles[row["article"]].pk)
    return min(article.first_public_at + span(row["after"]), now - LATEST)


def _submit(
    row: dict[str, Any], article: Article, answered: Comment | None, at: dt.datetime
) -> Comment:
    return moderation.submit(
        article=article,
        answered=answered,
        sender=_sender(row.get("sender", row["name"])),
        confirmed=row["state"] != "unconfirmed",
        name=row["name"],
        email=row.get("email", ""),
        text=row["text"],
        at=at,
    )


def _sender(name: str) -> Sender:
    return Sender(hashed("address", f"demo {name}"), hashed("network", f"demo {name}"))


def _decide(comment: Comment, row: dict[str, Any], moderator: User) -> None:
    said = {"actor": moderator, "comment": comment}
    match row["state"]:
        case "approved" if "hide" in row:
            hidden = {n for n, word in enumerate(row["text"].split()) if word in row["hide"]}
            text = moderation.masked(row["text"], hidden)
            moderation.redact(**said, text=text, approve=True)
        case "approved":
            moderation.approve(**said)
        case "rejected":
            moderation.reject(**said, reason=row["reason"])
        case "spam":
            moderation.mark_spam(**said)
        case "held":
            moderation.hold(**said, note=row["note"])
        case "removed":
            moderation.approve(**said)
            moderation.remove(**said, reason=row["reason"])
        case "withdrawn":
            moderation.withdraw(comment=comment)
        case "purged":
            moderation.reject(**said, reason=row["reason"])
            moderation.purge(comment=comment)


def _backdate(comment: Comment, at: dt.datetime, now: dt.datetime) -> None:
    """Have it decided some minutes after it came, not when the demo was loaded."""
    waited = min(dt.timedelta(minutes=4 + comment.pk * 7 % 50), now - at)
    Decision.objects.filter(comment=comment).update(at=at + waited, waited=waited)
    decided = Comment.objects.filter(pk=comment.pk, decided_at__isnull=False)
    decided.update(decided_at=at + waited)


def _react(comment: Comment, row: dict[str, Any], at: dt.datetime) -> None:
    """Like, choose and report it as the plan says."""
    for number in range(row.get("likes", 0)):
        likes.give(
            comment_id=comment.pk,
            device=f"demo-{number}",
            prefix=f"demo-{number}",
            at=at + number * APART,
        )
    if row.get("picked"):
        moderation.pick(actor=None, comment=comment)
    if reason := row.get("report"):
        moderation.report(comment=comment, reason=reason, sender=_sender("report"))
