"""Other names of topics, and the addresses of those that were merged."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="OldTopicSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_slugs",
                        to="articles.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "old address of a topic",
                "verbose_name_plural": "old addresses of topics",
            },
        ),
        migrations.CreateModel(
            name="TopicName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                ("search_words", models.TextField(editable=False)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="articles.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name of a topic",
                "verbose_name_plural": "other names of topics",
            },
        ),
    ]
