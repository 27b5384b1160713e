"""Before pages of accounts and rights the password is asked for again; no typed word is lost."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from .. import sessions
from ..unsent import LOG_IN, Unsent
from .forms import PasswordAgainForm

_AGAIN = f"{LOG_IN}-again"
# Whether the page was only opened, or something was sent to it.
_OPENED = f"{LOG_IN}-opened"


def asked_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Guard a method of a model admin by the password, for whoever could open the page at all."""

    @wraps(view)
    def asking(admin: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not admin.has_view_permission(request):
            return view(admin, request, *args, **kwargs)
        return ask(request, admin.admin_site, lambda: view(admin, request, *args, **kwargs))

    return asking


@sensitive_post_parameters(_AGAIN)
def ask(request: HttpRequest, site: AdminSite, go_on: Callable[[], HttpResponse]) -> HttpResponse:
    """Go on if the password was typed lately; else ask, with everything sent kept in the page."""
    answered = _AGAIN in request.POST
    if not answered and sessions.is_proved(request):
        return go_on()
    form = PasswordAgainForm(request, request.POST if answered else None)
    if answered and form.is_valid():
        sessions.prove(request)
        if _OPENED in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return go_on()
    return _page(request, site, form)


def _page(request: HttpRequest, site: AdminSite, form: PasswordAgainForm) -> HttpResponse:
    only_opened = request.method == "GET" or _OPENED in request.POST
    context = {
        **site.each_context(request),
        "title": _("Your password, please"),
        "form": form,
        "opened": _OPENED if only_opened else "",
        "unsent": None if only_opened else Unsent.of(request),
        "address": request.get_full_path(),
    }
    status = HTTPStatus.FORBIDDEN if form.errors else HTTPStatus.OK
    return TemplateResponse(request, "admin/signing_in/password_again.html", context, status=status)
