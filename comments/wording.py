"""What a reader is told when his comment is not published, as the desk begins to write it."""

from django.utils.translation import gettext_lazy as _

from .models import Comment

Reason = Comment.Reason
TO_THE_READER = {
    Reason.INSULT: _(
        "We publish opinions that differ, not words that insult others. Please write it again."
    ),
    Reason.UNTRUE: _("What the comment says does not agree with what the newsroom has verified."),
    Reason.ADVERT: _("Comments are not the place for advertisements and offers."),
    Reason.OFF_TOPIC: _("The comment is not about this article."),
    Reason.PERSONAL_DATA: _(
        "The comment gives away private data such as a telephone number or an address."
    ),
    Reason.ILLEGAL: _("The comment has content the law does not let us publish."),
    Reason.UNREADABLE: _("Please write with accents and whole words, so that everybody can read."),
    Reason.DUPLICATE: _("The same comment has been sent before."),
    Reason.OTHER: "",
}


def to_the_reader(reason: str) -> str:
    """Return what a reader is told of a code where nobody wrote anything else; "" for "other"."""
    return str(TO_THE_READER.get(reason, ""))
