"""The form a reader fills in. Whatever it refuses, everything typed stands in it again."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LineFormField, LinesFormField

from . import captcha
from .models import MAX_EMAIL, MAX_NAME, MAX_TEXT

TYPED = ("name", "email", "text")
UNCONFIRMED = _("The browser did not confirm that this form is yours. Please send it once more.")
OLD_ENCODING = _(
    "this is written in the old encoding %(encoding)s. Switch your typing program to Unicode "
    "(in UniKey: “Bảng mã: Unicode”) and type it again."
)
CAPTCHA_ERRORS = {
    captcha.Result.WRONG: _("the code does not match. Type the five digits of the new picture."),
    captcha.Result.EXPIRED: _("the code has expired. Type the five digits of the new picture."),
}
# What is wrong, in a few words each, for the links on top of the form.
PHRASES = {
    ("name", "required"): _("the name is missing"),
    ("name", "max_length"): _("the name is too long"),
    ("email", "invalid"): _("the e-mail address is not right"),
    ("email", "max_length"): _("the e-mail address is too long"),
    ("text", "required"): _("the comment is empty"),
    ("text", "max_length"): _("the comment is too long"),
    ("text", "old_encoding"): _("the comment is not in Unicode"),
    ("answer", "required"): _("the confirmation code is missing"),
    ("answer", "wrong"): _("the confirmation code is not right"),
    ("answer", "expired"): _("the confirmation code has expired"),
}


class CommentForm(forms.Form):
    """Name, comment and captcha; the address is optional.

    Lengths are counted on the cleaned text in NFC. The browser is not told them: it counts in
    other units and would cut what is pasted without a word. `captcha_key` says which picture the
    form shows.
    """

    name = LineFormField(
        label=_("Full name"),
        validators=[MaxLengthValidator(MAX_NAME)],
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={
            "required": _("type your name."),
            "max_length": _("%(show_value)d characters, at most %(limit_value)d are allowed."),
        },
    )
    email = LineFormField(
        label=_("E-mail"),
        required=False,
        validators=[EmailValidator(), MaxLengthValidator(MAX_EMAIL)],
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "invalid": _("this is not an e-mail address. Correct it or leave it out."),
            "max_length": _("%(show_value)d characters, at most %(limit_value)d are allowed."),
        },
    )
    text = LinesFormField(
        label=_("Your comment"),
        validators=[MaxLengthValidator(MAX_TEXT)],
        error_messages={
            "required": _("type your comment."),
            "max_length": _("%(show_value)d characters, at most %(limit_value)d are allowed."),
        },
    )
    answer = LineFormField(
        label=_("Confirmation code"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("type the five digits of the picture.")},
    )

    def __init__(self, data: Mapping[str, str] | None = None, **options: Any):
        super().__init__(data, auto_id="comment-%s", **options)
        self.captcha_key = self.data.get("captcha_key", "")

    def clean_text(self) -> str:
        """Refuse a comment in an old encoding: nobody could read it."""
        text = self.cleaned_data["text"]
        if encoding := vietnamese.old_encoding(self.data.get("text")):
            raise forms.ValidationError(
                OLD_ENCODING, code="old_encoding", params={"encoding": encoding}
            )
        return text

    @classmethod
    def fresh(cls, replaced: str | None = None, typed: Mapping[str, str] | None = None) -> Self:
        """Return a form without complaints that shows a new captcha instead of `replaced`.

        What was `typed` stands in it again, the answer to the old captcha aside.
        """
        form = cls(initial={name: (typed or {}).get(name, "") for name in TYPED})
        form.captcha_key = captcha.renew(replaced)
        return form

    @property
    def comment(self) -> dict[str, str]:
        """The cleaned texts of a valid form, by the names `moderation.submit` knows."""
        return {name: self.cleaned_data[name] for name in TYPED}

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """For each field that is not right: where to go, and what is wrong in a few words."""
        return [
            (self[name].id_for_label, PHRASES.get((name, errors[0].code), self[name].label))
            for name, errors in self.errors.as_data().items()
            if name in self.fields
        ]

    def refuse_captcha(self, result: captcha.Result) -> None:
        """Say at the field why an answer did not count."""
        error = forms.ValidationError(CAPTCHA_ERRORS[result], code=result.value)
        self.add_error("answer", error)

    def settle_captcha(self) -> None:
        """Leave a captcha that was not used, and its answer, in place; else show a new one.

        So a comment that is too long does not cost the reader a second captcha.
        """
        if not self.has_error("answer"):
            if captcha.is_live(self.captcha_key):
                return
            self.refuse_captcha(captcha.Result.EXPIRED)
        self.captcha_key = captcha.renew(self.captcha_key)
        self.data = dict(self.data.items()) | {"answer": ""}
