"""Addresses in the forms of the catalogue: made from the name, live in the browser or on saving."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget

from newsroom import vietnamese

from ..catalogue import SUFFIX_CHARS


class AddressFormField(forms.SlugField):
    """An address; whatever is typed becomes one: “Nhà đất” is nha-dat."""

    widget = AdminTextInputWidget

    def to_python(self, value: Any) -> str:
        """Return the address in a-z, 0-9 and hyphens, "" for nothing."""
        value = super().to_python(value)
        return vietnamese.slug(value, self.max_length) if value else value


class NamedForm(forms.ModelForm):
    """Something with a name and an address.

    The address of a new one, where nobody typed another than its name gives, is left to the
    catalogue, which finds a free one.
    """

    def clean_slug(self) -> str:
        """Return what was typed by hand, "" for what the script filled in."""
        slug = self.cleaned_data["slug"]
        if self.instance.pk or slug != vietnamese.slug(self._name(), longest(self.fields["slug"])):
            return slug
        return ""

    def _name(self) -> str:
        """Return the name, typed or made of what was typed."""
        names = {field.name for field in self._meta.model._meta.concrete_fields}
        typed = {name: value for name, value in self.cleaned_data.items() if name in names}
        thing = self._meta.model(**typed)
        return getattr(thing, "full_name", thing.name)


def follow_words(field: forms.Field, words: str) -> None:
    """Have static/js/slug.js make the address from `words`, such as "{name}", while one types."""
    field.widget.attrs |= {"data-slug-words": words, "data-slug-length": longest(field)}


def longest(field: forms.Field) -> int:
    """Return how long the catalogue makes an address, with room for a number behind it."""
    return field.max_length - SUFFIX_CHARS
