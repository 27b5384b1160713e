"""Do without pending entries in the search index of PostgreSQL; tsearch says why."""

from django.db import migrations

from articles.search import tsearch

# The index may be made with the option already: then both change nothing.
DO_WITHOUT = (
    f"ALTER INDEX {tsearch.INDEX} SET (fastupdate = off)",
    f"SELECT gin_clean_pending_list('{tsearch.INDEX}')",
)


def do_without(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in DO_WITHOUT:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_topics")]

    operations = [migrations.RunPython(do_without, migrations.RunPython.noop)]
