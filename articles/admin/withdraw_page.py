"""The page that asks why an article is taken off the site, and then does it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.refusals import Conflict, NotAllowed, NotReady

from .. import workflow
from ..models import Article
from ..permissions import Verb, can
from .article_verbs import done


def withdraw_page(model_admin: Any, request: HttpRequest, article: Article) -> HttpResponse:
    """Ask on GET; on POST withdraw, or ask again with what was typed."""
    if not can(request.user, Verb.WITHDRAW, article):
        raise PermissionDenied
    error, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            workflow.withdraw(actor=request.user, article=article, reason=reason)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except (NotReady, Conflict) as refused:
            error = str(refused)
        else:
            messages.success(request, done(Verb.WITHDRAW, article, timezone.now(), None))
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Withdraw the article"),
        "subtitle": None,
        "article": article,
        "reason": reason,
        "error": error,
    }
    status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
    template = "admin/articles/article/withdraw.html"
    return TemplateResponse(request, template, context, status=status)
