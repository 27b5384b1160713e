"""Topics in the admin: their names, and the way to merge two of them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LinesFormField, row_number

from .. import topics
from ..models import Topic
from .address_form import NamedForm
from .lists import CatalogueAdmin
from .topic_merge import merge_page

MAX_ALIKE = 3


class TopicForm(NamedForm):
    """A topic with its other names, one a line.

    Asks back when another one has the name but for its accents: “mot cua” beside “Một cửa”.
    """

    other_names = LinesFormField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text=_("One a line: abbreviations, old names. The topic is found by each of them."),
    )

    # Shown to whom the question is put.
    is_another = forms.BooleanField(
        label=_("This is another topic: save it"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.other_names.order_by("pk").values_list("name", flat=True)
            self.initial.setdefault("other_names", "\n".join(names))

    def clean_other_names(self) -> list[str]:
        """Return the names as they will be kept; refuse what another topic is called."""
        names = topics.cleaned(self.cleaned_data["other_names"].splitlines())
        typed = Topic(pk=self.instance.pk, name=self.cleaned_data.get("name") or "")
        if problem := topics.names_problem(typed, names):
            raise forms.ValidationError(problem)
        return names

    def clean(self) -> dict[str, Any]:
        """Name the topics that are called nearly so, once; “Lúa” and “Lụa” are two."""
        data = super().clean()
        alike = self._alike(data.get("name")) if "name" in self.changed_data else []
        if alike:
            self.fields["is_another"].widget = forms.CheckboxInput()
            if not data.get("is_another"):
                self.add_error("name", _asked_back(alike, data["name"]))
        return data

    def _alike(self, name: str | None) -> list[Topic]:
        """Return the others; none where one has this very name, which is refused anyway."""
        known = name and Topic.objects.called(name)
        if not name or (known and known.pk != self.instance.pk):
            return []
        return list(Topic.objects.alike(name).exclude(pk=self.instance.pk)[:MAX_ALIKE])


def _asked_back(alike: list[Topic], name: str) -> str:
    told = format_html_join(", ", "{}", ((_told(topic, name),) for topic in alike))
    message = _now(
        "There is the topic {topics} already, its name differs in accents or punctuation alone. "
        "If you mean another one, tick the box below and save again."
    )
    return format_html(message, topics=told)


def _told(topic: Topic, name: str) -> SafeString:
    """Return the topic as a link and, where another name of it is like `name`, that name."""
    address = reverse("admin:articles_topic_change", args=[topic.pk])
    link = format_html('“<a href="{}">{}</a>”', address, topic.name)
    words = vietnamese.search_text(name)
    if topic.search_words == words:
        return link
    other = topic.other_names.filter(search_words=words).first()
    return format_html(_now("{topic} (also called “{name}”)"), topic=link, name=other.name)


@admin.register(Topic)
class TopicAdmin(CatalogueAdmin):
    """Every writer may add a topic, editors and the secretary mend and merge them."""

    form = TopicForm
    list_display = ["name", "names_beside", "slug"]
    change_form_template = "admin/articles/topic/change_form.html"

    def get_urls(self) -> list:
        """The page that merges comes first: Django's own catches everything."""
        merge = path(
            "<path:object_id>/merge/",
            self.admin_site.admin_view(self.merge),
            name="articles_topic_merge",
        )
        return [merge, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whoever may only look reads the other names in one line."""
        may_type = obj is None or self.has_change_permission(request, obj)
        if not may_type:
            return ["name", "names_beside", "slug"]
        return ["name", "is_another", "other_names", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address that is given stays."""
        return ["slug", "names_beside"] if obj else ["names_beside"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        """Topics with their other names at once."""
        return super().get_queryset(request).prefetch_related("other_names")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """By any name, with or without accents."""
        return queryset.named(vietnamese.search_terms(search_term)), False

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """Save with the other names, log, and tell the pages that show it."""
        names = form.cleaned_data.get("other_names")
        topics.save_topic(actor=request.user, topic=obj, other_names=names)

    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let this topic go up in another one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        topic = self.get_object(request, object_id)
        if topic is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return merge_page(self, request, topic)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Say of a topic that was merged meanwhile who did it, and lead to the list."""
        number = row_number(object_id)
        conflict = number and topics.gone(number)
        if not conflict:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        messages.error(request, str(conflict))
        return HttpResponseRedirect(reverse("admin:articles_topic_changelist"))

    @admin.display(description=_("other names"))
    def names_beside(self, topic: Topic) -> str:
        """The other names in one line."""
        return ", ".join(other.name for other in topic.other_names.all())
