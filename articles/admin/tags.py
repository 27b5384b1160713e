"""Tags in the admin: places, and the list of all kinds that the article form picks from."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom import vietnamese

from ..mergers import Undoing
from ..models import Province, Tag
from ..permissions import may_merge
from . import merge_pages, places
from .lists import CatalogueAdmin


@admin.register(Tag)
class TagAdmin(CatalogueAdmin):
    """What the article form searches in: every kind at once. It has no page of its own."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the catalogue: each kind has its own list there."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """Tags with what their labels need."""
        return super().get_queryset(request).select_related("province")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """By any name; places of the article's day come before those of other days."""
        rows = queryset.named(vietnamese.search_terms(search_term))
        return places.of_the_day_first(rows, places.asked_day(request)), False

    def suggestion(self, request: HttpRequest, tag: Tag) -> str:
        """Return a tag as the article form offers it."""
        if not hasattr(request, "places"):
            request.places = places.Places(places.asked_day(request))
        return request.places.label(tag)


@admin.register(Province)
class ProvinceAdmin(CatalogueAdmin):
    """Places are facts: loaded from the timeline, read here, changed by mergers alone."""

    list_display = ["name", "unit_type", "code", "valid_from", "valid_to", "successor"]
    sorted_as = {"name": "sort_key", "successor": "successor__sort_key"}
    list_filter = ["unit_type"]
    list_select_related = ["successor"]
    list_per_page = 200
    fields = [
        "name",
        "slug",
        "unit_id",
        "code",
        "unit_type",
        "region",
        "valid_from",
        "valid_to",
        "successor",
        "basis",
    ]

    def get_urls(self) -> list:
        """Django's addresses, and those of merging and undoing."""
        view = self.admin_site.admin_view
        own = [
            path("merge/", view(self.merge_view), name="articles_province_merge"),
            path(
                "<int:object_id>/undo/",
                view(self.undo_view),
                name="articles_province_undo",
            ),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the way to merging for whoever may."""
        context = {"may_merge": may_merge(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A unit's facts, with the way to undo the merger it came from."""
        unit = self.get_object(request, object_id)
        offered = bool(unit) and may_merge(request.user) and Undoing.is_possible(unit)
        context = {"may_undo": offered, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Merge or rename units, in three steps."""
        return merge_pages.merge_page(self, request)

    def undo_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take a merger back."""
        if not may_merge(request.user):
            raise PermissionDenied
        unit = self.get_object(request, str(object_id))
        if unit is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        return merge_pages.undo_page(self, request, unit)
