"""Pen names in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from newsroom.signing_in.password_again import RightsAskAgain

from .. import catalogue
from ..models import Author
from ..permissions import may_tie
from .lists import CatalogueAdmin


@admin.register(Author)
class AuthorAdmin(RightsAskAgain, CatalogueAdmin):
    """Every writer may add one; whose account it is, is the administrator's to say.

    A name tied to an account opens the articles under it, so nobody ties one to himself.
    """

    rights = frozenset({"account"})
    list_display = ["name", "account", "bio"]
    sortable_by = ["name", "account"]
    sorted_as = {"name": "sort_key", "account": "account__sort_key"}
    list_select_related = ["account"]
    fields = ["name", "slug", "bio", "account"]

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        """Save, log, and tell the pages that show it."""
        catalogue.save_author(actor=request.user, author=obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address that is given stays; the account is the administrator's field."""
        return [*(["slug"] if obj else []), *([] if may_tie(request.user) else ["account"])]
