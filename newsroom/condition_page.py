"""The page of the deep check."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .condition import examine
from .role_admin import holds
from .roles import Role


def condition_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the administrator how the server is; raises PermissionDenied for others."""
    if not holds(request, frozenset({Role.ADMINISTRATOR})):
        raise PermissionDenied
    context = {
        **site.each_context(request),
        "title": _("How the server is"),
        "subtitle": None,
        "facts": list(examine(timezone.now())),
    }
    return TemplateResponse(request, "admin/condition.html", context)
