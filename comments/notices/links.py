"""The links in letters. Whoever follows one has read the letter, so the address is his.

Each purpose has signatures of its own: the link to a comment's page, which the sender has without
owning the address he typed, opens none of these.
"""

import re
import time

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import Comment

CONFIRM, SUBSCRIBE, UNSUBSCRIBE, ADDRESS = "confirm", "subscribe", "unsubscribe", "address"
NAMES = {
    CONFIRM: "comments:mail_confirm",
    SUBSCRIBE: "comments:mail_subscribe",
    UNSUBSCRIBE: "comments:mail_unsubscribe",
    ADDRESS: "comments:address",
}
# The link to all comments of an address dies after a day: letters lie about for years.
LIFETIMES = {ADDRESS: 24 * 60 * 60}
DIGITS = 32
_TOKEN = re.compile(r"([0-9]{1,18})-([0-9]{1,12})-([0-9a-f]{32})", re.ASCII)


def token_of(purpose: str, comment: Comment) -> str:
    """Return what stands in the address: number, moment, signature over both and the e-mail."""
    moment = int(time.time())
    return f"{comment.pk}-{moment}-{_signature(purpose, comment, moment)}"


def comment_of(purpose: str, token: str) -> Comment | None:
    """Return the comment a token was made for; None for a foreign or an old one.

    A comment whose address was dropped has no links any more.
    """
    match = _TOKEN.fullmatch(token)
    if not match or _is_over(purpose, int(match[2])):
        return None
    comment = Comment.objects.select_related("article").filter(pk=match[1]).first()
    if comment is None or not comment.email:
        return None
    right = _signature(purpose, comment, int(match[2]))
    return comment if constant_time_compare(match[3], right) else None


def url_of(purpose: str, comment: Comment) -> str:
    """Return the full address of a link in a letter."""
    return settings.SITE_URL + reverse(NAMES[purpose], args=[token_of(purpose, comment)])


def _is_over(purpose: str, moment: int) -> bool:
    lifetime = LIFETIMES.get(purpose)
    return lifetime is not None and moment + lifetime < time.time()


def _signature(purpose: str, comment: Comment, moment: int) -> str:
    value = f"{comment.pk}:{moment}:{comment.email}"
    return salted_hmac(f"comments.mail.{purpose}", value, algorithm="sha256").hexdigest()[:DIGITS]
