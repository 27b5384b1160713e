"""Reading the database as it was at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection

_BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "sqlite": "BEGIN DEFERRED",
}


@contextmanager
def snapshot() -> Iterator[None]:
    """All queries inside see the same moment, that of the first one; nothing is written.

    So a page is whole: wholly old or wholly new, whatever is committed while it is made. Inside
    a transaction that somebody else has begun this does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
    try:
        yield
    finally:
        _end()


def _end() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
    except Error:
        # Whatever happened inside is what is told, not that it cannot be ended any more.
        connection.close()
