"""The look-up `among`: whether a number is one of many, which are one value of the query.

`in` makes a value of each, so that a thousand numbers are a long query that is another one for
each length: to write, read and plan it costs more than to answer it.
"""

from typing import Any

from django.db.models import Field, ForeignObject, Lookup


class Many(list[int]):
    """Whole numbers; what `among` is asked with in a prepared query."""

    def spelt(self, vendor: str) -> str:
        """Return them as the database takes them."""
        numbers = ",".join(map(str, self))
        return f"[{numbers}]" if vendor == "sqlite" else f"{{{numbers}}}"


@Field.register_lookup
@ForeignObject.register_lookup  # which inherits none
class Among(Lookup):
    """`revision__among=[1, 2, 3]`"""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list]:
        """Return the condition for SQLite, which has no arrays."""
        return self._asked(compiler, connection, "{} IN (SELECT value FROM json_each(%s))")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        """Return the condition for PostgreSQL."""
        return self._asked(compiler, connection, "{} = ANY(%s::bigint[])")

    def _asked(self, compiler: Any, connection: Any, condition: str) -> tuple[str, list]:
        column, parameters = self.process_lhs(compiler, connection)
        return condition.format(column), [*parameters, Many(self.rhs).spelt(connection.vendor)]
