"""The engine of the database at hand."""

from types import ModuleType

from django.db import connection

from . import fts5, tsearch


def current() -> ModuleType:
    """Return the module with `put`, `drop`, `clear` and `match` for this database."""
    return fts5 if connection.vendor == "sqlite" else tsearch
