"""What became of a comment, in the words its reader is told. No colleague is ever named."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Comment
from .wording import to_the_reader

State = Comment.State

HELD = gettext_lazy(
    "The newsroom takes a closer look before it decides. "
    "Until then you cannot change it, but you can take it back."
)
SPAM = gettext_lazy("It looks like one of many that were sent by a program.")
RULES = gettext_lazy("It does not follow the house rules.")


@dataclass(frozen=True)
class Standing:
    """Where a comment stands: a few words, a sentence more, and whether it is good news."""

    words: str
    more: str = ""
    is_good: bool = False


def standing(comment: Comment) -> Standing:
    """Return where the comment stands, for its reader."""
    match comment.state:
        case State.UNCONFIRMED:
            return Standing(_("Waiting for you"), _("Open the link in the e-mail we sent you."))
        case State.PENDING:
            more = _("It will be shown once the newsroom has approved it.")
            return Standing(_("Received"), more, is_good=True)
        case State.HELD:
            return Standing(_("Being looked at"), str(HELD), is_good=True)
        case State.APPROVED:
            return Standing(_("Published"), is_good=True)
        case State.REJECTED | State.SPAM:
            return Standing(_("Not published"), _why(comment))
        case State.REMOVED:
            return Standing(_("Removed after publication"), _why(comment))
        case State.WITHDRAWN:
            return Standing(_("Taken back by you"), _("Readers do not see it any more."))
    return Standing(_("Deleted"), _("Nothing of what you wrote is kept any more."))


def _why(comment: Comment) -> str:
    if comment.reader_note:
        return comment.reader_note
    if comment.state == State.SPAM:
        return str(SPAM)
    return to_the_reader(comment.reason) or str(RULES)
