"""Tables without indexes, constraints and triggers while they are filled: made again at one go
these cost a fraction of what they cost row by row, and references are checked all the same."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection, transaction

Statements = list[str]

_POSTGRESQL = """
    SELECT conrelid::regclass::text, contype = 'f',
        format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
            pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE (conrelid::regclass::text = ANY(%(tables)s)
            AND contype IN ('p', 'u', 'x', 'f') OR confrelid::regclass::text = ANY(%(tables)s))
    UNION ALL
    SELECT indrelid::regclass::text, false,
        format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid::regclass::text = ANY(%(tables)s)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY 2 DESC
"""
_SQLITE = """
    SELECT tbl_name, 0, 'DROP ' || type || ' "' || name || '"', sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name
"""


class Stripped:
    """What was taken from tables: what makes it again, the references apart from all else."""

    def __init__(self, tables: Iterable[str]):
        self._own: dict[str, Statements] = {table: [] for table in tables}
        self._references: Statements = []
        with connection.cursor() as cursor:
            for table, is_reference, drop, make in self._found(cursor):
                cursor.execute(drop)
                (self._references if is_reference else self._own[table]).append(make)

    def _found(self, cursor) -> list[tuple]:
        if connection.vendor == "sqlite":
            cursor.execute(_SQLITE)
            return [row for row in cursor.fetchall() if row[0] in self._own]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit is in the way
        cursor.execute(_POSTGRESQL, {"tables": list(self._own)})
        return cursor.fetchall()

    def make_again(self, before: dict[str, Iterable[str]]) -> None:
        """Make all of it again, two tables at a time, in the order in which they were given.

        `before` are statements that come first at a table. References are looked up last.
        """
        jobs = [[*before.get(table, ()), *makes] for table, makes in self._own.items()]
        _side_by_side([partial(_run, job) for job in jobs if job])
        _run(self._references)


def _side_by_side(jobs: list[Callable[[], None]]) -> None:
    """Do jobs, two at a time where each can have a connection of its own."""
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        for job in jobs:
            job()
        return
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_and_hang_up, jobs))


def _and_hang_up(job: Callable[[], None]) -> None:
    try:
        job()
    finally:
        connection.close()


@transaction.atomic
def _run(statements: Statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
