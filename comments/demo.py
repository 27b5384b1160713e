"""The comments of the demo newsroom, each decided as the plan says."""

import datetime as dt
from typing import Any

from articles.demo.plan import span
from articles.models import Article
from newsroom.models import User

from . import moderation
from .models import Comment

LATEST = dt.timedelta(minutes=1)


def load(
    rows: list[dict[str, Any]], articles: dict[str, Article], moderator: User, now: dt.datetime
) -> None:
    """Send in every comment, as long after its article as the plan says, and decide it."""
    timed = [(_sent(row, articles, now), row) for row in rows]
    for at, row in sorted(timed, key=lambda pair: pair[0]):
        comment = moderation.submit(
            article=articles[row["article"]],
            name=row["name"],
            email=row.get("email", ""),
            text=row["text"],
            at=at,
        )
        _decide(comment, row, moderator)


def _sent(row: dict[str, Any], articles: dict[str, Article], now: dt.datetime) -> dt.datetime:
    """Return when a reader wrote it: never before the article, never later than just now."""
    article = Article.objects.get(pk=articles[row["article"]].pk)
    return min(article.first_public_at + span(row["after"]), now - LATEST)


def _decide(comment: Comment, row: dict[str, Any], moderator: User) -> None:
    said = {"actor": moderator, "comment": comment}
    match row["state"]:
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
