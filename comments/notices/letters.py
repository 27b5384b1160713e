"""What letters say: plain text, in the words of templates/comments/letters/.

A letter to an address nobody has confirmed holds nothing that a stranger typed: the form cannot be
used to send words of one's own to others.
"""

from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _lazy

from newsroom.models import SiteSettings

from .. import tickets
from ..models import Comment, Notice
from . import links
from .outbox import TOLD
from .subscriptions import subscribed

Kind, State = Notice.Kind, Comment.State
SUBJECTS = {
    Kind.CONFIRM: _lazy("Confirm your comment"),
    Kind.SUBSCRIBE: _lazy("Confirm that you want our letters"),
    Kind.REPLIES: _lazy("Your comment has been answered"),
    Kind.OWN_DATA: _lazy("Your comments on our site"),
}
DECIDED = {
    State.APPROVED: _lazy("Your comment has been published"),
    State.REJECTED: _lazy("Your comment was not published"),
    State.REMOVED: _lazy("Your comment has been removed"),
}
GONE = (State.WITHDRAWN, State.PURGED)
EXCERPT = 500


def compose(notices: list[Notice]) -> EmailMessage | None:
    """Return the letter for one row of the outbox, or for the replies of one comment.

    None where it need not be said any more. Reads the database, sends nothing.
    """
    kind = notices[0].kind
    comment = Comment.objects.with_articles(timezone.now()).get(pk=notices[0].comment_id)
    said = _said(kind, comment, notices)
    if said is None:
        return None
    subject = DECIDED[comment.state] if kind == Kind.DECIDED else SUBJECTS[kind]
    site = SiteSettings.load()
    stop = links.url_of(links.UNSUBSCRIBE, comment)
    shown = {"comment": comment, "site": site, "site_url": settings.SITE_URL, "stop": stop} | said
    return EmailMessage(
        subject=str(subject),
        body=_text(kind, shown),
        from_email=sender(site),
        to=[comment.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def sender(site: SiteSettings) -> str:
    """Return whom letters come from: DEFAULT_FROM_EMAIL, under the site's name if it has none."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or _one_line(site.name), address))


def _said(kind: str, comment: Comment, notices: list[Notice]) -> dict[str, Any] | None:
    """Return what a kind of letter says beside the comment; None for nothing."""
    match kind:
        case Kind.CONFIRM if comment.state == State.UNCONFIRMED:
            days = settings.KEEP_COMMENTS_DAYS[State.UNCONFIRMED]
            return {"link": links.url_of(links.CONFIRM, comment), "days": days}
        case Kind.SUBSCRIBE if _asks(comment):
            return {"link": links.url_of(links.SUBSCRIBE, comment)}
        case Kind.DECIDED if comment.state in TOLD and subscribed(comment):
            return {"link": _place(comment), "ticket": _ticket(comment)}
        case Kind.REPLIES if comment.state == State.APPROVED and subscribed(comment):
            replies = _replies(notices)
            return {"replies": replies, "link": _place(comment)} if replies else None
        case Kind.OWN_DATA:
            return {"link": links.url_of(links.ADDRESS, comment)}
    return None


def _asks(comment: Comment) -> bool:
    open_question = comment.wants_notices and not comment.email_confirmed_at
    return open_question and comment.state not in GONE


def _replies(notices: list[Notice]) -> list[dict[str, str]]:
    """Return the replies readers still see, in the order they were sent."""
    numbers = [notice.reply_id for notice in notices]
    rows = Comment.objects.public().filter(pk__in=numbers).oldest_first()
    return [
        {
            "who": reply.desk or reply.name,
            "is_desk": bool(reply.desk),
            "text": Truncator(reply.text).chars(EXCERPT),
        }
        for reply in rows
    ]


def _place(comment: Comment) -> str:
    """Return where readers see the comment."""
    return f"{settings.SITE_URL}{comment.article.get_absolute_url()}#y-kien-{comment.pk}"


def _ticket(comment: Comment) -> str:
    return settings.SITE_URL + tickets.url_of(comment)


def _text(kind: str, shown: dict[str, Any]) -> str:
    """Return the text: nothing is escaped, because nothing will read it as HTML."""
    template = get_template(f"comments/letters/{kind}.txt").template
    return template.render(Context(shown, autoescape=False)).strip() + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
