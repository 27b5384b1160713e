"""A file chosen in a form, refused in words when it is no picture the site can show."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from .. import photos
from ..pictures import making

_too_large = lazy(making.too_large, str)


class PhotoFileField(forms.FileField):
    """Checked by its content before anything is stored; can be read again afterwards."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the page say at once what the server would only say of the whole form."""
        limits = {"data-most": making.MAX_BYTES, "data-too-large": _too_large()}
        return super().widget_attrs(widget) | limits

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file; raises ValidationError with what is wrong with it."""
        file = super().clean(data, initial)
        if file:
            try:
                photos.check_file(file)
            except photos.BadPhoto as bad:
                raise ValidationError(str(bad)) from bad
        return file
