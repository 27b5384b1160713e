"""The log keeps the network of staff, is read along indexes, and forgets what is too old."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from newsroom.database_rules import EnforceRule, LiftRule
from newsroom.rules import EVENT_APPEND_ONLY, EVENTS_KEPT


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0004_stamps_in_order"),
    ]

    operations = [
        LiftRule(EVENT_APPEND_ONLY),
        migrations.AddField(
            model_name="event",
            name="network",
            field=models.CharField(blank=True, default="", max_length=32, verbose_name="network"),
        ),
        migrations.AlterField(
            model_name="event",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="at",
            field=models.DateTimeField(verbose_name="at"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="event_in_time"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["verb", "-at", "-id"], name="event_of_verb"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor", "-at", "-id"], name="event_of_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["network", "-at", "-id"], name="event_of_network"),
        ),
        EnforceRule(EVENTS_KEPT),
    ]
