"""The list of one tab: walked along its index, page after page, never counted to the end."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.permissions import moderated_sections

from ..models import Comment
from .place import place_of

PAGE, MOST_TICKED = 50, 200


class SectionFilter(admin.SimpleListFilter):
    """One section, a menu's with its sub-sections; `Place` narrows to it."""

    title = _("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The sections whose comments the person decides."""
        rows = moderated_sections(request.user)
        rows = rows.order_by("parent__position", "position", "pk")
        return [(str(section.pk), section.name) for section in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow nothing: `Place` has."""
        return queryset


class Queue(ChangeList):
    """The list of one tab; an address filters by nothing else than what `Place` knows.

    Django's list would answer to any column, so that addresses of readers could be tried out, and
    it would count all rows of a page before showing fifty.
    """

    def __init__(self, request: HttpRequest, *arguments: Any, **more: Any):
        self.place = place_of(request)
        self.next_url = ""
        super().__init__(request, *arguments, **more)

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the section alone: the rest is read by `Place`."""
        asked = super().get_filters_params(params)
        return {name: asked[name] for name in asked if name == SectionFilter.parameter_name}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        """Return the tab in its order, with what a row shows."""
        for once in ("after", "tick", "undo"):
            self.params.pop(once, None)
        self.filter_specs, self.has_filters, *_rest = self.get_filters(request)
        rows = self.place.rows().with_articles(self.place.now).select_related("claimed_by")
        rows, _duplicates = self.model_admin.get_search_results(request, rows, self.query)
        return rows

    def get_results(self, request: HttpRequest) -> None:
        """Read one page and one row more, and tick what was ticked, or all where that is asked."""
        all_ticked = "tick" in request.GET
        size = MOST_TICKED if all_ticked else PAGE
        rows = self.place.behind(self.queryset, request.GET.get("after", ""))
        found = list(rows[: size + 1])
        self.result_list = found[:size]
        if len(found) > size:
            after = self.place.cursor(found[size - 1])
            self.next_url = self.get_query_string({"after": after})
        ticks = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        for comment in self.result_list:
            comment.page_url = self.place.url(comment.pk)
            comment.is_ticked = str(comment.pk) in ticks or (all_ticked and not request.POST)
        self._say_nothing_was_counted()

    def _say_nothing_was_counted(self) -> None:
        self.result_count = self.full_result_count = len(self.result_list)
        self.paginator = None
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True


def row_of(comment: Comment) -> str:
    """Return what a form says of a row somebody saw: its number and version."""
    return f"{comment.pk}-{comment.version}"
