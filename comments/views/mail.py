"""Where the links in letters lead: a page that says what its button will do.

Opening one changes nothing, because programs that look for viruses open every link. The token is
the proof, so nothing else is asked for: a mail program presses "unsubscribe" by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.views.frame import Frame, answer
from newsroom.refusals import Conflict

from .. import moderation, notices, tickets
from ..models import Comment
from ..standing import standing
from ..visits import ROBOTS, private

State = Comment.State


# What stands in the address of each kind of link.
WAYS = {
    "xac-nhan": notices.CONFIRM,
    "nhan-thu": notices.SUBSCRIBE,
    "ngung-thu": notices.UNSUBSCRIBE,
}


@dataclass(frozen=True)
class Door:
    """What one kind of link asks, does, and says afterwards."""

    title: Any
    question: Any
    button: Any
    done: Any
    do: Callable[[Comment], None]


def _confirm(comment: Comment) -> None:
    """Put the comment into the queue; it may be there already."""
    try:
        moderation.confirm(comment=comment)
    except Conflict:
        comment.refresh_from_db()


DOORS = {
    notices.CONFIRM: Door(
        _lazy("Confirm your comment"),
        _lazy("Press the button, and the newsroom gets your comment to read."),
        _lazy("Confirm the comment"),
        _lazy("Your comment has been received. It will be shown once the newsroom approves it."),
        _confirm,
    ),
    notices.SUBSCRIBE: Door(
        _lazy("Letters about your comment"),
        _lazy("We write to you what becomes of your comment and who answers it."),
        _lazy("Yes, write to me"),
        _lazy("Your address is confirmed. Each letter has a link that ends them."),
        notices.subscribe,
    ),
    notices.UNSUBSCRIBE: Door(
        _lazy("No more letters"),
        _lazy("We then write to you about none of your comments any more."),
        _lazy("Send no more letters"),
        _lazy("Done: no more letters about your comments will come."),
        notices.unsubscribe,
    ),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def door(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """Show what a link in a letter is for; do it on POST. Doing it twice changes nothing more."""
    the_door, comment = DOORS[purpose], notices.comment_of(purpose, token)
    if comment is None:
        return old_link()
    done = ""
    if request.method == "POST":
        the_door.do(comment)
        done = _done(purpose, comment)
    return _page(the_door.title, door=the_door, done=done, ticket=_ticket(comment))


def _done(purpose: str, comment: Comment) -> str:
    """Return what is said afterwards: who confirms too late hears where his comment stands."""
    if purpose != notices.CONFIRM or comment.state == State.PENDING:
        return str(DOORS[purpose].done)
    now = standing(comment)
    return f"{now.words}. {now.more}".strip()


def old_link() -> HttpResponse:
    """Say that a link is too old or not whole; 404."""
    return _page(_("This link does not work any more"), status=404)


def _ticket(comment: Comment) -> str:
    """Return the comment's own page, where there is still something on it."""
    return "" if comment.state == State.PURGED else tickets.url_of(comment)


def _page(title: Any, status: int = 200, **shown: Any) -> HttpResponse:
    page = Frame.load(timezone.now()).page(title=str(title), robots=ROBOTS)
    return answer("comments/letter.html", page, status=status, **shown)
