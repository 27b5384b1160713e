"""Before pages of accounts and rights the password is asked for again; no typed word is lost."""

import datetime as dt
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


class RightsAskAgain:
    """For a model admin whose form decides on rights among other things.

    Looking, and changing all else, asks nothing. A change of one of the fields `rights` is saved
    once the password was typed as lately as for a page that asks before it opens.
    """

    rights: frozenset[str] = frozenset()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Add or change a thing; ask for the password where what was sent changes rights."""
        view = super().changeform_view
        try:
            return view(request, object_id, form_url, extra_context)
        except _PasswordWanted:
            return ask(
                request,
                self.admin_site,
                lambda: view(request, object_id, form_url, extra_context),
                within=sessions.PROOF_TO_LOOK,
            )

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Go on to save what is right and complete, unless the password is wanted first."""
        is_proved = sessions.is_proved(request, within=sessions.PROOF_TO_LOOK)
        if not is_proved and not self.rights.isdisjoint(form.changed_data):
            raise _PasswordWanted
        return super().save_form(request, form, change)


class _PasswordWanted(Exception):
    """What was sent changes rights; nothing of it has been saved."""


@sensitive_post_parameters(_AGAIN)
def ask(
    request: HttpRequest,
    site: AdminSite,
    go_on: Callable[[], HttpResponse],
    within: dt.timedelta | None = None,
) -> HttpResponse:
    """Go on if the password was typed lately; else ask, with everything sent kept in the page.

    How lately is what `sessions.is_proved` says of `within`.
    """
    answered = _AGAIN in request.POST
    if not answered and sessions.is_proved(request, within):
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
