"""Rows into tables as fast as the database takes them: COPY on PostgreSQL, executemany on SQLite.

Nothing is cleaned, computed or checked on the way; whoever calls knows what the verbs would write.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Row = dict[str, Any]


def write(model: type[models.Model], rows: Iterable[Row], numbered: bool = False) -> None:
    """Insert rows, each of columns by their names; what a row does not name has its default.

    `numbered` rows bring their number along, the others get one from the database. Raises
    ValueError for a column there is not.
    """
    fields = model._meta.local_concrete_fields
    fields = [field for field in fields if numbered or field.db_returning is False]
    defaults = {field.column: field.get_default() for field in fields}
    put(model._meta.db_table, list(defaults), _values(defaults, rows))


def _values(defaults: Row, rows: Iterable[Row]) -> Iterator[list]:
    for row in rows:
        whole = defaults | row
        if len(whole) > len(defaults):
            raise ValueError(f"no column {', '.join(sorted(row.keys() - defaults.keys()))}")
        yield list(whole.values())


def put(table: str, columns: list[str], rows: Iterable[Sequence]) -> None:
    """Insert rows of values in the order of `columns`."""
    stored = _stored()
    plain = ([stored[type(v)](v) if type(v) in stored else v for v in row] for row in rows)
    name = connection.ops.quote_name(table)
    write_all = _copy if connection.vendor == "postgresql" else _insert
    write_all(name, [connection.ops.quote_name(column) for column in columns], plain)


def _stored() -> dict[type, Callable]:
    """Return how values are stored that drivers do not know, or know otherwise."""
    moments = {} if connection.vendor == "postgresql" else {dt.datetime: _moment}
    return {list: json.dumps, dict: json.dumps} | moments


def _moment(value: dt.datetime) -> str:
    return connection.ops.adapt_datetimefield_value(value)


def _copy(table: str, columns: list[str], rows: Iterator[list]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(table: str, columns: list[str], rows: Iterator[list]) -> None:
    names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def go_on_counting(*numbered: type[models.Model]) -> None:
    """Let the database number the next rows behind those that brought theirs along."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
            cursor.execute(statement)
