"""Letters to readers: written with what they tell of, sent afterwards.

A letter is a row of the outbox, stored in the transaction of what it tells of. After the commit a
thread sends what is due (`postman`), or the command `send_notices` does. Nothing here knows how a
comment is moderated.
"""

from .links import ADDRESS, CONFIRM, SUBSCRIBE, UNSUBSCRIBE, comment_of, url_of
from .outbox import about, received, write
from .sending import deliver, take_over
from .subscriptions import subscribe, subscribed, unsubscribe

__all__ = [
    "ADDRESS",
    "CONFIRM",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "about",
    "comment_of",
    "deliver",
    "received",
    "subscribe",
    "subscribed",
    "take_over",
    "unsubscribe",
    "url_of",
    "write",
]
