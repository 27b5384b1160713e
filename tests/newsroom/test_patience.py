"""How long the server waits for PostgreSQL, and what it leaves behind there."""

import time
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from newsroom.postgresql import patience
from tests.page_cache.servers import until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a server apart"),
]


@pytest.fixture
def impatient(monkeypatch):
    """A connection as those of the server, which waits half a second."""
    monkeypatch.setattr(patience, "_is_impatient", True)
    monkeypatch.setattr(patience, "_silent_until", float("-inf"))
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    with closing(patience.connect(connection.get_connection_params())) as made:
        yield made


def at_work(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone()[0]


def test_what_waits_for_a_lock_is_given_up_on_both_sides(impatient):
    pid = impatient.info.backend_pid
    with closing(connection.copy()) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE newsroom_stamp IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            impatient.execute("SELECT * FROM newsroom_stamp")
        assert time.monotonic() - begun < 2
        until(lambda: not at_work(pid), 5, "its statement waits on")
        other.rollback()


def test_a_server_that_took_notice_is_asked_again_at_once(impatient):
    with pytest.raises(psycopg.OperationalError):
        impatient.execute("SELECT pg_sleep(20)")
    with closing(patience.connect(connection.get_connection_params())) as made:
        assert made.execute("SELECT 1").fetchone()[0] == 1
