"""The captcha: digits in a picture and in a sound, good for one answer.

Alone in knowing the captcha package. Of django-simple-captcha only the table is used. Its views and
form field are not: its pictures can be drawn again from the public key, its answers pass more than
once when sent side by side, and its test mode lets everybody through. It stops form spray, not a
determined solver.
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

from . import picture, sound, tallies

DIGITS = 5
LIFETIME = dt.timedelta(minutes=30)
SWEEP = 20  # how many of the oldest rows are looked at whenever one is made
LIVE_OF_NETWORK = 1_000
LIVE = 50_000
CENSUS = 64  # the whole table is counted once in so many captchas

TAG = 8  # digits at the head of a key that say which network asked for it, to us alone
_KEY = re.compile(r"[0-9a-f]{40}", re.ASCII)


class Result(Enum):
    """What an answer was worth; the values are what `tallies` counts."""

    RIGHT = "solved"
    WRONG = "wrong"
    EXPIRED = "expired"


def issue(network: str = "", digits: int = DIGITS) -> str:
    """Store a new captcha for a network (a hash) and return its key. Counts it.

    Writes one row and removes at most SWEEP expired ones: keys live equally long, so the oldest
    rows are those that expired, and the table never holds much more than what is alive. Beyond
    LIVE_OF_NETWORK the network loses its oldest, beyond LIVE everybody does.
    """
    key = _tag(network) + secrets.token_hex((40 - TAG) // 2)
    _store(key, f"{secrets.randbelow(10**digits):0{digits}}")
    tallies.count("issued")
    return key


def renew(key: str | None, network: str = "", digits: int = DIGITS) -> str:
    """Retire the captcha `key`, if there is one, and return the key of a new one."""
    retire(key)
    return issue(network, digits)


def retire(key: str | None) -> None:
    """Remove the captcha `key`, if there is one: no answer to it counts any more."""
    _rows(key).delete()


def is_live(key: str) -> bool:
    """Whether an answer to `key` still counts."""
    return _live(key).exists()


def length(key: str) -> int:
    """Return how many digits the code has, DIGITS for an unknown, used or expired key."""
    return len(_digits_of(key) or "0" * DIGITS)


def image(key: str) -> bytes | None:
    """Return the captcha's picture as a PNG, None for an unknown, used or expired key.

    The same key always gives the same picture, but nobody without SECRET_KEY can draw it.
    """
    digits = _digits_of(key)
    return picture.draw(digits, _seed("picture", key)) if digits else None


def audio(key: str) -> bytes | None:
    """Return the same digits spoken, as a WAV; None for an unknown, used or expired key.

    The same key always sounds the same, but nobody without SECRET_KEY can put it together.
    """
    digits = _digits_of(key)
    return sound.join(digits, _seed("sound", key)) if digits else None


@transaction.atomic
def consume(key: str, answer: str | None) -> Result:
    """Use the captcha up and say whether `answer` was right; nobody can use the key again.

    Run it in the transaction that stores what the captcha guards, and count the result after it.
    Of many answers sent side by side one takes the row away and counts, the others find it
    EXPIRED. An empty answer is WRONG and uses nothing up.
    """
    given = _typed(answer)
    if not given:
        return Result.WRONG
    row = _rows(key).first()
    if not row or not _rows(key).delete()[0] or row.expiration <= timezone.now():
        return Result.EXPIRED
    return Result.RIGHT if constant_time_compare(given, row.response) else Result.WRONG


@transaction.atomic
def _store(key: str, digits: str) -> None:
    now = timezone.now()
    row = CaptchaStore.objects.create(
        hashkey=key, challenge=digits, response=digits, expiration=now + LIFETIME
    )
    _sweep(now)
    _keep_newest(_of_network(key[:TAG]), LIVE_OF_NETWORK)
    if row.pk % CENSUS == 0:
        _keep_newest(CaptchaStore.objects.all(), LIVE)


def _tag(network: str) -> str:
    """Return what keys of one network begin with: it tells others nothing of the network."""
    return salted_hmac(f"{__name__}.network", network, algorithm="sha256").hexdigest()[:TAG]


def _seed(kind: str, key: str) -> bytes:
    return salted_hmac(f"{__name__}.{kind}", key, algorithm="sha256").digest()


def _rows(key: str | None) -> models.QuerySet[CaptchaStore]:
    """Return the row of a key that can be one; anything else never reaches the database."""
    if not _KEY.fullmatch(key or ""):
        return CaptchaStore.objects.none()
    return CaptchaStore.objects.filter(hashkey=key)


def _live(key: str) -> models.QuerySet[CaptchaStore]:
    return _rows(key).filter(expiration__gt=timezone.now())


def _digits_of(key: str) -> str | None:
    return _live(key).values_list("challenge", flat=True).first()


def _of_network(tag: str) -> models.QuerySet[CaptchaStore]:
    # A range, not LIKE: it walks along the key's index on both databases. "g" follows "f".
    return CaptchaStore.objects.filter(hashkey__gte=tag, hashkey__lt=f"{tag}g")


def _typed(answer: str | None) -> str:
    """Return the digits of an answer as 0-9, spaces between them or full-width ones forgiven."""
    spaceless = "".join((answer or "").split())
    return "".join(str(unicodedata.decimal(char, "?")) for char in spaceless)


def _sweep(now: dt.datetime) -> None:
    _remove(CaptchaStore.objects.order_by("pk")[:SWEEP], expired_at=now)


def _keep_newest(rows: models.QuerySet[CaptchaStore], number: int) -> None:
    """Remove all but the newest `number`; two that do it at once remove no more than one."""
    beyond = rows.order_by("-pk").values_list("pk", flat=True)[number : number + 1]
    if beyond:
        _remove(rows.filter(pk__lte=beyond[0]))


def _remove(rows: models.QuerySet[CaptchaStore], expired_at: dt.datetime | None = None) -> None:
    """Remove rows, of these only what has expired where a moment is given.

    Rows another request is removing are skipped, so that two never wait for each other. They are
    read first: in one statement PostgreSQL may choose as many anew for each row of the table.
    """
    free = rows.select_for_update(skip_locked=True).values_list("pk", "expiration")
    wanted = [pk for pk, end in free if expired_at is None or end <= expired_at]
    CaptchaStore.objects.filter(pk__in=wanted).delete()


def remove_expired() -> int:
    """Remove every captcha that nobody can answer any more and return how many there were."""
    return CaptchaStore.objects.filter(expiration__lte=timezone.now()).delete()[0]
