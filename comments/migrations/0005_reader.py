"""What the newsroom chose of an article is found without reading all of its comments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_count_and_decide")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("picked_at__isnull", False)),
                fields=["article", "picked_at"],
                name="comment_picked",
            ),
        ),
    ]
