"""What the lists of the catalogue share: search without accents, addresses made from names."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom import vietnamese
from newsroom.role_admin import WRITERS, RoleAdmin
from newsroom.roles import Role

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
READERS = WRITERS | ADMINISTRATORS


def search_folded(queryset: QuerySet, typed: str, column: str = "search_words") -> QuerySet:
    """Keep the rows whose search words hold, for every word typed, one that begins with it."""
    for term in vietnamese.search_terms(typed):
        queryset = queryset.filter(**{f"{column}__contains": f" {term}"})
    return queryset


class CatalogueAdmin(RoleAdmin):
    """A list of the catalogue. Each saves through its function of `articles.catalogue`."""

    viewers = READERS
    search_fields = ["search_words"]
    ordering = ["sort_key"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """Find with or without accents."""
        return search_folded(queryset, search_term), False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any):
        """Let the address be empty: it is made from the name."""
        form = super().get_form(request, obj, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
        return form
