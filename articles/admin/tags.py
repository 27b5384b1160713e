"""Tags in the admin: topics, places, clusters, and the list the article form picks from."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.role_admin import InlineRights

from .. import catalogue
from ..mergers import Undoing
from ..models import Cluster, ClusterMember, ClusterTerm, Province, Tag, Topic
from ..permissions import may_merge
from . import merge_pages, places
from .lists import CatalogueAdmin, search_folded


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
        """Places of the article's day come before those of other days."""
        rows = search_folded(queryset, search_term)
        return places.of_the_day_first(rows, places.asked_day(request)), False

    def suggestion(self, request: HttpRequest, tag: Tag) -> str:
        """Return a tag as the article form offers it."""
        if not hasattr(request, "places"):
            request.places = places.Places(places.asked_day(request))
        return request.places.label(tag)


@admin.register(Topic)
class TopicAdmin(CatalogueAdmin):
    """Every writer may add a topic, editors and the secretary mend one."""

    list_display = ["name", "slug"]
    fields = ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address that is given stays."""
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """Save, log, and tell the pages that show it."""
        catalogue.save_tag(actor=request.user, tag=obj)


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


_DAYS_FIRST = {
    models.DateField: {
        "widget": AdminDateWidget({"placeholder": _("day/month/year"), "size": "14"})
    }
}


class MemberInline(InlineRights, admin.TabularInline):
    """Members with their days."""

    model = ClusterMember
    formfield_overrides = _DAYS_FIRST
    extra = 1
    fields = ["name", "province", "valid_from", "valid_to"]
    autocomplete_fields = ["province"]
    ordering = ["valid_from", "id"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A member has stood in terms and on pages: it is ended, not deleted."""
        return False


class TermInline(InlineRights, admin.TabularInline):
    """Who leads, year by year."""

    model = ClusterTerm
    formfield_overrides = _DAYS_FIRST
    extra = 1
    fields = ["year", "chair", "deputy", "host", "pledged_on"]
    ordering = ["-year"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any):
        """Offer the cluster's own members only, asked for once for all rows."""
        cluster = request.resolver_match.kwargs.get("object_id")
        members = ClusterMember.objects.filter(cluster=cluster)
        if not hasattr(request, "members_offered"):
            rows = sorted(members, key=lambda member: vietnamese.sort_key(member.name))
            request.members_offered = [("", "–"), *((row.pk, row.name) for row in rows)]
        field = super().formfield_for_foreignkey(
            db_field, request, **kwargs | {"queryset": members}
        )
        field.choices = request.members_offered
        return field


@admin.register(Cluster)
class ClusterAdmin(CatalogueAdmin):
    """A cluster's name follows from its kind, number and owner."""

    list_display = ["name", "sector", "chair_now"]
    sortable_by = ["name"]
    slug_words = "{form} thi đua[ số {number_printed}] – {owner}"
    fields = ["form", "number", "number_printed", "owner", "sector", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address that is given stays."""
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Cluster, form: Any, change: bool) -> None:
        """Save, log, and tell the pages that show it."""
        catalogue.save_cluster(actor=request.user, cluster=obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        """Clusters with their terms at once."""
        return super().get_queryset(request).prefetch_related("terms__chair")

    def get_inlines(self, request: HttpRequest, obj: Any) -> list:
        """Years come once there are members to choose from."""
        return [MemberInline, TermInline] if obj else [MemberInline]

    @admin.display(description=_("chair this year"))
    def chair_now(self, cluster: Cluster) -> str:
        """Who leads this year."""
        year = timezone.now().astimezone(vietnamese.ZONE).year
        chairs = (term.chair for term in cluster.terms.all() if term.year == year)
        return str(next(chairs, None) or "")
