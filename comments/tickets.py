"""The link by which a reader comes back to his own comment: its number and a signature."""

import re

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Comment

DIGITS = 24
_TOKEN = re.compile(r"([0-9]{1,18})-([0-9a-f]{24})", re.ASCII)


def token_of(comment: Comment) -> str:
    """Return what stands in the address of the comment's own page."""
    return f"{comment.pk}-{_signature(comment.pk)}"


def comment_of(token: str) -> Comment | None:
    """Return the comment a token was made for, None for one that was not made here."""
    match = _TOKEN.fullmatch(token)
    if not match or not constant_time_compare(match[2], _signature(int(match[1]))):
        return None
    return Comment.objects.select_related("article").filter(pk=match[1]).first()


def url_of(comment: Comment) -> str:
    """Return the path of the comment's own page."""
    return reverse("comments:ticket", args=[token_of(comment)])


def _signature(pk: int) -> str:
    return salted_hmac("comments.ticket", str(pk), algorithm="sha256").hexdigest()[:DIGITS]
