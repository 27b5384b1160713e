"""Days with an hour: Django's two fields share one label, so each is named for who cannot see."""

from typing import Any

from django.db import models
from django.forms import SplitDateTimeField
from django.http import HttpRequest
from django.utils.translation import gettext as _


class NamedMoments:
    """A model admin whose fields for day and hour each have a name of their own."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Name both halves of a moment."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, SplitDateTimeField):
            for part, name in zip(field.widget.widgets, (_("Day"), _("Hour")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"
        return field
