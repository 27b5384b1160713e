"""Keep with each decision what the comment was before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_count_and_decide")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="before",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
