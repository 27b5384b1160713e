"""Clusters in the admin: name, members with their days, and who leads year by year."""

import datetime as dt
import json
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import InlineAdminFormSet
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom import events, vietnamese
from newsroom.fields import row_number
from newsroom.role_admin import InlineRights

from .. import catalogue, cluster_years, clusters, listing
from ..models import Cluster, ClusterMember, ClusterTerm
from .lists import CatalogueAdmin
from .year_page import year_page


class PlaceSelect(AutocompleteSelect):
    """Finds places as one types; `labels` are those of all, asked for once for all rows."""

    labels: dict[str, str] = {}

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list:
        """Return the chosen place alone, without a query."""
        chosen = [pk for pk in value if pk in self.labels]
        options = [self.create_option(name, "", "", False, 0)] if not self.is_required else []
        options += [
            self.create_option(name, pk, self.labels[pk], True, place)
            for place, pk in enumerate(chosen, start=1)
        ]
        return [(None, options, 0)]


class MemberFormSet(forms.BaseInlineFormSet):
    """Hands what was typed on to the years, which are checked against it."""

    def clean(self) -> None:
        """Keep the members as they would be, if each of them is right by itself.

        Refuse a form that is older than what somebody saved meanwhile.
        """
        super().clean()
        last = clusters.last_change(self.instance) if self.instance.pk else None
        if last and "seen" in self.data and last.pk != row_number(self.data["seen"]):
            text = _now("What you typed is all here; saved again it stands over that.")
            raise forms.ValidationError(f"{events.sentence(last)} {text}")
        if not any(self.errors):
            self.instance.typed_members = {
                form.instance.pk: form.instance for form in self.initial_forms
            }


class TermFormSet(forms.BaseInlineFormSet):
    """Years whose leaders are members in them."""

    def clean(self) -> None:
        """Say beside the office who is no member in that year."""
        super().clean()
        members = getattr(self.instance, "typed_members", None)
        if members is None or any(self.errors):
            return
        for form in self.forms:
            if form.instance.year and not self._should_delete_form(form):
                for office, problem in clusters.term_problems(form.instance, members).items():
                    form.add_error(office, problem)


_DAYS_FIRST = {
    models.DateField: {
        "widget": AdminDateWidget({"placeholder": _("day/month/year"), "size": "14"})
    }
}


class NamedCells:
    """An inline whose every field bears the name of its column, for who cannot see it."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Name the field by its label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = str(field.label)
        return field


class MemberInline(NamedCells, InlineRights, admin.TabularInline):
    """Members with their days."""

    model = ClusterMember
    formset = MemberFormSet
    formfield_overrides = _DAYS_FIRST
    extra = 1
    fields = ["name", "province", "valid_from", "valid_to"]
    autocomplete_fields = ["province"]
    ordering = ["valid_from", "id"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A member has stood in terms and on pages: it is ended, not deleted."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClusterMember]:
        """Members with the names of their places, for those who may only look."""
        return super().get_queryset(request).select_related("province")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any):
        """Name the places of all rows by one query."""
        if db_field.name == "province":
            widget = PlaceSelect(db_field, self.admin_site)
            widget.labels = {str(unit.pk): unit.label for unit in listing.units()}
            kwargs["widget"] = widget
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TermInline(NamedCells, InlineRights, admin.TabularInline):
    """Who leads, year by year."""

    model = ClusterTerm
    formset = TermFormSet
    formfield_overrides = _DAYS_FIRST
    members_offered: list[tuple[Any, str]] | None = None
    extra = 1
    fields = ["year", "chair", "deputy", "host", "pledged_on"]
    ordering = ["-year"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClusterTerm]:
        """Years with the names of those who lead, for those who may only look."""
        return super().get_queryset(request).select_related(*clusters.OFFICES)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any):
        """Offer the cluster's own members only, asked for once for all rows."""
        cluster = request.resolver_match.kwargs.get("object_id")
        members = ClusterMember.objects.filter(cluster=cluster)
        if self.members_offered is None:
            rows = sorted(members, key=lambda one: (vietnamese.sort_key(one.name), one.valid_from))
            names = [row.name for row in rows]
            offered = [(row.pk, _dated(row, names.count(row.name) > 1)) for row in rows]
            self.members_offered = [("", "–"), *offered]
        field = super().formfield_for_foreignkey(
            db_field, request, **kwargs | {"queryset": members}
        )
        field.choices = self.members_offered
        return field


def _dated(member: ClusterMember, shared: bool) -> str:
    """Return the name, with the days of a member who left or shares it with another."""
    day = vietnamese.short_date
    if member.valid_to:
        until = {"name": member.name, "day": day(member.valid_to, vietnamese.DAY)}
        return _now("%(name)s (until %(day)s)") % until
    since = {"name": member.name, "day": day(member.valid_from, vietnamese.DAY)}
    return _now("%(name)s (from %(day)s)") % since if shared else member.name


class NamedInOneSentence(InlineAdminFormSet):
    """An inline whose button says “Thêm đơn vị thành viên”, without a capital within."""

    def inline_formset_data(self) -> str:
        """Return what the script of the inline is told."""
        told = json.loads(super().inline_formset_data())
        name = self.opts.verbose_name
        told["options"]["addText"] = _now("Add another %(verbose_name)s") % {"verbose_name": name}
        return json.dumps(told)


@admin.register(Cluster)
class ClusterAdmin(CatalogueAdmin):
    """A cluster's name follows from its kind, number and owner."""

    list_display = ["name", "sector", "chair_now"]
    list_filter = ["form", "owner"]
    sortable_by = ["name"]
    slug_words = "{form} thi đua[ số {number_printed}] – {owner}"
    fields = ["form", "number", "number_printed", "owner", "sector", "slug"]
    change_form_template = "admin/articles/cluster/change_form.html"

    def get_urls(self) -> list:
        """The page of a new year comes first: Django's own catches everything."""
        year = path(
            "<path:object_id>/year/",
            self.admin_site.admin_view(self.begin_year),
            name="articles_cluster_year",
        )
        return [year, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address that is given stays."""
        return ["slug"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        """Clusters with their terms at once."""
        return super().get_queryset(request).prefetch_related("terms__chair")

    def get_inlines(self, request: HttpRequest, obj: Any) -> list:
        """Years come once there are members to choose from."""
        return [MemberInline, TermInline] if obj else [MemberInline]

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list:
        """Return the inlines, with a button that reads as one sentence."""
        inlines = super().get_inline_formsets(*args, **kwargs)
        for inline in inlines:
            inline.__class__ = NamedInOneSentence
        return inlines

    def save_model(self, request: HttpRequest, obj: Cluster, form: Any, change: bool) -> None:
        """Save, log, and tell the pages that show it."""
        catalogue.save_cluster(actor=request.user, cluster=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save members and years by their verb; it logs what changed."""
        rows = {formset.model: formset.save(commit=False) for formset in formsets}
        dropped = [row for formset in formsets for row in formset.deleted_objects]
        clusters.save_roster(
            actor=request.user,
            cluster=form.instance,
            members=rows.get(ClusterMember, ()),
            terms=rows.get(ClusterTerm, ()),
            dropped=dropped,
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Head the page with what the thing is called: a bloc is no cluster."""
        cluster = kwargs.get("obj")
        if cluster:
            last = clusters.last_change(cluster)
            context["seen"] = last.pk if last else 0
            context["next_year"] = cluster_years.next_year(cluster, _today())
            if cluster.form == Cluster.Form.BLOC:
                may = self.has_change_permission(request, cluster)
                context["title"] = _now("Change the bloc") if may else _now("View the bloc")
        return super().render_change_form(request, context, *args, **kwargs)

    def begin_year(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Copy the members of the year before into a new one."""
        cluster = self.get_object(request, object_id)
        if cluster is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return year_page(self, request, cluster)

    @admin.display(description=_("chair this year"))
    def chair_now(self, cluster: Cluster) -> str:
        """Who leads this year."""
        year = _today().year
        chairs = (term.chair for term in cluster.terms.all() if term.year == year)
        return str(next(chairs, None) or "")


def _today() -> dt.date:
    return timezone.now().astimezone(vietnamese.ZONE).date()
