"""A form sent after the session ended is carried through the log-in: nothing typed is lost."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import lockout, second_factor
from ..unsent import LOG_IN, Unsent
from .forms import CODE, PASSWORD, CodeForm, LoginForm

_ANSWERS = (PASSWORD, CODE)


def is_cut_off(request: HttpRequest) -> bool:
    """Whether a form arrives from somebody whose session has ended; passwords are not kept."""
    return (
        request.method == "POST"
        and (
            any(answer in request.POST for answer in _ANSWERS)
            or not request.user.is_authenticated
            or second_factor.is_owed(request)
        )
        and request.path != reverse("admin:logout")
        and not any("password" in name for name in request.POST if name != PASSWORD)
    )


def log_in_and_go_on(
    site: AdminSite, request: HttpRequest, go_on: Callable[[], HttpResponse]
) -> HttpResponse:
    """Ask who it is, with everything typed kept in the page; then do what was asked for.

    Somebody without the right to it is told so, and may log in as somebody else.
    """
    form = _answered(request)
    response = _next(site, request, form, go_on)
    if isinstance(form, LoginForm) and not form.errors:
        lockout.remember(request, response)
    return response


def _next(
    site: AdminSite,
    request: HttpRequest,
    form: forms.Form | None,
    go_on: Callable[[], HttpResponse],
) -> HttpResponse:
    """Do what was asked for, or ask what is left to ask."""
    status = HTTPStatus.OK
    if site.has_permission(request) and not (form and form.errors):
        with suppress(PermissionDenied):
            return go_on()
        form, status = None, HTTPStatus.FORBIDDEN
    form = form if form and form.errors else _question(request)
    context = {
        **site.each_context(request),
        "title": _("Log in"),
        "form": form,
        "unsent": Unsent.of(request),
        "username": request.user.get_username(),
        "app_path": request.get_full_path(),
        "owed": second_factor.is_owed(request),
    }
    return TemplateResponse(request, site.login_template, context, status=status)


def _answered(request: HttpRequest) -> forms.Form | None:
    """Take what was answered: a name and a password, or a code. None: nothing was asked yet."""
    if PASSWORD in request.POST:
        form: Any = LoginForm(request, request.POST, prefix=LOG_IN)
        if form.is_valid():
            login(request, form.get_user())
        return form
    if CODE in request.POST and second_factor.is_owed(request):
        form = CodeForm(request.user, request.POST, prefix=LOG_IN)
        if form.is_valid():
            second_factor.take(request)
        return form
    return None


def _question(request: HttpRequest) -> forms.Form:
    if second_factor.is_owed(request):
        return CodeForm(request.user, prefix=LOG_IN)
    return LoginForm(request, prefix=LOG_IN)
