"""The page on which the secretary keeps a comment for a legal matter, or lets it go again."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.refusals import Conflict, NotReady
from newsroom.role_admin import holds

from .. import takedowns
from ..models import Comment


def legal_hold(request: HttpRequest, object_id: int, site: AdminSite) -> HttpResponse:
    """Ask why on GET; on POST set the hold, or lift the one that was shown."""
    if not holds(request, takedowns.KEEPERS):
        raise PermissionDenied
    comment, error = get_object_or_404(Comment, pk=min(object_id, 2**63 - 1)), ""
    if request.method == "POST":
        try:
            _carry_out(request, comment)
        except (NotReady, Conflict) as refused:
            error = str(refused)
        else:
            return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[comment.pk]))
    title = _("Lift the legal hold") if comment.legal_hold else _("Keep for a legal matter")
    context = {
        **site.each_context(request),
        "opts": Comment._meta,
        "title": title,
        "subtitle": None,
        "comment": comment,
        "last": events.latest(comment, "legal_hold", "lift_legal_hold"),
        "reason": request.POST.get("reason", ""),
        "error": error,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    template = "admin/comments/comment/legal_hold.html"
    return TemplateResponse(request, template, context, status=status)


def _carry_out(request: HttpRequest, comment: Comment) -> None:
    said = {"actor": request.user, "comment": comment, "reason": request.POST.get("reason", "")}
    if request.POST.get("verb") == "lift":
        takedowns.lift_hold(**said)
        messages.success(request, _("The legal hold is lifted."))
    else:
        takedowns.hold(**said)
        messages.success(request, _("The comment is kept: nobody can purge or erase it."))
