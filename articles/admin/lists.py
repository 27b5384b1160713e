"""What the lists of the catalogue share: search without accents, addresses made from names."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom import vietnamese
from newsroom.role_admin import RoleAdmin, holds
from newsroom.roles import ADMINISTRATORS, EVERYBODY, WRITERS

from ..permissions import KEEPERS, may_add, may_change
from .address_form import AddressFormField, NamedForm, follow_words

READERS = WRITERS | ADMINISTRATORS


def search_folded(queryset: QuerySet, typed: str, column: str = "search_words") -> QuerySet:
    """Keep the rows whose search words hold, for every word typed, one that begins with it."""
    for term in vietnamese.search_terms(typed):
        queryset = queryset.filter(**{f"{column}__contains": f" {term}"})
    return queryset


class KeptAdmin(RoleAdmin):
    """What `permissions` says who may add to and change."""

    viewers = READERS

    def has_add_permission(self, request: HttpRequest) -> bool:
        """As `permissions` says."""
        return holds(request, EVERYBODY) and may_add(request.user, self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As `permissions` says; of nothing in particular: whoever may change anything of it."""
        if not holds(request, EVERYBODY):
            return False
        if obj is None:
            adders, changers = KEEPERS.get(self.model, (frozenset(), frozenset()))
            return bool(request.user.roles & (adders | changers))
        return may_change(request.user, obj)


class CatalogueAdmin(KeptAdmin):
    """A list of the catalogue. Each saves through its function of `articles.catalogue`."""

    sorted_as = {"name": "sort_key"}
    search_fields = ["search_words"]
    ordering = ["sort_key"]
    form = NamedForm
    formfield_overrides = {models.SlugField: {"form_class": AddressFormField}}
    slug_words = "{name}"

    class Media:
        js = [forms.Script("js/slug.js", defer=True)]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """Find with or without accents."""
        return search_folded(queryset, search_term), False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any):
        """Let the address be empty: it is made from the name, of a new one while one types."""
        form = super().get_form(request, obj, **kwargs)
        if slug := form.base_fields.get("slug"):
            slug.required = False
            if obj is None:
                follow_words(slug, self.slug_words)
        return form
