"""Sections in the admin: the menu of the site."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest

from newsroom import folded
from newsroom.roles import ADMINISTRATORS, Role
from newsroom.signing_in.password_again import RightsAskAgain

from .. import catalogue
from ..models import Section
from .address_form import NamedForm
from .lists import CatalogueAdmin


class SectionForm(NamedForm):
    """A section; what it may not be is said by the catalogue."""

    class Meta:
        # Boxes: Django's two lists with arrows speak English, and need a script.
        widgets = {
            "editors": forms.CheckboxSelectMultiple,
            "moderators": forms.CheckboxSelectMultiple,
        }

    def clean(self) -> dict[str, Any]:
        """Ask the catalogue, with what was typed on the instance."""
        data = super().clean()
        typed = Section(pk=self.instance.pk, slug=data.get("slug") or "", parent=data.get("parent"))
        for name, problem in catalogue.section_problems(typed).items():
            self.add_error(name, problem)
        return data


@admin.register(Section)
class SectionAdmin(RightsAskAgain, CatalogueAdmin):
    """The administrator's; a section with articles cannot be deleted."""

    # A sub-section in which nobody is named belongs to those of its parent.
    rights = frozenset({"editors", "moderators", "parent"})
    viewers = ADMINISTRATORS | {Role.SECRETARY, Role.EDITOR}
    deleters = ADMINISTRATORS
    form = SectionForm
    list_display = ["name", "slug", "parent", "position"]
    list_select_related = ["parent"]
    # In the order of the menu; a dozen names need no other.
    sortable_by = ()
    ordering = ["parent__position", "position", "id"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "parent", "position", "editors", "moderators"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new section stands last in the menu."""
        last = Section.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        """Save with who is in charge, keep the old address, tell the pages."""
        chosen = {name: form.cleaned_data.get(name) for name in ("editors", "moderators")}
        catalogue.save_section(actor=request.user, section=obj, **chosen)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """By name or address, with or without accents."""
        return folded.found(queryset, search_term, *self.search_fields), False

    def delete_model(self, request: HttpRequest, obj: Section) -> None:
        """Delete and tell the pages."""
        catalogue.delete_section(actor=request.user, section=obj)
