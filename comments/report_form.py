"""The form by which a reader reports a comment."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LinesFormField

from .models import MAX_NOTE, Comment

Reason = Comment.Reason
# In the words of whoever is annoyed; not every reason of the desk is one to report.
REASONS = [
    (Reason.INSULT, _("It insults or threatens somebody")),
    (Reason.UNTRUE, _("It is not true")),
    (Reason.PERSONAL_DATA, _("It gives away somebody's phone, address or papers")),
    (Reason.ADVERT, _("It is an advertisement or a fraud")),
    (Reason.ILLEGAL, _("It is against the law")),
    (Reason.OFF_TOPIC, _("It has nothing to do with the article")),
    (Reason.OTHER, _("Something else")),
]


class ReportForm(forms.Form):
    """Why a comment should not stand there."""

    reason = forms.ChoiceField(
        label=_("What is wrong with this comment?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("choose a reason."), "invalid_choice": _("choose a reason.")},
    )
    note = LinesFormField(
        label=_("What should the newsroom know?"),
        required=False,
        validators=[MaxLengthValidator(MAX_NOTE)],
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "max_length": _("%(show_value)d characters, at most %(limit_value)d are allowed.")
        },
    )

    def clean(self) -> dict:
        """Ask for words where the reason says nothing."""
        data = super().clean()
        other = data.get("reason") == Reason.OTHER
        if other and not vietnamese.has_text(data.get("note", "")) and "note" not in self.errors:
            self.add_error("note", _("say in a few words what is wrong."))
        return data
