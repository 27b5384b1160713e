"""A new password by e-mail: only where a mail server and the public address are set.

The link is made of SITE_URL, never of what the request calls this host. Whether an address is
known is told to nobody: the page says the same, and a thread writes the letter.
"""

import datetime as dt
import logging
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import forms, views
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse_lazy

from .. import administration, lockout

# Letters to one e-mail address, whoever asks for them.
LETTERS = lockout.Patience(3, longest=dt.timedelta(hours=4), forget=dt.timedelta(days=1))
_log = logging.getLogger(__name__)


class ForgottenForm(forms.PasswordResetForm):
    """The e-mail address of an account; its letter names the address of the settings alone."""

    def save(self, *, request: HttpRequest, **options: Any) -> None:
        """Write the letter in a thread, so that it takes as long where there is nobody to write to.

        Nothing happens for an address that was asked for too often, or a network that was.
        """
        if not lockout.admit(request, f"letter:{self.cleaned_data['email'].lower()}", LETTERS):
            return
        options |= {
            "domain_override": urlsplit(settings.SITE_URL).netloc,
            "use_https": settings.HTTPS,
            "email_template_name": "admin/signing_in/forgotten_letter.txt",
            "subject_template_name": "admin/signing_in/forgotten_subject.txt",
        }
        threading.Thread(target=self._write, args=(options,), name="forgotten").start()

    def _write(self, options: dict[str, Any]) -> None:
        try:
            super().save(**options)
        except Exception:
            _log.exception("The letter for a new password could not be sent.")
        finally:
            connection.close()


class OnlyWithMail:
    """A page of the way, which is not there without a mail server and a public address."""

    site: AdminSite | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raises Http404 where letters do not leave the house."""
        if not settings.PASSWORD_BY_MAIL:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what stands around every page of the desk."""
        return {**self.site.each_context(self.request), **super().get_context_data(**kwargs)}


class Ask(OnlyWithMail, views.PasswordResetView):
    """Ask for the e-mail address."""

    form_class = ForgottenForm
    template_name = "admin/signing_in/forgotten.html"
    success_url = reverse_lazy("admin:forgotten_sent")


class Sent(OnlyWithMail, views.PasswordResetDoneView):
    """Say that a letter is under way, if there is whom to write to."""

    template_name = "admin/signing_in/forgotten_sent.html"


class New(OnlyWithMail, views.PasswordResetConfirmView):
    """Take a new password from whoever has the letter."""

    template_name = "admin/signing_in/forgotten_new.html"
    success_url = reverse_lazy("admin:login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it; all log-ins end, and who had to wait waits no longer."""
        response = super().form_valid(form)
        administration.password_was_set(actor=form.user, account=form.user)
        return response


def urls(site: AdminSite) -> list:
    """Return the addresses of the way."""
    return [
        path("quen-mat-khau/", Ask.as_view(site=site), name="forgotten"),
        path("quen-mat-khau/da-gui/", Sent.as_view(site=site), name="forgotten_sent"),
        path("mat-khau-moi/<uidb64>/<token>/", New.as_view(site=site), name="forgotten_new"),
    ]
