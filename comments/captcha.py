"""The captcha: five digits in a picture, good for one answer. Alone in knowing the captcha package.

Of django-simple-captcha only the table is used. Its views and form field are not: its pictures
can be drawn again from the public key, its answers pass more than once when sent side by side,
and its test mode lets everybody through. It stops form spray, not a determined solver.
"""

import datetime as dt
import re
import secrets
import unicodedata
from enum import Enum

from captcha.models import CaptchaStore
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from . import picture

DIGITS = 5
LIFETIME = dt.timedelta(minutes=30)
SWEEP = 20  # how many of the oldest rows are looked at whenever one is made

_KEY = re.compile(r"[0-9a-f]{40}", re.ASCII)


class Result(Enum):
    """What an answer was worth."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"


@transaction.atomic
def issue() -> str:
    """Store a new captcha and return its key. Writes one row, removes at most SWEEP expired ones.

    Keys live equally long, so the oldest rows are those that expired: as each new row takes up
    to SWEEP of them away, the table never holds much more than what is alive, at a cost that does
    not grow with it.
    """
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    now = timezone.now()
    row = CaptchaStore.objects.create(
        hashkey=secrets.token_hex(20), challenge=digits, response=digits, expiration=now + LIFETIME
    )
    _sweep(now)
    return row.hashkey


@transaction.atomic
def renew(key: str | None) -> str:
    """Retire the captcha `key`, if there is one, and return the key of a new one."""
    _rows(key).delete()
    return issue()


def is_live(key: str) -> bool:
    """Whether an answer to `key` still counts."""
    return _live(key).exists()


def image(key: str) -> bytes | None:
    """Return the captcha's picture as a PNG, None for an unknown, used or expired key.

    The same key always gives the same picture, but nobody without SECRET_KEY can draw it.
    """
    digits = _live(key).values_list("challenge", flat=True).first()
    if digits is None:
        return None
    return picture.draw(digits, salted_hmac(__name__, key, algorithm="sha256").digest())


@transaction.atomic
def consume(key: str, answer: str | None) -> Result:
    """Use the captcha up and say whether `answer` was right; nobody can use the key again.

    Run it in the transaction that stores what the captcha guards. Of many answers sent side by
    side one takes the row away and counts, the others find it EXPIRED. An empty answer is WRONG
    and uses nothing up.
    """
    given = _digits(answer)
    if not given:
        return Result.WRONG
    row = _rows(key).first()
    if not row or not _rows(key).delete()[0] or row.expiration <= timezone.now():
        return Result.EXPIRED
    return Result.RIGHT if constant_time_compare(given, row.response) else Result.WRONG


def _rows(key: str | None) -> models.QuerySet[CaptchaStore]:
    """Return the row of a key that can be one; anything else never reaches the database."""
    if not _KEY.fullmatch(key or ""):
        return CaptchaStore.objects.none()
    return CaptchaStore.objects.filter(hashkey=key)


def _live(key: str) -> models.QuerySet[CaptchaStore]:
    return _rows(key).filter(expiration__gt=timezone.now())


def _digits(answer: str | None) -> str:
    """Return the digits of an answer as 0-9, spaces between them or full-width ones forgiven."""
    spaceless = "".join((answer or "").split())
    return "".join(str(unicodedata.decimal(char, "?")) for char in spaceless)


def _sweep(now: dt.datetime) -> None:
    # Rows another request is removing are skipped, so that two never wait for each other.
    oldest = CaptchaStore.objects.order_by("pk").select_for_update(skip_locked=True)
    CaptchaStore.objects.filter(pk__in=oldest.values("pk")[:SWEEP], expiration__lte=now).delete()


def remove_expired() -> int:
    """Remove every captcha that nobody can answer any more and return how many there were."""
    return CaptchaStore.objects.filter(expiration__lte=timezone.now()).delete()[0]
