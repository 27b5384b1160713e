"""What became of a comment, in the words its reader is told. No colleague is ever named."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Comment

State, Reason = Comment.State, Comment.Reason

# Where the moderator wrote nothing to the reader, the code is put into a sentence.
REASONS = {
    Reason.INSULT: gettext_lazy("It insults somebody. Without those words it may be sent again."),
    Reason.UNTRUE: gettext_lazy("What it says could not be confirmed, or is not true."),
    Reason.ADVERT: gettext_lazy("It advertises something."),
    Reason.OFF_TOPIC: gettext_lazy("It has nothing to do with the article."),
    Reason.PERSONAL_DATA: gettext_lazy("It gives away somebody's private data, such as a number."),
    Reason.ILLEGAL: gettext_lazy("The law does not allow us to publish it."),
    Reason.UNREADABLE: gettext_lazy("It is hard to read. With accents it may be sent again."),
    Reason.DUPLICATE: gettext_lazy("The same comment has been published already."),
    Reason.OTHER: gettext_lazy("It does not follow the house rules."),
}
HELD = gettext_lazy(
    "The newsroom takes a closer look before it decides. "
    "Until then you cannot change it, but you can take it back."
)
SPAM = gettext_lazy("It looks like one of many that were sent by a program.")


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
    return str(REASONS.get(comment.reason, REASONS[Reason.OTHER]))
