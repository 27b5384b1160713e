"""The editor: a model field, a form field and a widget that hide which editor it is.

In migrations the field is a plain TextField, so that the editor can be changed one day.
"""

from typing import Any

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.widgets import Media
from django.templatetags.static import static

from .config import LANGUAGE, PLUGIN, editor_config
from .sanitiser import BadBody, sanitise


class EditorWidget(CKEditorWidget):
    """The editor in a form. Without scripts it is a textarea that shows the HTML and the tokens."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs=attrs)
        self.config = editor_config()

    @property
    def media(self) -> Media:
        """The editor's own files and the style that gives it the width of the form."""
        return super().media + Media(css={"all": ["css/editor-admin.css"]})

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser cannot point at the textarea that the editor hides."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name the plugin and the sheet by the addresses they have at this moment."""
        self.external_plugin_resources = [(PLUGIN, static(f"js/ckeditor-{PLUGIN}/plugin.js"), "")]
        self.config["contentsCss"] = [static("css/editor-content.css")]
        return super().get_context(name, value, attrs)

    def _set_config(self) -> None:
        # The original asks for the active language and fails where there is none.
        self.config["language"] = LANGUAGE
        self.config["versionCheck"] = False


class RichTextFormField(forms.CharField):
    """HTML from a form, sanitised; what cannot be taken comes back as the field's error."""

    widget = EditorWidget

    def to_python(self, value: Any) -> str:
        """Return the sanitised HTML; raises ValidationError with a message for the writer."""
        try:
            return sanitise(super().to_python(value))
        except BadBody as bad:
            raise ValidationError(str(bad), code="bad_body") from bad

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text differs, the editor's own line breaks aside."""
        try:
            return sanitise(initial or "") != sanitise(data or "")
        except BadBody:
            return True


class RichTextField(models.TextField):
    """HTML that is sanitised on every write, whichever way it comes in. Writes raise BadBody."""

    def deconstruct(self) -> tuple:
        """Say TextField: migrations must outlive the editor."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the value as stored: a fixed point of the sanitiser."""
        if isinstance(value, str):
            value = sanitise(value)
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return the editor's form field; the admin's habit of asking for a textarea is ignored."""
        if kwargs.get("widget") in (None, AdminTextareaWidget):
            kwargs["widget"] = EditorWidget
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})
