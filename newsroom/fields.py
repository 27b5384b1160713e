"""Columns that keep text clean and derived text true, whichever way a row is written.

In migrations they are Django's own fields, so that old migrations never ask for this module.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from . import vietnamese

MAX_TYPED = 40_000  # characters of a plain field as typed; cleaning more takes too long
MAX_DIGITS = 18  # of a row's number: more no database column holds


def row_number(text: Any) -> int | None:
    """Return the number of a row as it came in an address or a form; None for anything else."""
    text = str(text or "")
    if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS:
        return int(text)
    return None


class LineFormField(forms.CharField):
    """One line of text, cleaned before it is measured."""

    multiline = False

    def to_python(self, value: Any) -> str:
        """Return the text in NFC without invisible characters; what prints nothing is empty.

        Raises ValidationError beyond MAX_TYPED characters, before they are looked at.
        """
        text = super().to_python(value)
        if len(text or "") > MAX_TYPED:
            message = _("The text is too long: %(length)s characters, at most %(limit)s.")
            length = {"length": len(text), "limit": self.max_length or MAX_TYPED}
            raise ValidationError(message, code="max_length", params=length)
        if not vietnamese.has_text(text):
            return self.empty_value
        return vietnamese.clean(text, multiline=self.multiline)


class LinesFormField(LineFormField):
    """Plain text of several lines, cleaned before it is measured."""

    multiline = True
    widget = forms.Textarea


class _CleanText:
    """What both clean columns share."""

    multiline = False
    form_class: type[forms.Field] = LineFormField

    def deconstruct(self) -> tuple:
        """Say what Django's own field would say."""
        name, _path, args, kwargs = super().deconstruct()
        return name, self.plain_path, args, kwargs

    def to_python(self, value: Any) -> Any:
        """Return the cleaned text, "" for one that prints nothing.

        Validation puts it into the instance.
        """
        value = super().to_python(value)
        if not value or not vietnamese.has_text(value):
            return value and ""
        return vietnamese.clean(value, multiline=self.multiline)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Clean what the instance holds, so that it equals its row."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Clean updates and look-ups too: they must meet what was stored."""
        value = super().get_prep_value(value)
        return self.to_python(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return the form field that cleans before it counts characters."""
        if not self.choices:
            kwargs.setdefault("form_class", self.form_class)
        return super().formfield(**kwargs)


class LineField(_CleanText, models.CharField):
    """One line of text a person typed."""

    plain_path = "django.db.models.CharField"


class LinesField(_CleanText, models.TextField):
    """Plain text of several lines a person typed."""

    plain_path = "django.db.models.TextField"
    multiline = True
    form_class = LinesFormField


class _Derived:
    """A column computed from others whenever the instance is saved."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any):
        self.sources = sources
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Compute the value from the instance and keep it there."""
        value = self.compute(*(getattr(model_instance, name) or "" for name in self.sources))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> tuple:
        """Say what Django's own field would say."""
        name, _path, args, kwargs = super().deconstruct()
        return name, self.plain_path, args, kwargs


class SortKeyField(_Derived, models.BinaryField):
    """The bytes by which a name sorts in Vietnamese, the same on every database."""

    plain_path = "django.db.models.BinaryField"

    def compute(self, *texts: str) -> bytes:
        """Return the sort key of the texts in order."""
        return vietnamese.sort_key(" ".join(texts))


class PersonSortKeyField(SortKeyField):
    """The bytes by which a person is listed, given name first; of the first source filled."""

    def compute(self, *texts: str) -> bytes:
        """Return the sort key of the first text there is."""
        return vietnamese.person_sort_key(next(filter(None, texts), ""))


class SearchField(_Derived, models.TextField):
    """Folded words, a space before and behind each, to be found with or without accents."""

    plain_path = "django.db.models.TextField"

    def compute(self, *texts: str) -> str:
        """Return the texts as search words."""
        return vietnamese.search_text(*texts)
