"""Versions of what public pages show, bumped inside the transaction that changes it.

A key names a thing: ``article:12``, ``comments:12``, ``section:3``, ``tag:7``, ``author:5``,
``front`` (home page, latest lists, site feed and sitemap), ``menu``, ``names`` (what tags and pen
names are called, and which there are) and ``site``.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.db.models import QuerySet

from .models import Stamp
from .prepared import prepared

FRONT = "front"
MENU = "menu"
NAMES = "names"
SITE = "site"

# On PostgreSQL a bump is told on this channel, as "key=version key=version …".
CHANNEL = "newsroom_stamps"
# So many keys of the longest kind fit into one notice (8,000 bytes) and into one statement.
BATCH = 200

_SQL = {
    # Told when the transaction commits, to everybody who listens, in the order of commits.
    "postgresql": """
        WITH bumped AS (
            INSERT INTO {table} (key, version, serial) VALUES {rows}
            ON CONFLICT (key) DO UPDATE SET version = {table}.version + 1
            RETURNING key, version
        )
        SELECT pg_notify(%s, string_agg(key || '=' || version, ' ')) FROM bumped
    """,
    # One writes at a time, so the highest number is always that of the latest commit.
    "sqlite": """
        INSERT INTO {table} (key, version, serial) VALUES {rows}
        ON CONFLICT (key) DO UPDATE SET version = {table}.version + 1, serial = excluded.serial
    """,
}
_ROW = {
    "postgresql": "(%s, 1, 0)",
    "sqlite": "(%s, 1, (SELECT COALESCE(MAX(serial), 0) + 1 FROM {table}))",
}


def article(pk: int) -> str:
    """The stamp of one article's own page."""
    return f"article:{pk}"


def comments(article_pk: int) -> str:
    """The stamp of the approved comments under one article."""
    return f"comments:{article_pk}"


def section(pk: int) -> str:
    """The stamp of a section's list."""
    return f"section:{pk}"


def tag(pk: int) -> str:
    """The stamp of a tag's list."""
    return f"tag:{pk}"


def author(pk: int) -> str:
    """The stamp of an author's list."""
    return f"author:{pk}"


def bump(keys: Iterable[str]) -> None:
    """Raise the version of every key by one, making rows for new keys.

    Must run inside the transaction that changes the thing, so that no change can be committed
    unannounced; raises ``TransactionManagementError`` outside one. Keys are written in sorted
    order, so that two transactions never wait for each other crosswise.
    """
    ordered = sorted(set(keys))
    if ordered and not connection.in_atomic_block:
        raise transaction.TransactionManagementError("stamps.bump() needs a transaction")
    with connection.cursor() as cursor:
        for batch in _batches(ordered):
            _bump(cursor, batch)


def _bump(cursor, batch: list[str]) -> None:
    vendor, table = connection.vendor, connection.ops.quote_name(Stamp._meta.db_table)
    rows = ", ".join([_ROW[vendor].format(table=table)] * len(batch))
    told = [CHANNEL] if vendor == "postgresql" else []
    cursor.execute(_SQL[vendor].format(table=table, rows=rows), [*batch, *told])


def _batches(keys: list[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def versions(keys: Iterable[str]) -> dict[str, int]:
    """The present version of each key; 0 for a thing that was never changed."""
    wanted = sorted(set(keys))
    found = dict(_versions(wanted))
    return {key: found.get(key, 0) for key in wanted}


@prepared
def _versions(keys: list[str]) -> QuerySet:
    return Stamp.objects.filter(key__in=keys).values_list("key", "version")
