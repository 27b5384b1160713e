"""The page of the second step: type a code, or add the telephone that will show them."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from .. import second_factor, sessions
from .forms import CodeForm, NewTelephoneForm
from .password_again import ask


@never_cache
@sensitive_post_parameters("code")
def second_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for a code where a telephone is known, else add one. 404 unless SECOND_FACTOR=1."""
    if not settings.SECOND_FACTOR:
        raise Http404
    person = request.user
    if not (person.is_authenticated and person.is_active and person.is_staff):
        return redirect_to_login(next_of(request), reverse("admin:login"))
    known, owed = second_factor.has_telephone(person), second_factor.is_owed(request)
    if known and owed:
        return _verify(request, site)
    if known:
        return HttpResponseRedirect(reverse("admin:account"))
    if owed:
        return _add(request, site)
    return ask(request, site, lambda: _add(request, site))


def next_of(request: HttpRequest) -> str:
    """Return where the person was on the way to, if that is a page of ours; else the desk."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
    ours = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, ours, require_https=request.is_secure()):
        return wanted
    return reverse("admin:index")


def _verify(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form = CodeForm(request.user, request.POST or None)
    if form.is_valid():
        second_factor.take(request)
        return HttpResponseRedirect(next_of(request))
    return _page(request, site, "second_step", title=_("Second step"), form=form)


def _add(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form = NewTelephoneForm(request.user, request.POST if "code" in request.POST else None)
    if form.is_valid():
        second_factor.take(request)
        # Others may be somebody's who knows the password, and were let in without a code.
        sessions.end(request.user, but=request.session.session_key)
        return show_recovery_codes(request, site, form.recovery_codes)
    key = second_factor.new_key(request.user)
    title = _("Add your telephone")
    return _page(request, site, "add_telephone", title=title, form=form, key=key)


def show_recovery_codes(request: HttpRequest, site: AdminSite, codes: list[str]) -> HttpResponse:
    """Show recovery codes, for this one time."""
    return _page(request, site, "recovery_codes", title=_("Recovery codes"), codes=codes)


def _page(request: HttpRequest, site: AdminSite, name: str, **more: Any) -> HttpResponse:
    context = {**site.each_context(request), "next": next_of(request), **more}
    return TemplateResponse(request, f"admin/signing_in/{name}.html", context)
