"""What no database decides is asked in the run on SQLite alone."""

import pytest
from django.db import connection

once = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="no database decides this: see the run on SQLite"
)
