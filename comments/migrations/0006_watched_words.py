"""Load the starting list of watched words from comments/data/watched_words.csv."""

import csv
from pathlib import Path

from django.db import migrations

LIST = Path(__file__).resolve().parent.parent / "data" / "watched_words.csv"


def load(apps, schema_editor):
    """Add the phrases that are not there; what a newsroom has made of its list stays."""
    word = apps.get_model("comments", "WatchedWord")
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(word.objects.values_list("phrase", flat=True))
    word.objects.bulk_create(
        word(phrase=row["phrase"], points=int(row["points"]), is_allowed=row["is_allowed"] == "1")
        for row in rows
        if row["phrase"] not in known
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_reader")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
