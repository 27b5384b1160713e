"""The units as they stood on 10/7/2020, and the changes since, read from the timeline's file."""

import csv
import datetime as dt
from importlib import import_module

from articles.mergers import Change, NewUnit
from articles.models import Province
from newsroom import vietnamese

_LOADING = import_module("articles.migrations.0003_provinces")
_COLUMNS = (
    "unit_id",
    "code",
    "name",
    "slug",
    "unit_type",
    "valid_from",
    "valid_to",
    "successor__unit_id",
)


def timeline():
    """The rows of the file."""
    with _LOADING.TIMELINE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_of_2020():
    """Leave the 63 units of 10/7/2020 in the database, none of them ended."""
    Province.objects.update(successor=None)
    Province.objects.all().delete()
    for row in timeline():
        if row["unit_id"].endswith("@pre"):
            _LOADING.make(Province, row | {"valid_to": ""}, row["slug"])


def changes():
    """Every change as (unit_ids of the old, row of the new), the earliest first."""
    rows = timeline()
    made = [row for row in rows if not row["unit_id"].endswith("@pre")]
    for new in sorted(made, key=lambda row: row["valid_from"]):
        old = [row["unit_id"] for row in rows if row["successor_unit_id"] == new["unit_id"]]
        yield old, new


def change(old, row, **fields):
    """The change of one row of `changes`."""
    values = {
        "name": row["name"],
        "code": row["code"],
        "slug": row["slug"],
        "unit_type": _LOADING.TYPES[row["type"]],
    }
    day = dt.date.fromisoformat(row["valid_from"])
    return Change(numbers(*old), NewUnit(**values | fields), day, row["basis"])


def plain_change(*unit_ids, day=dt.date(2027, 1, 1), basis="Nghị quyết 1/2027/QH16", **fields):
    """A change of today's units that never was: by its name the new one gets code and address."""
    name = fields.pop("name", "Kinh Bắc")
    values = {"code": "90", "slug": vietnamese.slug(name), "unit_type": "province"} | fields
    return Change(numbers(*unit_ids), NewUnit(name, **values), day, basis)


def numbers(*unit_ids):
    """The numbers of the units."""
    found = dict(Province.objects.filter(unit_id__in=unit_ids).values_list("unit_id", "pk"))
    return tuple(found[unit_id] for unit_id in unit_ids)


def table():
    """All that a merger may change: each unit's columns, and what went into it."""
    return {
        unit["unit_id"]: (unit, sorted(into(unit["unit_id"])))
        for unit in Province.objects.values(*_COLUMNS)
    }


def into(unit_id):
    """The unit_ids of what went into a unit."""
    return Province.objects.filter(successor__unit_id=unit_id).values_list("unit_id", flat=True)
