"""What an article page shows of its comments. Both tags together cost one query."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment
from newsroom import vietnamese
from newsroom.models import SiteSettings

register = template.Library()


@dataclass(frozen=True)
class Shown:
    """One approved comment as readers see it."""

    pk: int
    name: str
    text: str
    iso: str
    time: str


@register.simple_tag
def article_comment_count(article: Article) -> int:
    """Return how many comments readers see under the article."""
    return len(_approved(article))


@register.inclusion_tag("comments/_comments.html", takes_context=True)
def article_comments(context: Context, article: Article) -> dict[str, Any]:
    """Show the approved comments, oldest first, and the way to the form or why there is none."""
    page = context.get("page")
    site = page.site if page else SiteSettings.load()
    return {
        "article_id": article.pk,
        "comments": [_shown(comment) for comment in _approved(article)],
        "open": moderation.accepts_comments(article, site),
    }


def _approved(article: Article) -> list[Comment]:
    """Return what readers see, asked of the database once for each instance of an article."""
    if not hasattr(article, "_approved_comments"):
        rows = Comment.objects.public().filter(article=article).oldest_first()
        rows = rows.defer("search_words")
        article._approved_comments = list(rows)
    return article._approved_comments


def _shown(comment: Comment) -> Shown:
    at: dt.datetime = comment.submitted_at
    return Shown(
        pk=comment.pk,
        name=comment.name,
        text=comment.text,
        iso=timezone.localtime(at).isoformat(timespec="minutes"),
        time=vietnamese.short_date(at, vietnamese.TIME),
    )
