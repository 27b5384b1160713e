"""Queries that the ORM writes once and that are asked again and again with other values.

To write a query costs Django three to ten times what SQLite takes to answer it. What the ORM wrote
for a function and values of the same kind is kept with the places at which the values stand; from
then on they are put there. The queryset stays the one description of what is asked.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial, wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models import query as queries
from django.db.models.sql.compiler import SQLCompiler

from . import freshness
from .among import Many

KEPT = 512  # statements in each process; the least used goes
SAMPLES = (0, 1)

Make = Callable[..., QuerySet]
Kind = Any  # of a value: its type, None, or of many values how many and of which type


def prepared(make: Make) -> Callable[..., list]:
    """Make a function that returns a queryset return its rows, by a statement written once.

    What is given by position may be other values of the same kind each time: whole numbers, texts,
    moments, days, None, a `Part`, `Many` numbers, or a short list of numbers or texts. What is
    given by name is part of the query itself: a limit, an order. Raises TypeError or ValueError
    where that is not kept to.
    Whatever else `make` does it does for the first of many, and no more: it must do nothing else
    but say under which stamps its rows stand (`freshness.shows`), the same for all values.
    """

    @wraps(make)
    def rows(*values: Any, **fixed: Any) -> list:
        return ask(make, values, fixed)

    return rows


def ask(make: Make, values: Sequence[Any], fixed: dict[str, Any]) -> list:
    """Return the rows of `make(*values, **fixed)`."""
    given = [_padded(value) if type(value) is list else value for value in values]
    kinds = tuple(_kind(value) for value in given)
    statement = _statement(make, kinds, tuple(sorted(fixed.items())))
    return statement.rows(given) if statement else []


def _padded(values: list) -> list:
    """Return a list whose length is a power of two, so that there are few statements."""
    length = 1 << (len(values) - 1).bit_length() if values else 0
    return values + values[-1:] * (length - len(values))


def _kind(value: Any) -> Kind:
    if type(value) is list:
        return len(value), type(value[0]) if value else int
    return None if value is None else type(value)


class Part(str):
    """A text that others are asked to contain: the value of a look-up by `contains`."""


class _Statement:
    """What the ORM wrote, where in it which value stands, and how a row is read."""

    def __init__(self, make: Make, kinds: tuple[Kind, ...], fixed: dict[str, Any]):
        connection = connections[DEFAULT_DB_ALIAS]
        written, self._stamps = [], set()
        for number in SAMPLES:
            samples = [_sample(kind, place, number) for place, kind in enumerate(kinds)]
            with freshness.making() as noted:
                queryset = make(*samples, **fixed)
            if written and set(noted.versions) != self._stamps:
                raise ValueError(f"{make.__qualname__} shows other things with other values")
            self._stamps = set(noted.versions)
            compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
            written.append((*compiler.as_sql(), list(_flat(samples, connection))))
        self._sql, *_ = written[0]
        self._places = _places(make, *written)
        fields = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(fields)
        convert = partial(compiler.apply_converters, converters=converters)
        self._convert = convert if converters else iter  # as Django does: most need none
        self._read = _reader(queryset, compiler)

    def rows(self, values: Sequence[Any]) -> list:
        freshness.shows(*self._stamps)
        connection = connections[DEFAULT_DB_ALIAS]
        given = list(_flat(values, connection))
        parameters = [given[at] if at is not None else fixed for at, fixed in self._places]
        with _cursor(connection) as cursor:
            cursor.execute(self._sql, _typed(parameters, connection))
            found = cursor.fetchall()
        return [self._read(row) for row in self._convert(found)]


def _cursor(connection: Any) -> Any:
    """Return a cursor whose statements the server may keep too.

    To plan a query costs PostgreSQL four times what it takes to answer it, and with Django's own
    cursors each text of a query is a new one. How often one must come to be kept is the setting
    `prepare_threshold` of the connection; without it nothing is.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()  # Django can log what its own cursors ask, and no other
    from psycopg import Cursor

    # As connection.cursor() does, but for the kind of the cursor.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(Cursor(connection.connection))


def _typed(parameters: list, connection: Any) -> list:
    """Return the parameters so that those of one query always have the same types.

    psycopg takes the smallest integer that fits, and a statement is kept for each mixture.
    """
    if connection.vendor != "postgresql":
        return parameters
    from psycopg.types.numeric import Int8

    return [
        Int8(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for value in parameters
    ]


@lru_cache(maxsize=KEPT)
def _statement(
    make: Make, kinds: tuple[Kind, ...], fixed: tuple[tuple[str, Any], ...]
) -> _Statement | None:
    """Return the statement; None where a list is empty and so there is nothing to be found."""
    try:
        return _Statement(make, kinds, dict(fixed))
    except EmptyResultSet as nothing:
        if any(isinstance(kind, tuple) and kind[0] == 0 for kind in kinds):
            return None
        raise ValueError(f"{make.__qualname__} finds nothing, whatever is asked") from nothing


def _sample(kind: Kind, place: int, number: int) -> Any:
    """Return a value of a kind such as stands at no other place, nor in another sample."""
    if isinstance(kind, tuple):
        length, of = kind
        return [
            _sample(of, 100 * (place + 1) + 10_000 * each, number + 4) for each in range(length)
        ]
    if kind is None:
        return None
    if kind is Many:
        return Many([_sample(int, place, number)])
    if issubclass(kind, dt.datetime):
        return dt.datetime(2001 + number, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=place + 1)
    if issubclass(kind, dt.date):
        return dt.date(2001 + number, 1, 1) + dt.timedelta(days=place)
    if kind is int:
        return (number + 1) * 10_000 + place  # so small that any column takes it
    if issubclass(kind, str):
        return kind(f" sample {number} at {place} ")
    raise TypeError(f"a value of {kind} cannot be put into a prepared query")


def _flat(values: Iterable[Any], connection: Any) -> Iterator[Any]:
    """Yield the values as the database takes them, lists one by one."""
    for value in values:
        if isinstance(value, Many):
            yield value.spelt(connection.vendor)
        elif isinstance(value, list):
            yield from value
        elif isinstance(value, Part):
            yield f"%{connection.ops.prep_for_like_query(value)}%"
        elif isinstance(value, dt.datetime):
            yield connection.ops.adapt_datetimefield_value(value)
        elif isinstance(value, dt.date):
            yield connection.ops.adapt_datefield_value(value)
        else:
            yield value


def _places(make: Make, one: tuple, other: tuple) -> list[tuple[int | None, Any]]:
    """Return for each parameter which value it is, or what it always is; raises ValueError."""
    (sql, parameters, samples), (other_sql, other_parameters, other_samples) = one, other
    if sql != other_sql or len(parameters) != len(other_parameters):
        raise ValueError(f"{make.__qualname__} asks something else with other values")
    pairs = list(zip(samples, other_samples, strict=True))
    places: list[tuple[int | None, Any]] = []
    for pair in zip(parameters, other_parameters, strict=True):
        if pair in pairs:
            places.append((pairs.index(pair), None))
        elif pair[0] == pair[1]:
            places.append((None, pair[0]))
        else:
            raise ValueError(f"{make.__qualname__} changes a value before it asks: {pair}")
    return places


def _reader(queryset: QuerySet, compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """Return what makes of a row what the queryset would have made of it; raises TypeError."""
    kind = queryset._iterable_class
    if kind is queries.ModelIterable:
        return _model_reader(compiler)
    if kind is queries.FlatValuesListIterable:
        return lambda row: row[0]
    if kind is queries.ValuesListIterable:
        return tuple
    raise TypeError(f"rows as {kind.__name__} cannot be prepared")


def _model_reader(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """Return what ModelIterable does with a row, all that is the same for each done before."""
    model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    related = queries.get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
    annotations = list((compiler.annotation_col_map or {}).items())

    def read(row: Sequence[Any]) -> Any:
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in related:
            populator.populate(row, found)
        for name, place in annotations:
            setattr(found, name, row[place])
        return found

    return read
