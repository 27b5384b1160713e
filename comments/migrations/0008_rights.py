"""Letters about one's own data and about single replies; the first consent text."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Lower
from django.utils import timezone

TEXT = Path(__file__).resolve().parent.parent / "data" / "consent.txt"


def load(apps, schema_editor):
    """Put the first text in force where there is none."""
    consents = apps.get_model("comments", "ConsentText").objects
    if not consents.exists():
        text = TEXT.read_text(encoding="utf-8").strip()
        consents.create(text=text, valid_from=timezone.now())


def lower(apps, schema_editor):
    """Let one address be written in one way: whoever asks for his comments finds all of them."""
    rows = apps.get_model("comments", "Comment").objects.exclude(email="")
    rows.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("comments", "0007_desk")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="reply",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="comments.comment",
                verbose_name="reply",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirm", "confirm the comment"),
                    ("subscribe", "confirm the address"),
                    ("decided", "what became of the comment"),
                    ("replies", "replies"),
                    ("own_data", "the way to one's own data"),
                ],
                max_length=9,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunPython(lower, migrations.RunPython.noop),
    ]
