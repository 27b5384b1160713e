"""What a moderator does beside deciding: choosing, answering, closing reports, releasing likes."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .. import moderation
from ..models import Comment

State = Comment.State
ANSWER = "answer_as_desk"  # the one that is written, not only pressed


@dataclass(frozen=True)
class Extra:
    """One such verb: its button, what is said afterwards, where it makes sense."""

    label: Promise
    said: Promise
    offered: Callable[[Comment], bool]
    asks: tuple[str, ...] = ()


def _readers_see(comment: Comment) -> bool:
    return comment.state == State.APPROVED


EXTRAS = {
    "close_reports": Extra(
        _("Pass over the reports"),
        _("The reports are closed; the comment stays."),
        lambda comment: bool(comment.reported_at),
    ),
    "release_likes": Extra(
        _("Count the frozen likes again"),
        _("The likes are counted again."),
        lambda comment: comment.likes_frozen,
    ),
    "drop_likes": Extra(
        _("Delete the frozen likes"),
        _("The likes that were kept back are deleted."),
        lambda comment: comment.likes_frozen,
    ),
    "pick": Extra(
        _("Choose for the newsroom"),
        _("The comment stands as chosen by the newsroom."),
        lambda comment: _readers_see(comment) and not comment.picked_at,
    ),
    "unpick": Extra(
        _("Choose no longer"),
        _("The comment is no longer chosen."),
        lambda comment: _readers_see(comment) and bool(comment.picked_at),
    ),
    ANSWER: Extra(
        _("Answer for the newsroom"),
        _("The answer of the newsroom stands under the comment."),
        _readers_see,
        asks=("text", "desk"),
    ),
}


def available_extras(comment: Comment) -> list[tuple[str, Extra]]:
    """Return what can be done with the comment as it stands."""
    return [(verb, extra) for verb, extra in EXTRAS.items() if extra.offered(comment)]


def carry_out(verb: str, request: HttpRequest, comment: Comment) -> str:
    """Do it and return what is said of it; raises what the verb raises."""
    extra = EXTRAS[verb]
    told = _told(request.POST, extra.asks)
    getattr(moderation, verb)(actor=request.user, comment=comment, **told)
    return str(extra.said)


def _told(data: QueryDict, names: tuple[str, ...]) -> dict[str, str]:
    return {name: data.get(name, "") for name in names}
