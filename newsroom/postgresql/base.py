"""The backend by the name Django looks for."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from . import patience


class _Database:
    """The driver as Django's backend uses it, but for the way it connects."""

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)

    @staticmethod
    def connect(**arguments: Any) -> psycopg.Connection:
        return patience.connect(arguments)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with connections that do not wait for ever."""

    Database = _Database()
