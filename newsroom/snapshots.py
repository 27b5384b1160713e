"""Reading the database as it was at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def snapshot() -> Iterator[None]:
    """All queries inside see the same moment, that of the first one; nothing is written.

    So a page is whole: wholly old or wholly new, whatever is committed while it is made. Inside
    a transaction that somebody else has begun this does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    with _reading(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_READ_ONLY)
        yield
        transaction.set_rollback(True)


@contextmanager
def _reading() -> Iterator[None]:
    """Let SQLite begin a transaction without the lock of the one who writes."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()  # which sets the mode itself
    before, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = before
