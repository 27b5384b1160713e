"""One's own account: where one is logged in, and the second step."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import events, second_factor, sessions
from ..models import LogIn
from ..roles import Role
from .password_again import ask
from .second_step import show_recovery_codes


def account(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show one's account; a POST ends log-ins or makes new recovery codes."""
    verb = request.POST.get("verb") if request.method == "POST" else ""
    if verb in ("end", "end_others"):
        return _end(request)
    if verb == "recovery_codes" and second_factor.has_telephone(request.user):
        return ask(request, site, lambda: _renew(request, site))
    context = {
        **site.each_context(request),
        "title": _("My account"),
        "roles": [str(role.label) for role in Role if role in request.user.roles],
        "log_ins": [_shown(row, request) for row in sessions.of(request.user)],
        "second": _second_step(request) if settings.SECOND_FACTOR else None,
    }
    return TemplateResponse(request, "admin/signing_in/account.html", context)


def _shown(log_in: LogIn, request: HttpRequest) -> dict[str, Any]:
    return {
        "mark": sessions.mark(log_in.session_key),
        "is_this": log_in.session_key == request.session.session_key,
        "browser": log_in.browser,
        "network": log_in.network,
        "begun_at": log_in.begun_at,
        "seen_at": sessions.seen_at(log_in),
    }


def _second_step(request: HttpRequest) -> dict[str, Any]:
    return {
        "known": second_factor.has_telephone(request.user),
        "left": second_factor.recovery_codes_left(request.user),
    }


def _end(request: HttpRequest) -> HttpResponse:
    """End one log-in or all but this one, and say how many."""
    this = request.session.session_key
    one = request.POST.get("mark", "") if request.POST["verb"] == "end" else None
    number = sessions.end(request.user, but=this, only=one)
    if number:
        data = {"number": number}
        events.record(actor=request.user, verb="end_log_ins", obj=request.user, data=data)
    text = ngettext("%(n)s log-in ended.", "%(n)s log-ins ended.", number) % {"n": number}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("admin:account"))


def _renew(request: HttpRequest, site: AdminSite) -> HttpResponse:
    return show_recovery_codes(request, site, second_factor.renew_recovery_codes(request.user))
