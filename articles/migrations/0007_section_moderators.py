"""Name the moderators of a section."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_no_pending_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="section",
            name="moderators",
            field=models.ManyToManyField(
                blank=True,
                help_text="Nobody chosen: every moderator. A sub-section without any takes its parent's.",
                related_name="moderated_sections",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moderators in charge",
            ),
        ),
    ]
