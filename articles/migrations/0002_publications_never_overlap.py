"""Two publications of one article never overlap: the database itself says so."""

from django.db import migrations

from articles.rules import PUBLICATION_NO_OVERLAP
from newsroom.database_rules import EnforceRule


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [EnforceRule(PUBLICATION_NO_OVERLAP)]
