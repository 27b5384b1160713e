"""Keep with each decision what the comment was before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0006_watched_words")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="before",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
