"""Cursors: what a page's address says of where it begins."""

import datetime as dt

import pytest

from newsroom import keyset
from newsroom.keyset import Key


@pytest.mark.parametrize("year", [1945, 1969, 2026])
def test_spelling_a_moment_and_reading_it_gives_the_moment(year):
    key = Key(dt.datetime(year, 9, 2, 14, 30, 5, 123_456, dt.UTC), 7)
    assert keyset.read_moment(key.spelt()) == key


def test_spelling_a_number_and_reading_it_gives_the_number():
    assert keyset.read(Key(12, 7).spelt()) == Key(12, 7)


@pytest.mark.parametrize(
    "text",
    ["", "x", "7", "7_", "_7", "1_2_3", "1-2", "１_２", "1_2\n", "1" * 18 + "_2", "1_" + "2" * 19],
)
def test_what_is_no_cursor_is_read_as_none(text):
    assert keyset.read(text) is keyset.read_moment(text) is None


def test_a_moment_before_all_years_is_none():
    assert keyset.read_moment("-99999999999999999_1") is None
