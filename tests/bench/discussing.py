"""The rows of comments under articles, all approved: five on average, fifty under every fiftieth.

Written as sending and approving would have left them; of the desk's decisions and of the log there
is nothing, no page that is measured reads them.
"""

import datetime as dt
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from django.utils import timezone

from comments.models import Comment, Discussion, Sketch
from comments.spam import doubles
from newsroom import stamps, vietnamese
from newsroom.models import Stamp

from . import texts
from .bulk import Row
from .rows import Making, Tables

MANY = 50
EVERY = 50  # so manieth article has MANY comments; the first one has
REPLIES = 15  # of them
MOST_USUAL = 8  # of the others, none to so many
MINUTES = 600  # within which readers write


def has_many(article: int) -> bool:
    """Whether MANY comments stand under the article of that number."""
    return article % EVERY == 1


def comments(making: Making, articles: list[Row]) -> Tables:
    """Return the rows of comments under these articles, with their counts and all they leave."""
    tables: Tables = defaultdict(list)
    for article in articles:
        pk, at = article["id"], article["first_public_at"]
        many = has_many(pk)
        number = MANY if many else making.chance.randint(0, MOST_USUAL)
        if not number:
            continue
        found = list(_under(making, pk, at, number, REPLIES if many else 0))
        tables[Comment] += found
        tables[Discussion].append({"article_id": pk, "approved": number})
        tables[Sketch] += _sketches(making.chance, found)
        tables[Stamp].append({"key": stamps.comments(pk), "version": number})
    return tables


def _under(
    making: Making, article: int, at: dt.datetime, number: int, replies: int
) -> Iterator[Row]:
    chance, tops = making.chance, []
    for place, minute in enumerate(sorted(chance.sample(range(1, MINUTES), number))):
        row = _comment(making, article, at + dt.timedelta(minutes=minute))
        if place >= number - replies:
            row["thread_id"] = row["answered_id"] = chance.choice(tops[:10])
        else:
            tops.append(row["id"])
        yield row


def _comment(making: Making, article: int, at: dt.datetime) -> Row:
    chance, pool = making.chance, making.pool
    name = chance.choice(texts.NAMES)
    sentences = chance.choices(pool.sentences, k=chance.randint(1, 4))
    folded = " ".join(sentence.folded for sentence in sentences)
    decided_at = at + dt.timedelta(minutes=chance.randint(2, 90))
    return {
        "id": next(making.comments),
        "article_id": article,
        "name": name,
        "text": " ".join(sentence.text for sentence in sentences),
        "submitted_at": at,
        "queued_at": at,
        "nonce": _digits(chance),
        "consent_id": making.archive.consent,
        "state": Comment.State.APPROVED,
        "version": 2,
        "decided_at": decided_at,
        "decided_by_id": making.archive.moderator,
        "is_shown": True,
        "likes": chance.choice((0, 0, 0, 1, 1, 2, 3, 5, 8)),
        "text_hash": _hash(folded),
        "address_hash": _digits(chance),
        "prefix_hash": _digits(chance),
        "search_words": f"{_search_text(name)}{folded} ",
    }


_search_text = cache(vietnamese.search_text)


def _hash(folded: str) -> str:
    """Return what doubles.text_hash says of a text with these folded words."""
    return hashlib.sha256(f" {folded} ".encode()).hexdigest()[:32]


def _digits(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _sketches(chance: random.Random, found: list[Row]) -> Iterator[Row]:
    """Yield the bands of what is still compared: numbers that nothing shares, made in no time."""
    since = timezone.now() - doubles.WINDOW
    for row in found:
        if row["submitted_at"] >= since:
            for _band in range(doubles.BANDS):
                band = chance.getrandbits(63)
                yield {"comment_id": row["id"], "band": band, "at": row["submitted_at"]}
