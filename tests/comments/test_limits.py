"""Budgets: counted in the database, for all workers, in windows of time."""

import datetime as dt
import threading

import pytest
from django.db import connection

from comments import limits
from comments.models import Budget

WRONG = limits.Limit("wrong", number=3, seconds=600)
NOON = dt.datetime(2026, 11, 26, 12, 3, tzinfo=dt.UTC)


@pytest.mark.django_db
class TestBudget:
    @pytest.fixture(autouse=True)
    def _noon(self, clock):
        clock(NOON)

    def test_each_time_counts(self):
        assert [limits.spend(WRONG, "a") for _ in range(4)] == [1, 2, 3, 4]
        assert limits.spent(WRONG, "a") == 4

    def test_the_limit_is_reached_with_its_number(self):
        for _ in range(2):
            limits.spend(WRONG, "a")
        assert not limits.is_over(WRONG, "a")
        limits.spend(WRONG, "a")
        assert limits.is_over(WRONG, "a")

    def test_others_have_their_own(self):
        for _ in range(5):
            limits.spend(WRONG, "a", 12)
        assert not limits.is_over(WRONG, "a", 13)
        assert not limits.is_over(WRONG, "b", 12)
        assert not limits.is_over(limits.Limit("send", 3, 600), "a", 12)

    def test_a_new_window_begins_with_nothing(self, clock):
        for _ in range(5):
            limits.spend(WRONG, "a")
        clock(NOON + dt.timedelta(minutes=7))
        assert limits.spend(WRONG, "a") == 1

    def test_a_rest_begun_by_a_clock_that_ran_ahead_is_none(self, clock):
        clock(NOON + dt.timedelta(days=1))
        limits.rest(WRONG, "a")
        assert limits.rests_until(WRONG, "a")
        clock(NOON)
        assert limits.rests_until(WRONG, "a") is None

    def test_the_table_holds_no_more_than_what_is_looked_at(self, clock):
        for number in range(60):
            limits.spend(WRONG, number)
        clock(NOON + dt.timedelta(days=3))
        for number in range(4):
            limits.spend(WRONG, number)
        assert Budget.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_side_by_side_every_one_counts():
    """Eight threads, each ten times: none is lost."""

    def spend():
        for _ in range(10):
            limits.spend(WRONG, "a")
        connection.close()

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Budget.objects.filter(key="wrong:a").values_list("used", flat=True).get() == 80
