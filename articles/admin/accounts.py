"""The sections a person is named in, on the page of his account.

The page of a section says the same from its side; both write through the catalogue.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.admin import AccountAdmin, AccountForm
from newsroom.models import User

from .. import catalogue
from ..catalogue import CHARGES
from ..models import Section


def _boxes(label: Any, help_text: Any = "") -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        Section.objects.order_by("parent__position", "position", "pk"),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class SectionedAccountForm(AccountForm):
    """An account with its sections; nobody gives himself one."""

    editors = _boxes(
        _("Edits in"),
        _("A section in which nobody is named belongs to every editor, and to every moderator."),
    )
    moderators = _boxes(_("Decides on comments in"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in {*CHARGES} & {*self.fields}:
            self.fields[name].disabled = self.is_ones_own
            self.initial.setdefault(name, Section.objects.filter(**{name: self.instance}))


admin.site.unregister(User)


@admin.register(User)
class SectionedAccountAdmin(AccountAdmin):
    """Accounts of the staff, with the sections each is in charge of."""

    form = SectionedAccountForm

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        """The account's own fields, then the sections of one that is there."""
        sections = [(_("Sections"), {"fields": [*CHARGES]})] if obj else []
        return [*super().get_fieldsets(request, obj), *sections]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save the account, then where it is named; a role that was lost is named nowhere."""
        held = User.objects.get(pk=obj.pk).roles if change else frozenset()
        super().save_model(request, obj, form, change)
        lost = held - User.objects.get(pk=obj.pk).roles
        chosen = {name: form.cleaned_data[name] for name in CHARGES if name in form.cleaned_data}
        dropped = catalogue.put_in_charge(actor=request.user, person=obj, lost=lost, **chosen)
        for role in dropped:
            text = _now("Without the role “%(role)s” nobody is in charge of a section.")
            messages.info(request, text % {"role": role.label})
