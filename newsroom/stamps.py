"""Versions of what public pages show, bumped inside the transaction that changes it.

A key names a thing: ``article:12``, ``comments:12``, ``section:3``, ``tag:7``, ``author:5``,
``front`` (home page, latest lists, site feed and sitemap), ``menu`` and ``site``.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from .models import Stamp

FRONT = "front"
MENU = "menu"
SITE = "site"


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
    if not ordered:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("stamps.bump() needs a transaction")
    rows = ", ".join(["(%s, 1)"] * len(ordered))
    table = connection.ops.quote_name(Stamp._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, version) VALUES {rows} "
            f"ON CONFLICT (key) DO UPDATE SET version = {table}.version + 1",
            ordered,
        )


def versions(keys: Iterable[str]) -> dict[str, int]:
    """The present version of each key; 0 for a thing that was never changed."""
    wanted = set(keys)
    found = dict(Stamp.objects.filter(key__in=wanted).values_list("key", "version"))
    return {key: found.get(key, 0) for key in wanted}
