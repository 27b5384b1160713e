"""Dates as people type them: the day first, in every field of every form."""

import datetime as dt

import pytest
from django import forms
from django.apps import apps
from django.db import models

from newsroom import vietnamese

DAY = dt.date(2020, 7, 10)
HALF_PAST_FOUR = dt.datetime(2020, 7, 10, 16, 30, tzinfo=vietnamese.ZONE)


@pytest.mark.parametrize(
    "typed",
    [
        "10/7/2020",
        "10/07/2020",
        "10-7-2020",
        "10.7.2020",
        "10/7/20",
        "10-07-20",
        "10.7.20",
        "2020-07-10",
    ],
)
def test_a_day(typed):
    assert forms.DateField().clean(typed) == DAY
    assert forms.DateTimeField().clean(typed) == dt.datetime.combine(
        DAY, dt.time(), vietnamese.ZONE
    )


@pytest.mark.parametrize("typed", ["7/25/2020", "31/2/2020", "2020/7/10"])
def test_a_month_never_comes_first(typed):
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "10/7/2020 16:30",
        "10/07/2020, 16:30",
        "10-7-2020 16:30",
        "10.7.2020 16:30",
        "10/7/20 16:30",
        "10/7/2020 16:30:00",
        "10/7/2020 16h30",
        "2020-07-10 16:30",
    ],
)
def test_a_day_with_its_hour(typed):
    assert forms.DateTimeField().clean(typed) == HALF_PAST_FOUR


@pytest.mark.parametrize("typed", ["16:30", "16h30", "16g30", "16:30:00"])
def test_an_hour(typed):
    assert forms.TimeField().clean(typed) == dt.time(16, 30)


def test_fields_show_what_they_read():
    assert forms.DateField().widget.format_value(DAY) == "10/07/2020"
    assert forms.DateTimeField().widget.format_value(HALF_PAST_FOUR) == "10/07/2020 16:30"


def test_every_date_of_ours_reads_the_day_first():
    read = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateField) and field.editable:
                day = field.formfield().clean("10/7/2020")
                assert f"{day:%d %m %Y}" == "10 07 2020", field
                read.add(field.name)
    assert {"valid_from", "valid_to", "pledged_on"} <= read
