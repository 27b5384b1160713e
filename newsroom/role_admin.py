"""Admin pages whose rights are roles, not rows of permissions, and whose log is our own."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction
from django.forms.widgets import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from . import events, vietnamese
from .models import User
from .refusals import Conflict, NotReady
from .roles import EVERYBODY, NOBODY

MAX_SEARCHED = 300  # characters of a search: longer patterns are more than SQLite compares
_URLIFY = re.compile(r"admin/js/(?:urlify|prepopulate)\b|xregexp")


def holds(request: HttpRequest, roles: frozenset[str]) -> bool:
    """Whether the person at the desk has one of the roles."""
    user = request.user
    return isinstance(user, User) and user.is_staff and bool(user.roles & roles)


class SortedList(ChangeList):
    """A list whose columns of names sort as a Vietnamese dictionary does, on any database."""

    def get_ordering_field(self, field_name: str) -> Any:
        """Return what a column is sorted by: the key kept for it where there is one."""
        found = super().get_ordering_field(field_name)
        return self.model_admin.sorted_as.get(field_name, found)


class RoleAdmin(admin.ModelAdmin):
    """A model admin that says by role who sees, adds, changes and deletes.

    Nothing has bulk deletion or a link to the site: what has both has its own page for it.
    """

    viewers: frozenset[str] = EVERYBODY
    adders: frozenset[str] = NOBODY
    changers: frozenset[str] = NOBODY
    deleters: frozenset[str] = NOBODY

    # Columns that hold names: the key each is sorted by.
    sorted_as: Mapping[str, str] = {}

    actions = None
    view_on_site = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @property
    def media(self) -> Media:
        """Django's scripts without those that make addresses: they know no Vietnamese."""
        return Media(
            css=super().media._css,
            js=[path for path in super().media._js if not _URLIFY.search(path)],
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that sorts names."""
        return SortedList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Head the list with what is in it."""
        title = capfirst(self.opts.verbose_name_plural)
        if len(searched := request.GET.get(SEARCH_VAR, "")) > MAX_SEARCHED:
            # Each row's link repeats what is searched.
            request.GET = request.GET.copy()
            request.GET[SEARCH_VAR] = searched[:MAX_SEARCHED]
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Ask for the list; what no database can look for leads to the whole list.

        Raises IncorrectLookupParameters, also for numbers and letters Django lets through.
        """
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError) as impossible:
            raise IncorrectLookupParameters(impossible) from impossible

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Look for what is typed as it would be stored."""
        wanted = vietnamese.clean(search_term[:MAX_SEARCHED])
        return super().get_search_results(request, queryset, wanted)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the object or None, also for a number too large for any database."""
        try:
            return super().get_object(request, object_id, from_field)
        except OverflowError:
            return None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change may look."""
        return holds(request, self.viewers | self.changers)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By role."""
        return holds(request, self.adders)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role."""
        return holds(request, self.changers)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role."""
        return holds(request, self.deleters)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """An app is shown to whoever may look at one of its models."""
        return self.has_view_permission(request)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the function that saved it has written an event."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the function that saved it has written an event."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: the function that deleted it has written an event."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show and save; what somebody else did in the same moment is said, not crashed at.

        The form is asked once more: its own checks find it now, and what was typed stays in it.
        """
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        why = ""
        for is_last in (False, True):
            try:
                with transaction.atomic():
                    return super().changeform_view(request, *args, **kwargs)
            except (Conflict, NotReady) as refused:
                why = str(refused)
            except IntegrityError:  # somebody took the address or the name
                if is_last:
                    raise
        messages.error(request, why)
        return HttpResponseRedirect(request.get_full_path())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what happened to the object, newest first, from our own log."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Log: %(object)s") % {"object": obj},
            "subtitle": None,
            "opts": self.opts,
            "object": obj,
            "events": events.history(obj)[:200],
            **(extra_context or {}),
        }
        app, model = self.opts.app_label, self.opts.model_name
        templates = [f"admin/{app}/{model}/object_history.html", "admin/object_history.html"]
        return TemplateResponse(request, templates, context)


class InlineRights:
    """An inline that may be changed by whoever may change the page it stands on."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As on the page around it."""
        return self._parent_admin(request).has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As on the page around it."""
        return self._parent_admin(request).has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As on the page around it."""
        return self._parent_admin(request).has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As on the page around it."""
        return self._parent_admin(request).has_change_permission(request, obj)

    def _parent_admin(self, request: HttpRequest) -> admin.ModelAdmin:
        return self.admin_site._registry[self.parent_model]
