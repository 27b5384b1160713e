"""What migrations load, kept aside: between tests on a live server all tables are emptied."""

from django.core.management import call_command
from django.db import connection, transaction

_kept: list[str] = []


def keep() -> None:
    """Copy every table that is not empty; the first time only, when all is as after a migrate."""
    if _kept:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # Nothing that looks for tables finds these.
            cursor.execute("CREATE SCHEMA kept")
        for table in connection.introspection.django_table_names(only_existing=True):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {_copy(table)} AS SELECT * FROM {name}")
                _kept.append(table)


def put_back() -> None:
    """Empty all tables and fill them as they were; no signal is sent."""
    call_command(
        "flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _kept:
            name = connection.ops.quote_name(table)
            cursor.execute(f"INSERT INTO {name} SELECT * FROM {_copy(table)}")


def _copy(table: str) -> str:
    name = connection.ops.quote_name
    return f"kept.{name(table)}" if connection.vendor == "postgresql" else name(f"kept_{table}")
