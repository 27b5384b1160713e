"""The page that merges a topic into another: choose, see what will happen, confirm.

Choosing is a GET, so that the preview has an address and needs no script.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.refusals import Conflict, NotAllowed, NotReady

from .. import topics
from ..models import Topic
from ..permissions import may_change

TEMPLATE = "admin/articles/topic/merge.html"


class IntoForm(forms.Form):
    """The topic that stays."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Topic that stays"),
        queryset=Topic.objects.none(),
        error_messages={"invalid_choice": gettext_lazy("This topic is there no more.")},
    )

    def __init__(self, data: Any, topic: Topic):
        super().__init__(data)
        self.fields["into"].queryset = Topic.objects.exclude(pk=topic.pk).order_by("sort_key")


@dataclass(frozen=True)
class Preview:
    """What merging would do."""

    into: Topic
    articles: int
    in_both: int
    addresses: list[str]
    names: list[str]


def merge_page(model_admin: Any, request: HttpRequest, topic: Topic) -> HttpResponse:
    """Ask, preview on GET with a choice, merge on POST."""
    if not may_change(request.user, topic):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    form = IntoForm(data if "into" in data else None, topic)
    into, error = form.cleaned_data["into"] if form.is_valid() else None, ""
    if request.method == "POST" and into:
        try:
            topics.merge_topics(actor=request.user, topic=topic, into=into)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except (NotReady, Conflict) as refused:
            error = str(refused)
        else:
            return _done(request, topic, into)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Merge into another topic"),
        "subtitle": None,
        "topic": topic,
        "form": form,
        "preview": preview(topic, into) if into and not error else None,
        "error": error,
    }
    status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
    return TemplateResponse(request, TEMPLATE, context, status=status)


def preview(topic: Topic, into: Topic) -> Preview:
    """Return what merging `topic` into `into` would do."""
    tagged = topic.taggings.values("article")
    old = topic.old_slugs.order_by("pk")
    others = topic.other_names.order_by("pk").values_list("name", flat=True)
    return Preview(
        into=into,
        articles=topic.taggings.count(),
        in_both=into.taggings.filter(article__in=tagged).count(),
        addresses=[
            topic.get_absolute_url(),
            *(Topic(kind=topic.kind, slug=one.slug).get_absolute_url() for one in old),
        ],
        names=[topic.name, *others],
    )


def _done(request: HttpRequest, topic: Topic, into: Topic) -> HttpResponse:
    words = {"topic": topic, "into": into}
    messages.success(request, _("“%(topic)s” is merged into “%(into)s”.") % words)
    return HttpResponseRedirect(reverse("admin:articles_topic_change", args=[into.pk]))
