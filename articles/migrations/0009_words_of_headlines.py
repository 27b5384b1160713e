"""SQLite's index: a word of a headline is another word than the same one in a text."""

from django.db import migrations

BATCH = 500
PUT_SIGN = (
    "UPDATE articles_search SET hf = '_' || replace(hf, ' ', ' _'), "
    "he = '_' || replace(he, ' ', ' _') "
    "WHERE rowid >= %s AND rowid <= %s AND hf <> '' AND substr(hf, 1, 1) <> '_'"
)
TAKE_SIGN = (
    "UPDATE articles_search SET hf = substr(replace(hf, ' _', ' '), 2), "
    "he = substr(replace(he, ' _', ' '), 2) "
    "WHERE rowid >= %s AND rowid <= %s AND substr(hf, 1, 1) = '_'"
)


def rewrite(statement):
    def rows(apps, schema_editor):
        if schema_editor.connection.vendor != "sqlite":
            return
        # Some at a time: SQLite puts aside all rows that one statement changes.
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM articles_search ORDER BY rowid")
            places = [place for (place,) in cursor.fetchall()]
            for start in range(0, len(places), BATCH):
                batch = places[start : start + BATCH]
                cursor.execute(statement, [batch[0], batch[-1]])

    return rows


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_index_of_ends")]

    operations = [migrations.RunPython(rewrite(PUT_SIGN), rewrite(TAKE_SIGN))]
