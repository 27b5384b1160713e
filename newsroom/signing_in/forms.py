"""What is typed to log in: name and password, a code, the password once more."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from .. import events, lockout, second_factor
from ..models import User
from ..unsent import LOG_IN

PASSWORD = f"{LOG_IN}-password"
CODE = f"{LOG_IN}-code"


def has_to_wait(until: dt.datetime) -> str:
    """Return in words until when somebody who was wrong too often has to wait."""
    seconds = max(int((until - timezone.now()).total_seconds()) + 1, 1)
    if seconds < 60:
        text = ngettext(
            "Wrong too often. Try again in %(n)s second.",
            "Wrong too often. Try again in %(n)s seconds.",
            seconds,
        )
        return text % {"n": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "Wrong too often. Try again after %(time)s (in %(n)s minute).",
        "Wrong too often. Try again after %(time)s (in %(n)s minutes).",
        minutes,
    )
    return text % {"time": events.clock(until), "n": minutes}


class LoginForm(AdminAuthenticationForm):
    """The log-in, in words that help a person who types Vietnamese."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _(
            "The name or the password is not right. Check capital letters and the typing program."
        ),
        "inactive": _("This account is switched off. Ask the administrator."),
    }

    def get_invalid_login_error(self) -> ValidationError:
        """Say what is wrong; who has to wait is told until when, whether the name exists or not."""
        if until := lockout.waits_until(self.request):
            return ValidationError(has_to_wait(until), code="wait")
        return super().get_invalid_login_error()


class CodeForm(forms.Form):
    """The code of the second step: six digits of the telephone, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("log-in", "Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )

    wrong = _(
        "This code is not right. Each code works once and for half a minute: take the one the "
        "telephone shows now."
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, which is logged, or one that came too soon."""
        answer = self.answer(self.cleaned_data["code"])
        if answer.wait_until:
            raise ValidationError(has_to_wait(answer.wait_until), code="wait")
        if not answer.is_right:
            raise ValidationError(self.wrong, code="wrong")
        return self.cleaned_data["code"]

    def answer(self, code: str) -> second_factor.Answer:
        """Return what comes of the code."""
        answer = second_factor.verify(self.person, code)
        if not (answer.is_right or answer.wait_until):
            events.record(actor=None, verb="second_step_failed", obj=self.person)
        return answer


class NewTelephoneForm(CodeForm):
    """The first code of a new telephone; `recovery_codes` holds what came of it."""

    wrong = _(
        "This code is not right. Take the one the telephone shows now; if none is taken, set the "
        "time of the telephone to automatic."
    )
    recovery_codes: list[str] = []

    def answer(self, code: str) -> second_factor.Answer:
        """Add the telephone if the code is right."""
        answer, self.recovery_codes = second_factor.add_telephone(self.person, code)
        return answer


class PasswordAgainForm(forms.Form):
    """One's own password once more."""

    again = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        super().__init__(*args, prefix=LOG_IN, **kwargs)
        self.request = request

    def clean_again(self) -> str:
        """Raises ValidationError for a wrong password; each try counts as one to log in."""
        return _own_password(self.request, self.cleaned_data["again"])


class NewPasswordForm(AdminPasswordChangeForm):
    """One's own password changed: who found a desk left open guesses the old one no faster here."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Raises ValidationError for a wrong password; each try counts as one to log in."""
        return _own_password(self.request, self.cleaned_data["old_password"])


def _own_password(request: HttpRequest, typed: str) -> str:
    """Return what was typed if it is the password of who is logged in, else raise."""
    if authenticate(request, username=request.user.get_username(), password=typed) is None:
        until = lockout.waits_until(request)
        wrong = _("The password is not right. Check capital letters and the typing program.")
        raise ValidationError(has_to_wait(until) if until else wrong)
    return typed
