"""Fill the empty database of the settings with the archive of a newsroom, past the verbs."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, Publication, Revision
from articles.search import indexing, tsearch
from comments.models import Comment
from newsroom.models import Stamp

from . import bulk, discussing, furnishing, rows

BATCH = 1_000
TOLD = 10  # so manieth batch is told
NUMBERED = (Article, Revision, Publication, Comment)


def main(total: int, seed: int) -> None:
    """Migrate, fill, bring the database to rest; print what is under way."""
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    fill(total, random.Random(seed))
    bulk.go_on_counting(*NUMBERED)
    settle()
    _say(f"  made in {time.monotonic() - began:.0f} s")


def fill(total: int, chance: random.Random) -> None:
    """Make so many articles with all that belongs to them."""
    making = rows.Making(furnishing.archive(total, chance), chance)
    with _references_trusted(), _search_indexed_afterwards():
        for number, first in enumerate(range(1, total + 1, BATCH), 1):
            end = min(first + BATCH, total + 1)
            _batch(making, first, end, total)
            if number % TOLD == 0:
                _say(f"  {end - 1:,} of {total:,}")
        _stamp(making.bumped)


@transaction.atomic
def _batch(making: rows.Making, first: int, end: int, total: int) -> None:
    tables = rows.articles(making, first, end, total)
    tables |= discussing.comments(making, tables[Article])
    for model, found in tables.items():
        bulk.write(model, found, numbered=model in NUMBERED)
    indexing.index(range(first, end))


@transaction.atomic
def _stamp(bumped: Counter[str]) -> None:
    """Write the stamps anew: those the verbs have bumped so far, and those of the archive."""
    bumped.update(dict(Stamp.objects.values_list("key", "version")))
    Stamp.objects.all().delete()
    bulk.write(Stamp, ({"key": key, "version": times} for key, times in bumped.items()))


@contextmanager
def _references_trusted() -> Iterator[None]:
    """Spare the look-up behind every reference: ours lead somewhere."""
    if connection.vendor == "sqlite":
        off, on = "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
    else:
        off = "SET session_replication_role = replica"
        on = "SET session_replication_role = DEFAULT"
    with connection.cursor() as cursor:
        cursor.execute(off)
        yield
        cursor.execute(on)


@contextmanager
def _search_indexed_afterwards() -> Iterator[None]:
    """Let PostgreSQL build the index of the search at one go; entry by entry takes hours."""
    if connection.vendor == "sqlite":
        yield
        return
    _table, make_index = tsearch.MAKE
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {tsearch.INDEX}")
        yield
        _say("  building the index of the search …")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(make_index)


def settle() -> None:
    """Bring the database into the state it has when nobody has just filled it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM (ANALYZE, FREEZE)")
            cursor.execute("CHECKPOINT")


def _say(line: str) -> None:
    print(line, flush=True)
