"""Load the dated provincial units from articles/data/province_timeline.csv."""

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

from django.db import migrations

from newsroom import vietnamese

TIMELINE = Path(__file__).resolve().parent.parent / "data" / "province_timeline.csv"
TYPES = {"Tỉnh": "province", "Thành phố trực thuộc trung ương": "city"}


def load(apps, schema_editor):
    """Make every unit, then point each at its successor."""
    Province = apps.get_model("articles", "Province")
    with TIMELINE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    addresses = address_of_each(rows)
    units = {row["unit_id"]: make(Province, row, addresses[row["unit_id"]]) for row in rows}
    for row in rows:
        if row["successor_unit_id"]:
            unit = units[row["unit_id"]]
            unit.successor = units[row["successor_unit_id"]]
            unit.save(update_fields=["successor"])


def make(Province, row, address):
    return Province.objects.create(
        kind="province",
        name=row["name"],
        slug=address,
        sort_key=vietnamese.sort_key(row["name"]),
        search_words=vietnamese.search_text(row["name"]),
        unit_id=row["unit_id"],
        code=row["code"],
        unit_slug=row["slug"],
        unit_type=TYPES[row["type"]],
        region=row["region_8"],
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        basis=row["basis"],
    )


def day(text):
    return dt.date.fromisoformat(text) if text else None


def address_of_each(rows):
    """Of the units that share a slug the latest owns it; the others add their last day."""
    sharing = defaultdict(list)
    for row in rows:
        sharing[row["slug"]].append(row)
    addresses = {}
    for slug, units in sharing.items():
        *earlier, latest = sorted(units, key=lambda row: row["valid_to"] or "9999")
        addresses[latest["unit_id"]] = slug
        for row in earlier:
            addresses[row["unit_id"]] = f"{slug}-den-{row['valid_to']}"
    return addresses


def unload(apps, schema_editor):
    """Drop the units again; fails while an article carries one."""
    Province = apps.get_model("articles", "Province")
    Province.objects.update(successor=None)
    Province.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_publications_never_overlap")]

    operations = [migrations.RunPython(load, unload)]
