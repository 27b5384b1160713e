"""The names under texts know their article and its date, so that an author's list is one walk."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When

BATCH = 50_000


def fill(apps, schema_editor):
    """Write beside every name its article and, where the text was shown or waits, the date."""
    names = apps.get_model("articles", "Byline").objects
    ends = names.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    # Some at a time: SQLite puts aside all rows that one statement changes.
    for start in range(ends["first"] or 0, (ends["last"] or 0) + 1, BATCH):
        batch = names.filter(pk__gte=start, pk__lt=start + BATCH)
        batch.update(article=of_text(apps, "article"), first_public_at=date(apps))


def date(apps):
    shown = apps.get_model("articles", "Publication").objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), revision=OuterRef("revision")
    )
    # One who stands twice under a text is listed once.
    before = apps.get_model("articles", "Byline").objects.filter(
        revision=OuterRef("revision"),
        author=OuterRef("author"),
        position__lt=OuterRef("position"),
    )
    return Case(
        When(Exists(shown) & ~Exists(before), then=of_text(apps, "article__first_public_at")),
        default=None,
    )


def of_text(apps, column):
    revisions = apps.get_model("articles", "Revision").objects
    return Subquery(revisions.filter(pk=OuterRef("revision")).values(column)[:1])


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_order_of_the_desk")]

    operations = [
        migrations.AddField(
            model_name="byline",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="byline",
            name="first_public_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="byline",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.article",
            ),
        ),
        migrations.AddIndex(
            model_name="byline",
            index=models.Index(
                condition=models.Q(("first_public_at__isnull", False)),
                fields=["author", "-first_public_at", "-article"],
                name="article_of_author",
            ),
        ),
    ]
