"""Sections in the admin: the menu of the site."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom.roles import Role

from .. import catalogue
from ..models import Section
from .lists import ADMINISTRATORS, CatalogueAdmin


@admin.register(Section)
class SectionAdmin(CatalogueAdmin):
    """The administrator's; a section with articles cannot be deleted."""

    viewers = frozenset({Role.ADMINISTRATOR, Role.SECRETARY, Role.EDITOR})
    adders = changers = deleters = ADMINISTRATORS
    list_display = ["name", "slug", "parent", "position"]
    list_select_related = ["parent"]
    ordering = ["parent__position", "position", "id"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "parent", "position", "editors"]
    filter_horizontal = ["editors"]

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        """Save, log, and tell the pages that show it."""
        catalogue.save_section(actor=request.user, section=obj)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """A few dozen rows: found as Django finds them."""
        return super(CatalogueAdmin, self).get_search_results(request, queryset, search_term)

    def delete_model(self, request: HttpRequest, obj: Section) -> None:
        """Delete and tell the pages."""
        catalogue.delete_section(actor=request.user, section=obj)
