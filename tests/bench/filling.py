"""Fill the empty database of the settings with the archive of a newsroom, past the verbs."""

import os
import random
import time
from collections import Counter

from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, ArticleTag, Byline, Publication, Revision, SearchEntry
from comments.models import Comment, Discussion, Sketch
from newsroom.models import Event, Stamp

from . import bulk, discussing, furnishing, rows, searching, stories
from .stripped import Stripped

BATCH = 1_000
TOLD = 20  # so manieth batch is told
NUMBERED = (Article, Revision, Publication, Comment)
# The longest work first. All are empty until the archive is filled, Event and Stamp are not.
DISCUSSED = (Comment, Discussion, Sketch)
EMPTY = (*DISCUSSED, Revision, Article, Publication, Byline, ArticleTag, SearchEntry)
FILLED = (*EMPTY, Event, Stamp)
IN_A_HURRY = (
    "journal_mode = OFF",
    "synchronous = OFF",
    "cache_size = -1000000",  # KiB
    "foreign_keys = OFF",  # `settle` looks up all at one go
)


def main(total: int, seed: int) -> None:
    """Migrate, fill, bring the database to rest; print what is under way."""
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    _hurry()
    fill(total, random.Random(seed))
    bulk.go_on_counting(*NUMBERED)
    settle()
    _say(f"  made in {time.monotonic() - began:.0f} s")


def migrate() -> None:
    """Bring the tables to where the migrations are, and the database to rest."""
    call_command("migrate", verbosity=0)
    settle()


def fill(total: int, chance: random.Random) -> None:
    """Make so many articles with all that belongs to them."""
    archive = furnishing.archive(total, chance)
    making = rows.Making(archive, stories.pool(total, chance), chance)
    stripped = Stripped([searching.TABLE, *(model._meta.db_table for model in FILLED)])
    _write(making)
    _say("  making indexes …")
    stripped.make_again({searching.TABLE: searching.finish()})


@transaction.atomic
def _write(making: rows.Making) -> None:
    """Write everything; in one transaction, whose new tables need no log on PostgreSQL."""
    _empty()
    searching.prepare(making.pool.stories)
    total, bumped = making.pool.total, _bumped()
    for number, first in enumerate(range(1, total + 1, BATCH), 1):
        end = min(first + BATCH, total + 1)
        _batch(making, first, end)
        if number % TOLD == 0:
            _say(f"  {end - 1:,} of {total:,}")
    bumped.update(making.bumped)
    bulk.write(Stamp, ({"key": key, "version": times} for key, times in bumped.items()))


def _batch(making: rows.Making, first: int, end: int) -> None:
    tables, texts = rows.articles(making, first, end)
    for model, found in discussing.comments(making, tables[Article]).items():
        tables[model] += found
    for model, found in tables.items():
        bulk.write(model, found, numbered=model in NUMBERED)
    searching.write(texts)


def _empty() -> None:
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in EMPTY)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables}")


def _bumped() -> Counter[str]:
    """Take the stamps that the verbs have bumped so far."""
    bumped = Counter(dict(Stamp.objects.values_list("key", "version")))
    Stamp.objects.all().delete()
    return bumped


def _hurry() -> None:
    """Have SQLite keep nothing for a crash, and look up no reference; PostgreSQL was started so."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for setting in IN_A_HURRY:
                cursor.execute(f"PRAGMA {setting}")


def settle() -> None:
    """Bring the database into the state it has when nobody has just filled it.

    Raises RuntimeError for a reference that leads nowhere.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_key_check")
            if nowhere := cursor.fetchall():
                raise RuntimeError(f"references lead nowhere: {nowhere[:5]}")
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA journal_mode = WAL")
        else:
            cursor.execute("VACUUM (ANALYZE, FREEZE)")
            cursor.execute("CHECKPOINT")
    os.sync()


def _say(line: str) -> None:
    print(line, flush=True)
