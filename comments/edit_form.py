"""The form by which a reader changes what nobody has decided yet."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LinesFormField

from .forms import OLD_ENCODING
from .models import MAX_TEXT


class EditForm(forms.Form):
    """The text, and which version of it the reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = LinesFormField(
        label=_("Your comment"),
        validators=[MaxLengthValidator(MAX_TEXT)],
        error_messages={
            "required": _("type your comment."),
            "max_length": _("%(show_value)d characters, at most %(limit_value)d are allowed."),
        },
    )

    def clean_text(self) -> str:
        """Refuse a comment in an old encoding: nobody could read it."""
        if encoding := vietnamese.old_encoding(self.data.get("text")):
            raise forms.ValidationError(
                OLD_ENCODING, code="old_encoding", params={"encoding": encoding}
            )
        return self.cleaned_data["text"]
