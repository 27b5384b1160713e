"""What is asked when units are merged or renamed."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LineFormField, row_number

from ..mergers import Change, NewUnit
from ..models import Province

Type = Province.UnitType
TOO_LONG = _("Longer than %(limit_value)d characters (it has %(show_value)d).")


class UnitsField(forms.ModelMultipleChoiceField):
    """The units that have no last day, and those once chosen here that have one by now."""

    def __init__(self, **kwargs: Any):
        super().__init__(Province.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs)

    def offer(self, chosen: list[str]) -> None:
        """Offer what can be merged; nothing chosen before vanishes."""
        pks = [pk for pk in map(row_number, chosen) if pk]
        rows = Province.objects.filter(Q(valid_to=None) | Q(pk__in=pks))
        self.queryset = rows.order_by("sort_key", "valid_to")

    def clean(self, value: Any) -> Any:
        """Leave out what is no number of a row: nobody can choose it."""
        return super().clean([pk for pk in value or () if row_number(pk)])

    def label_from_instance(self, unit: Province) -> str:
        """Name, code, and the last day of one that has ended."""
        label = f"{unit.name} ({unit.code})"
        if not unit.valid_to:
            return label
        last = vietnamese.short_date(unit.valid_to, vietnamese.DAY)
        return _now("%(name)s (until %(day)s)") % {"name": label, "day": last}


class MergeForm(forms.Form):
    """Old units, the new one, its first day, the law."""

    units = UnitsField(
        label=_("Old units"), error_messages={"required": _("Choose at least one old unit.")}
    )
    name = LineFormField(
        label=_("Name of the new unit"),
        max_length=200,
        help_text=_("Without “tỉnh” or “thành phố”: Bắc Ninh."),
    )
    unit_type = forms.ChoiceField(label=_("Type"), choices=Type, widget=forms.RadioSelect)
    code = LineFormField(
        label=_("Code"),
        max_length=2,
        help_text=_("Two digits, as the state counts its units. An old unit's may go on."),
        widget=forms.TextInput({"inputmode": "numeric", "size": 4}),
    )
    slug = LineFormField(
        label=_("Address"),
        max_length=60,
        required=False,
        help_text=_("Empty: made from the name."),
    )
    region = LineFormField(label=_("Region"), max_length=60, required=False)
    day = forms.DateField(
        label=_("First day of the new unit"),
        help_text=_("Day first: 1/7/2025. A day to come is possible."),
        error_messages={"invalid": _("There is no such day. Day first: 1/7/2027.")},
        widget=forms.DateInput({"inputmode": "numeric", "placeholder": "1/7/2025"}),
    )
    basis = LineFormField(
        label=_("Legal basis"), max_length=200, help_text=_("For instance 202/2025/QH15.")
    )

    def __init__(self, data: Any = None):
        super().__init__(data, label_suffix="", initial={"unit_type": Type.PROVINCE})
        self.fields["units"].offer(data.getlist("units") if data else [])
        for field in self.fields.values():
            # A browser would cut what is pasted, and say nothing.
            field.widget.attrs.pop("maxlength", None)
            field.error_messages["max_length"] = TOO_LONG
        self.fields["code"].error_messages["max_length"] = _("A code is two digits.")

    def clean(self) -> dict[str, Any]:
        """Make the address from what was typed, or from the name."""
        data = super().clean()
        if text := data.get("slug") or data.get("name"):
            data["slug"] = vietnamese.slug(text, 60)
        return data

    def change(self) -> Change:
        """Return what was typed as a change."""
        data = self.cleaned_data
        new = NewUnit(**{name: data[name] for name in NewUnit.__dataclass_fields__})
        pks = tuple(unit.pk for unit in data["units"])
        return Change(pks, new, data["day"], data["basis"])

    def blame(self, problems: dict[str, str]) -> None:
        """Set what the units themselves forbid beside the fields."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, problem)
