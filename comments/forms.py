"""The form a reader fills in. Whatever it refuses, everything typed stands in it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsroom import vietnamese
from newsroom.fields import MAX_TYPED, LineFormField, LinesFormField

from . import captcha
from .models import MAX_EMAIL, MAX_NAME, MAX_TEXT

TYPED = ("name", "email", "text", "wants_notices")
# What nobody sees and a program fills in. Its name means nothing, so that no browser fills it by
# itself; what stands in it is kept through mistakes and only ever scored.
TRAP = "nha_in"
UNCONFIRMED = _("The browser did not confirm that this form is yours. Please send it once more.")
OLD_ENCODING = _(
    "this is written in the old encoding %(encoding)s. Switch your typing program to Unicode "
    "(in UniKey: “Bảng mã: Unicode”) and type it again."
)
LENGTH = _("%(show_value)d characters, at most %(limit_value)d are allowed.")
FOREIGN = "foreign"
CODE_ERRORS = {
    captcha.Result.WRONG.value: _("the code does not match. Type the digits of the new picture."),
    captcha.Result.EXPIRED.value: _("the code has expired. Type the digits of the new picture."),
    FOREIGN: _("the code belongs to another form. Type the digits of the new picture."),
}
# What is wrong, in a few words each, for the links on top of the form.
PHRASES = {
    ("name", "required"): _("the name is missing"),
    ("name", "max_length"): _("the name is too long"),
    ("email", "required"): _("the e-mail address is missing"),
    ("email", "invalid"): _("the e-mail address is not right"),
    ("email", "max_length"): _("the e-mail address is too long"),
    ("text", "required"): _("the comment is empty"),
    ("text", "max_length"): _("the comment is too long"),
    ("text", "old_encoding"): _("the comment is not in Unicode"),
    ("answer", "required"): _("the confirmation code is missing"),
    ("answer", "max_length"): _("the confirmation code is not right"),
    ("answer", "wrong"): _("the confirmation code is not right"),
    ("answer", "expired"): _("the confirmation code has expired"),
    ("answer", FOREIGN): _("the confirmation code is not of this form"),
}


class _Measured:
    """Refuses what is far too long before it is cleaned, which takes seconds a megabyte."""

    def __init__(self, *, longest: int, validators: Sequence = (), **options: Any):
        super().__init__(validators=[*validators, MaxLengthValidator(longest)], **options)
        self.longest = longest

    def to_python(self, value: Any) -> str:
        """Return the cleaned text; raises ValidationError beyond MAX_TYPED characters."""
        if len(value or "") <= MAX_TYPED:
            return super().to_python(value)
        length = {"show_value": len(value), "limit_value": self.longest}
        raise forms.ValidationError(LENGTH, code="max_length", params=length)


class _ShortLine(_Measured, LineFormField):
    pass


class _ShortLines(_Measured, LinesFormField):
    pass


class CommentForm(forms.Form):
    """Name, comment and captcha; the address is optional, or it stands in for the captcha.

    Lengths are counted on the cleaned text in NFC. The browser is not told them: it counts in
    other units and would cut what is pasted without a word; the script counts as we do.
    `captcha_key` says which code the form shows, `token` what the form was made for.
    """

    name = _ShortLine(
        label=_("Full name"),
        longest=MAX_NAME,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("type your name."), "max_length": LENGTH},
    )
    email = _ShortLine(
        label=_("E-mail"),
        required=False,
        longest=MAX_EMAIL,
        validators=[EmailValidator()],
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("type your address: a link to confirm the comment is sent there."),
            "invalid": _("this is not an e-mail address. Correct it or leave it out."),
            "max_length": LENGTH,
        },
    )
    wants_notices = forms.BooleanField(
        label=_("Write to me when it is published and when somebody replies"), required=False
    )
    text = _ShortLines(
        label=_("Your comment"),
        longest=MAX_TEXT,
        error_messages={"required": _("type your comment."), "max_length": LENGTH},
    )
    answer = LineFormField(
        label=_("Confirmation code"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("type the digits of the picture.")},
    )
    nha_in = forms.Field(  # never cleaned: it is only asked whether something stands in it
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(
        self, data: Mapping[str, str] | None = None, *, by_mail: bool = False, **options: Any
    ):
        super().__init__(data, auto_id="comment-%s", **options)
        self.captcha_key = self.data.get("captcha_key", "")
        self.token = ""
        self.by_mail = by_mail
        self.fields["answer"].required = not by_mail

    @classmethod
    def unsent(cls, typed: Mapping[str, str]) -> "CommentForm":
        """Return a form without complaints in which what was `typed` stands, no answer aside."""
        return cls(initial={name: typed.get(name, "") for name in (*TYPED, TRAP)})

    def clean_email(self) -> str:
        """Ask for the address where the comment is confirmed by mail."""
        email = self.cleaned_data["email"]
        if self.by_mail and not email:
            messages = self.fields["email"].error_messages
            raise forms.ValidationError(messages["required"], code="required")
        return email

    def clean_text(self) -> str:
        """Refuse a comment in an old encoding: nobody could read it."""
        text = self.cleaned_data["text"]
        if encoding := vietnamese.old_encoding(self.data.get("text")):
            raise forms.ValidationError(
                OLD_ENCODING, code="old_encoding", params={"encoding": encoding}
            )
        return text

    @property
    def comment(self) -> dict[str, Any]:
        """What was typed into a valid form, by the names `moderation.submit` knows."""
        typed = {name: self.cleaned_data[name] for name in TYPED}
        return typed | {"wants_notices": typed["wants_notices"] and bool(typed["email"])}

    @property
    def is_trapped(self) -> bool:
        """Whether the field nobody sees was filled in."""
        return bool(self.data.get(TRAP))

    @cached_property
    def code_hint(self) -> str:
        """How many digits are to be typed. One query."""
        digits = captcha.length(self.captcha_key)
        text = ngettext(
            "(type the %(n)s digit of the picture or of the recording)",
            "(type the %(n)s digits of the picture or of the recording)",
            digits,
        )
        return text % {"n": digits}

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """For each field that is not right: where to go, and what is wrong in a few words."""
        return [
            (self[name].id_for_label, PHRASES.get((name, errors[0].code), self[name].label))
            for name, errors in self.errors.as_data().items()
            if name in self.fields
        ]

    def refuse_code(self, why: str) -> None:
        """Say at the field why an answer did not count; `why` is a key of CODE_ERRORS."""
        self.add_error("answer", forms.ValidationError(CODE_ERRORS[why], code=why))

    def show_code(self, key: str) -> None:
        """Show another code, its field empty."""
        if key != self.captcha_key:
            self.data = dict(self.data.items()) | {"answer": ""}
        self.captcha_key = key
