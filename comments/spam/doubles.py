"""The same text again, and nearly the same: found over all articles of the last 30 days.

A text's sketch is its minhash: of its pairs of words the smallest of each of 60 orders. Three of
them together are a band; texts that share a band are compared pair by pair. Of each band only the
newest text is looked at, so that a flood of one text costs what one comment costs.
"""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from django.db import connection
from django.utils import timezone

from newsroom import vietnamese

from ..models import Comment, Sketch
from .hits import Hit

WINDOW = dt.timedelta(days=30)
SAME, NEAR = 30, 30
MIN_WORDS = 9  # "Cảm ơn tòa soạn đã đăng bài" is everybody's
ALIKE = 0.5  # of the pairs of words
MANY = 50  # counted no further
SWEEP = 100  # old rows removed whenever new ones are made

BANDS, ROWS = 20, 3
_PRIME = (1 << 31) - 1
_chance = random.Random("sketch of comments")  # fixed: sketches are stored
_ORDERS = [
    (_chance.randrange(1, _PRIME), _chance.randrange(_PRIME)) for _order in range(BANDS * ROWS)
]
# Sent again after its own writer has taken it back, a text is no double.
_GONE = (Comment.State.WITHDRAWN, Comment.State.PURGED)


def text_hash(text: str) -> str:
    """Return the same 32 digits for texts that differ in accents, case, spaces and signs alone."""
    return hashlib.sha256(vietnamese.search_text(text).encode()).hexdigest()[:32]


def doubles(comment: Comment) -> Iterator[Hit]:
    """Notice the text standing elsewhere: the same (how often), or nearly (which comment).

    One query for the same, two more for nearly the same.
    """
    words = vietnamese.search_text(comment.text).split()
    if len(words) < MIN_WORDS:
        return
    if number := _same(comment):
        yield Hit("same_text", SAME, str(number))
    elif other := _near(comment, _pairs(words)):
        yield Hit("near_text", NEAR, str(other))


def remember(comment: Comment) -> None:
    """Keep the sketch of a stored comment, for later ones to be compared with.

    Writes BANDS rows, none for a text that is there already: a flood leaves one sketch. Removes a
    few that are too old.
    """
    Sketch.objects.filter(comment=comment).delete()
    words = vietnamese.search_text(comment.text).split()
    known = any(hit["rule"] in ("same_text", "near_text") for hit in comment.hits)
    if len(words) < MIN_WORDS or known:
        return
    rows = [
        Sketch(comment=comment, band=band, at=comment.submitted_at)
        for band in set(bands(_pairs(words)))
    ]
    Sketch.objects.bulk_create(rows)
    _sweep()


def bands(pairs: set[str]) -> list[int]:
    """Return the numbers two texts are likely to share if they share half of their pairs."""
    values = [crc32(pair.encode()) for pair in pairs]
    least = [min([(a * value + b) % _PRIME for value in values]) for a, b in _ORDERS]
    return [
        _number(f"{start}:{least[start : start + ROWS]}") for start in range(0, len(least), ROWS)
    ]


def _same(comment: Comment) -> int:
    rows = Comment.objects.filter(
        text_hash=text_hash(comment.text), submitted_at__gte=timezone.now() - WINDOW
    )
    others = rows.exclude(pk=comment.pk).exclude(state__in=_GONE).order_by()
    return len(others.values_list("pk", flat=True)[:MANY])


def _near(comment: Comment, pairs: set[str]) -> int | None:
    """Return the number of the most similar of the candidates, None if none is alike."""
    rows = Comment.objects.filter(pk__in=_candidates(bands(pairs)) - {comment.pk})
    texts = rows.exclude(state__in=_GONE).values_list("pk", "text")
    likeness = {
        pk: _likeness(pairs, _pairs(vietnamese.search_text(text).split())) for pk, text in texts
    }
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best and likeness[best] >= ALIKE else None


def _candidates(wanted: list[int]) -> set[int]:
    """Return the newest comment of each band, in one query of one look-up a band."""
    table = connection.ops.quote_name(Sketch._meta.db_table)
    newest = (
        f"(SELECT comment_id FROM {table} WHERE band = %s AND at >= %s ORDER BY at DESC LIMIT 1)"
    )
    since = connection.ops.adapt_datetimefield_value(timezone.now() - WINDOW)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([newest] * len(wanted))}",
            [value for band in wanted for value in (band, since)],
        )
        return set(cursor.fetchone()) - {None}


def _sweep() -> None:
    oldest = Sketch.objects.order_by("at").values("pk")[:SWEEP]
    Sketch.objects.filter(pk__in=oldest, at__lt=timezone.now() - WINDOW).delete()


def _pairs(words: list[str]) -> set[str]:
    return {" ".join(pair) for pair in pairwise(words)}


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _number(text: str) -> int:
    """Return a number of 64 bits with a sign, as databases keep it."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
