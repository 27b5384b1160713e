"""What readers agree to, in versions: the administrator's."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.role_admin import RoleAdmin
from newsroom.roles import ADMINISTRATORS

from .. import consent
from ..models import ConsentText
from .moments import NamedMoments


class ConsentForm(forms.ModelForm):
    """A version to come."""

    def clean_valid_from(self) -> dt.datetime:
        """Refuse a day that has passed: readers have agreed to what was in force then."""
        moment = self.cleaned_data["valid_from"]
        if moment < timezone.now():
            raise forms.ValidationError(_("It can be in force from now on at the earliest."))
        return moment

    def clean(self) -> dict[str, Any]:
        """Refuse the prefilled text as it was: a version is there for what it changes."""
        data = super().clean()
        both = data.get("text"), data.get("valid_from")
        if all(both) and consent.repeats(*both, pk=self.instance.pk):
            self.add_error("text", consent.UNCHANGED)
        return data


@admin.register(ConsentText)
class ConsentAdmin(NamedMoments, RoleAdmin):
    """A version is added and mended until its day; from then on it only stands here."""

    viewers = adders = changers = ADMINISTRATORS
    form = ConsentForm
    list_display = ["version", "valid_from", "beginning"]
    list_display_links = ["version"]
    ordering = ["-valid_from"]
    sortable_by = ()
    fields = ["text", "valid_from"]

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        """Not of one that readers may have agreed to."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or consent.is_editable(obj, timezone.now()))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins as the present one reads, next midnight."""
        now = timezone.now()
        today = now.astimezone(vietnamese.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        present = consent.in_force(now)
        initial = {"text": present.text if present else "", "valid_from": today + dt.timedelta(1)}
        return initial | super().get_changeform_initial_data(request)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any):
        """Say beside the day what it means; a text is an article elsewhere at the desk."""
        helps = {
            "valid_from": _(
                "From then on the text cannot be changed, because readers have agreed to it: "
                "a change is a new version. Older ones stay readable on the site."
            )
        }
        labels = {"text": _("Wording")}
        return super().get_form(request, obj, **kwargs, help_texts=helps, labels=labels)

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        """Save, log, tell the page."""
        consent.save(actor=request.user, consent=obj)

    @admin.display(description=_("version"))
    def version(self, text: ConsentText) -> str:
        """The version's name."""
        return str(text)

    @admin.display(description=_("Wording"))
    def beginning(self, text: ConsentText) -> str:
        """How it begins."""
        return Truncator(text.text).chars(120)
