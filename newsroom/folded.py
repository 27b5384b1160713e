"""Small tables, hundreds of rows at most, searched as people type: with accents or without."""

from django.db.models import QuerySet

from . import vietnamese


def found(rows: QuerySet, typed: str, *columns: str) -> QuerySet:
    """Keep the rows in whose columns each word typed begins one; all of them are read."""
    terms = vietnamese.search_terms(typed)
    if not terms:
        return rows.none() if typed.strip() else rows
    texts = (
        (pk, vietnamese.search_text(*map(str, held)))
        for pk, *held in rows.values_list("pk", *columns)
    )
    return rows.filter(
        pk__in=[pk for pk, text in texts if all(f" {term}" in text for term in terms)]
    )
