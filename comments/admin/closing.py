"""When comments are closed, as rules the secretary and the administrator keep."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.role_admin import RoleAdmin

from .. import moderation
from ..models import ClosingRule

LABELS = {"opens_at": _("Opens again at")}
HELPS = {
    "days": _("Needed for “days after publication” only."),
    "closes_at": _("Needed for “at night” only."),
    "opens_at": _("Needed for “at night” only."),
}


@admin.register(ClosingRule)
class ClosingRuleAdmin(RoleAdmin):
    """A dozen rules at most, kept by those who answer for what stands on the site."""

    viewers = adders = changers = deleters = moderation.CLOSERS
    list_display = ["kind", "section", "limit", "sentence", "in_use"]
    list_select_related = ["section"]
    sortable_by = ()
    ordering = ["section__position", "section_id", "kind", "id"]
    fields = ["section", "kind", "days", "closes_at", "opens_at", "sentence", "is_active"]
    # The browser's own field for an hour: Django's needs a script and a wide screen.
    formfield_overrides = {
        models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")}
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No section is the whole site, and is called so."""
        kwargs["empty_label"] = _("the whole site")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any):
        """Say beside each field which kind of rule needs it."""
        return super().get_form(request, obj, **kwargs, help_texts=HELPS, labels=LABELS)

    def save_model(self, request: HttpRequest, obj: ClosingRule, form: Any, change: bool) -> None:
        """Save and tell every page."""
        moderation.save_closing_rule(actor=request.user, rule=obj)

    def delete_model(self, request: HttpRequest, obj: ClosingRule) -> None:
        """Delete and tell every page."""
        moderation.delete_closing_rule(actor=request.user, rule=obj)

    @admin.display(description=_("limit"))
    def limit(self, rule: ClosingRule) -> str:
        """The days or the hours of a rule."""
        match rule.kind:
            case ClosingRule.Kind.AGE:
                return str(rule.days)
            case ClosingRule.Kind.NIGHT:
                return f"{rule.closes_at:%H:%M} – {rule.opens_at:%H:%M}"
        return ""

    @admin.display(description=_("use"))
    def in_use(self, rule: ClosingRule) -> str:
        """Whether the rule holds at present, in words."""
        return str(_("in use") if rule.is_active else _("switched off"))
