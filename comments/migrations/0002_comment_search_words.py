"""Let comments be searched without accents; those there are get their words."""

from django.db import migrations, models

from newsroom import vietnamese

BATCH = 1000


def fill(apps, schema_editor):
    """Write the search words of every comment, a batch at a time."""
    rows = apps.get_model("comments", "Comment").objects.order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        for comment in batch:
            comment.search_words = vietnamese.search_text(comment.name, comment.text)
        rows.bulk_update(batch, ["search_words"], batch_size=100)
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial"), ("articles", "0003_provinces")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="search_words",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
