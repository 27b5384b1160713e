"""What a request did to the database: every row of every table before, and after."""

import re
from contextlib import contextmanager

from django.db import connection, transaction

# What may change by looking, wherever: the session itself, and when somebody logged in last.
_SESSIONS = {"django_session", "newsroom_login"}
_LEFT_OUT = {"newsroom_user": {"last_login"}}
# For whom a comment that waits is kept for three minutes: opening it may change that, nothing else.
CLAIMS = frozenset({"claimed_by_id", "claimed_until"})
_WRITES = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))\b", re.I)


def dump(without: frozenset[str] | set[str] = frozenset()) -> dict[str, list[tuple]]:
    """Return the rows of all tables, by table, without what looking may change anywhere.

    `without` are names of columns that are left out too.
    """
    tables = connection.introspection.table_names()
    return {name: _rows(name, without) for name in tables if name not in _SESSIONS}


def _rows(table: str, without: frozenset[str] | set[str]) -> list[tuple]:
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quoted}")
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    left_out = _LEFT_OUT.get(table, set()) | without
    kept = [place for place, name in enumerate(names) if name not in left_out]
    return sorted(tuple(str(row[place]) for place in kept) for row in rows)


class Effects:
    """Tries requests one after the other, each undone, against one state of the database.

    A request that sends no writing statement changed nothing; any other is judged by the rows, but
    for the columns `without`.
    """

    def __init__(self, without: frozenset[str] = frozenset()):
        self.without = without
        self.before = dump(without)

    def of(self, ask) -> set[str]:
        """Return the tables in which `ask()` changed a row; all of it is taken back."""
        with transaction.atomic(), _listening() as wrote:
            ask()
            changed = self._changed() if wrote else set()
            transaction.set_rollback(True)
        return changed

    def _changed(self) -> set[str]:
        after = dump(self.without)
        return {name for name in after if after[name] != self.before.get(name)}


@contextmanager
def _listening():
    wrote: list[str] = []

    def note(execute, sql, params, many, context):
        if _WRITES.match(sql) and not any(table in sql for table in _SESSIONS):
            wrote.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield wrote


@contextmanager
def taken_back():
    """Yield a list of the texts that are written inside, whatever the column; all is undone."""
    written: list[str] = []

    def note(execute, sql, params, many, context):
        if _WRITES.match(sql) and not any(table in sql for table in _SESSIONS):
            rows = params if many else [params or ()]
            written.extend(value for row in rows for value in row if isinstance(value, str))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        yield written
        transaction.set_rollback(True)
