"""All versions of an article, each to be read, and a published one to be published again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.refusals import Conflict, NotAllowed, NotReady

from .. import workflow
from ..models import Article, Revision
from ..permissions import Verb, can
from .article_compare import shown_body
from .article_verbs import done


def versions(article: Article) -> dict[str, Any]:
    """Return what the history page shows beside the log: every version and its publications."""
    revisions = article.revisions.select_related("saved_by").prefetch_related("publications")
    return {"revisions": revisions.order_by("-number"), "article": article}


def version_page(
    model_admin: Any, request: HttpRequest, article: Article, number: int
) -> HttpResponse:
    """Show version `number`; POST publishes it again: undo is a new publication of an old text."""
    revision = article.revisions.filter(number=number).select_related("saved_by").first()
    if revision is None:
        raise Http404
    if request.method == "POST":
        return _publish_again(request, article, revision)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Version %(number)s") % {"number": number},
        "subtitle": None,
        "article": article,
        "revision": revision,
        "body": shown_body(revision),
        "byline": revision.byline.order_by("position"),
        "may_publish": _may_publish(request, article, revision),
    }
    return TemplateResponse(request, "admin/articles/article/version.html", context)


def _may_publish(request: HttpRequest, article: Article, revision: Revision) -> bool:
    """Whether to offer it: an older text that is still approved was public once."""
    older = revision.pk != article.newest_revision_id
    live = revision.publications.public(timezone.now()).exists()
    signed = revision.state == Revision.State.APPROVED
    return older and signed and not live and can(request.user, Verb.PUBLISH, article)


def _publish_again(request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    try:
        workflow.publish(actor=request.user, revision=revision)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except (Conflict, NotReady) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done(Verb.PUBLISH, article, timezone.now(), None))
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
