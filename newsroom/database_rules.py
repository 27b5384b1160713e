"""What the database has beside the tables of models, in both dialects: exclusion constraints,
triggers, and the tables of search engines.

An app lists its rules in `AppConfig.database_rules`; a migration makes each with `EnforceRule`.
SQLite's table remake drops triggers silently, and on PostgreSQL the owner of a table can switch
them off; so `restore` runs after every migrate, and the system check and /healthz say which one is
missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.operations.base import Operation

_FIND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT conname FROM pg_constraint WHERE contype = 'x' "
        "UNION SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    ),
}
# A trigger that is there and does nothing: whoever owns its table can switch it off.
_SWITCHED_OFF = (
    "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgenabled NOT IN ('O', 'A')"
)


@dataclass(frozen=True)
class Rule:
    """One promise about one table. `sqlite` and `postgresql` map the name of each trigger,
    constraint or table to the statements that make it. `undo_postgresql` takes all of it back,
    `undo_sqlite` what is no trigger."""

    table: str
    sqlite: dict[str, tuple[str, ...]]
    postgresql: dict[str, tuple[str, ...]]
    undo_postgresql: tuple[str, ...] = ()
    undo_sqlite: tuple[str, ...] = ()

    def parts(self, vendor: str) -> dict[str, tuple[str, ...]]:
        """Return what makes the rule on that database."""
        return self.sqlite if vendor == "sqlite" else self.postgresql

    def undo(self, vendor: str) -> tuple[str, ...]:
        """Return what takes the rule back on that database."""
        if vendor == "sqlite":
            triggers = tuple(f"DROP TRIGGER IF EXISTS {name}" for name in self.sqlite)
            return self.undo_sqlite or triggers
        return self.undo_postgresql


def all_rules() -> Iterator[Rule]:
    """Yield the rules of every installed app."""
    for config in apps.get_app_configs():
        yield from getattr(config, "database_rules", ())


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of what should be there and is not, or is switched off.

    Tables not yet made are left aside.
    """
    connection = connections[using]
    found = _found(connection) - _switched_off(connection).keys()
    tables = set(connection.introspection.table_names())
    rules = (rule for rule in all_rules() if rule.table in tables)
    return [name for rule in rules for name in rule.parts(connection.vendor) if name not in found]


def _found(connection: Any) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def _switched_off(connection: Any) -> dict[str, str]:
    """Return the triggers that are switched off, each with its table."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SWITCHED_OFF)
        return dict(cursor.fetchall())


def restore(using: str = DEFAULT_DB_ALIAS, **signal: Any) -> None:
    """Make again what is missing, and switch on what is off; harmless at any time.

    Connected to post_migrate.
    """
    _switch_on(connections[using])
    gone = set(missing(using))
    for rule in all_rules():
        _make(rule, connections[using], gone)


def _switch_on(connection: Any) -> None:
    ours = {name for rule in all_rules() for name in rule.parts(connection.vendor)}
    off = _switched_off(connection)
    lines = [f"ALTER TABLE {off[name]} ENABLE TRIGGER {name}" for name in sorted(off.keys() & ours)]
    _run(connection, tuple(lines))


def _make(rule: Rule, connection: Any, gone: set[str]) -> None:
    for name, statements in rule.parts(connection.vendor).items():
        if name in gone:
            _run(connection, statements)


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class EnforceRule(Operation):
    """The migration operation that makes a rule, and takes it back in reverse."""

    reversible = True

    def __init__(self, rule: Rule):
        self.rule = rule

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: models do not know of rules."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Make what is not there yet: `restore` may have been faster after a step back."""
        connection = schema_editor.connection
        parts = set(self.rule.parts(connection.vendor))
        _make(self.rule, connection, parts - _found(connection))

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Take the rule back."""
        _run(schema_editor.connection, self.rule.undo(schema_editor.connection.vendor))

    def describe(self) -> str:
        """Return the line that `migrate` prints."""
        return f"Enforce {', '.join(self.rule.sqlite)}"


class LiftRule(EnforceRule):
    """The migration operation that takes a rule back, and makes it again in reverse."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Take the rule back."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Make the rule again."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Return the line that `migrate` prints."""
        return f"Lift {', '.join(self.rule.sqlite)}"
