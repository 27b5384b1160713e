"""The index of the search engine, with all that is there already."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from articles.rules import SEARCH_INDEX
from articles.search import fts5, tsearch
from articles.search.entries import entry, place_of
from newsroom.database_rules import EnforceRule
from newsroom.rich_text import plain_text

BATCH = 200


def index(apps, schema_editor):
    """Store an entry of every newest revision and of every one with a publication."""
    Revision = apps.get_model("articles", "Revision")
    SearchEntry = apps.get_model("articles", "SearchEntry")
    shown = apps.get_model("articles", "Publication").objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))
    )
    shown = set(shown.values_list("revision", flat=True))
    rows = Revision.objects.select_related("article").prefetch_related("byline")
    for revision in rows.order_by("pk").iterator(chunk_size=BATCH):
        if revision.pk in shown or revision.pk == revision.article.newest_revision_id:
            made = entry_of(revision, revision.pk in shown)
            SearchEntry.objects.create(revision=revision, place=made.place)
            (fts5 if schema_editor.connection.vendor == "sqlite" else tsearch).put([made])


def entry_of(revision, is_shown):
    article = revision.article
    byline = sorted(revision.byline.all(), key=lambda name: name.position)
    facets = [f"a{name.author_id}" for name in byline]
    facets += [f"s{article.section_id}"] if article.section_id else []
    facets += ["d"] if article.date_precision != "none" else []
    facets += [f"t{pk}" for pk in article.tags.values_list("pk", flat=True)]
    facets += ["p"] if is_shown else []
    return entry(
        place_of(article.first_public_at or revision.saved_at, revision.pk),
        revision.headline,
        (revision.standfirst, plain_text(revision.body)),
        [name.name for name in byline],
        dict.fromkeys(facets),
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_provinces")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="articles.revision",
                    ),
                ),
                ("place", models.BigIntegerField(unique=True)),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
            },
        ),
        EnforceRule(SEARCH_INDEX),
        migrations.RunPython(index, migrations.RunPython.noop),
        migrations.RemoveField(model_name="revision", name="search_words"),
    ]
