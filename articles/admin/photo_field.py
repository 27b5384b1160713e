"""A file chosen in a form, refused in words when it is no picture the site can show."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .. import photos


class PhotoFileField(forms.FileField):
    """Checked by its content before anything is stored; can be read again afterwards."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file; raises ValidationError with what is wrong with it."""
        file = super().clean(data, initial)
        if file:
            try:
                photos.check_file(file)
            except photos.BadPhoto as bad:
                raise ValidationError(str(bad)) from bad
        return file
