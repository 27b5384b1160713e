"""The register of take-down demands: what is due first stands on top, in red when it is late."""

import re
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from newsroom import events
from newsroom.fields import row_number
from newsroom.role_admin import RoleAdmin

from .. import takedowns
from ..models import Comment, Takedown
from ..templatetags.comments_takedowns import left
from .moments import NamedMoments

CLOSED = "closed"
_ADDRESS = re.compile(r"-(\d{1,18})\.html")
_COMMENT = re.compile(r"y-kien[-/](\d{1,18})")


class NumberOrAddress(forms.CharField):
    """A row, by its number or by an address that was copied from the site."""

    def __init__(self, *args: Any, model: Any, pattern: re.Pattern, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.model, self.pattern = model, pattern

    def clean(self, value: Any) -> Any:
        """Return the row, None where nothing was typed; raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        match = self.pattern.search(text)
        number = row_number(match[1] if match else text.strip())
        found = number and self.model.objects.filter(pk=number).first()
        if not found:
            raise forms.ValidationError(_("This number or address leads to nothing."))
        return found


class DemandForm(forms.ModelForm):
    """One demand; the article and the comment are named by number or address."""

    article = NumberOrAddress(
        label=_("Article"),
        required=False,
        model=Article,
        pattern=_ADDRESS,
        help_text=_("Its number, or its address copied from the site."),
    )
    comment = NumberOrAddress(
        label=_("Comment"),
        required=False,
        model=Comment,
        pattern=_COMMENT,
        help_text=_("Its number, or its address. It is put on legal hold: nobody can erase it."),
    )

    class Meta:
        model = Takedown
        fields = [
            "received_at",
            "deadline_at",
            "sender",
            "reference",
            "basis",
            "demand",
            "article",
            "comment",
            "outcome",
            "answer",
        ]
        widgets = dict.fromkeys(("demand", "answer"), forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "deadline_at" in self.fields:
            self.fields["deadline_at"].required = False
            self.fields["deadline_at"].help_text = _("Left out: 24 hours after it was received.")

    def clean(self) -> dict[str, Any]:
        """Fill in the deadline, then ask the register with what was typed."""
        data = super().clean()
        received = data.get("received_at")
        if received and not data.get("deadline_at") and "deadline_at" not in self.errors:
            data["deadline_at"] = received + takedowns.TIME_TO_ANSWER
        names = ("received_at", "deadline_at", "outcome", "answer")
        typed = Takedown(**{name: data[name] for name in names if data.get(name)})
        for name, problem in takedowns.problems_of(typed).items():
            self.add_error(name, problem)
        return data


class OpenFilter(admin.SimpleListFilter):
    """The tabs: what is still to be answered, and what was."""

    title = _("state")
    parameter_name = "state"
    template = "admin/desk/tabs.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Answered or not."""
        return [(Takedown.Outcome.OPEN, _("To be answered")), (CLOSED, _("Answered"))]

    def value(self) -> str:
        """The tab chosen, the open ones where none is."""
        return CLOSED if super().value() == CLOSED else Takedown.Outcome.OPEN

    def choices(self, changelist: Any):
        """Yield both tabs."""
        for state, label in self.lookup_choices:
            yield {
                "selected": self.value() == state,
                "query_string": changelist.get_query_string({self.parameter_name: state}, ["p"]),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the tab's demands in its order: due first, or answered last."""
        if self.value() == CLOSED:
            return queryset.exclude(outcome=Takedown.Outcome.OPEN).order_by("-closed_at", "-pk")
        open_ones = queryset.filter(outcome=Takedown.Outcome.OPEN)
        return open_ones.order_by("deadline_at", "pk")


@admin.register(Takedown)
class TakedownAdmin(NamedMoments, RoleAdmin):
    """The secretary's register; the administrator reads it."""

    viewers = takedowns.READERS
    adders = changers = takedowns.KEEPERS
    form = DemandForm
    list_display_links = ["from_whom"]
    list_filter = [OpenFilter]
    list_select_related = ["article__newest_revision", "comment__article", "closed_by"]
    list_per_page = 50
    search_fields = ["sender", "reference", "demand"]
    sortable_by = ()
    ordering = ["deadline_at", "pk"]
    readonly_fields = ["closed_at", "closed_by"]
    change_list_template = "admin/comments/takedown/change_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Head the list as what it is; the log says who looked."""
        response = super().changelist_view(request, {"title": _("Take-down register")})
        if response.status_code == HTTPStatus.OK:
            takedowns.note_seen(actor=request.user)
        return response

    def render_change_form(self, request: HttpRequest, *form: Any, **more: Any) -> HttpResponse:
        """Show a demand; the log says who looked."""
        if demand := more.get("obj"):
            takedowns.note_seen(actor=request.user, demand=demand)
        return super().render_change_form(request, *form, **more)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """What is not answered has no outcome."""
        is_closed = request.GET.get(OpenFilter.parameter_name) == CLOSED
        return ["clock", "from_whom", "about", *(["outcome"] if is_closed else []), "received_at"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A demand has just come in; it must be answered within a day."""
        now = timezone.now().replace(second=0, microsecond=0)
        due = {"received_at": now, "deadline_at": now + takedowns.TIME_TO_ANSWER}
        return due | super().get_changeform_initial_data(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """By whom it was answered stands below one that was."""
        return [
            *DemandForm.Meta.fields,
            *(["closed_at", "closed_by"] if obj and obj.closed_at else []),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any):
        """The form names its fields itself; who only reads gets none of them."""
        kwargs["fields"] = DemandForm.Meta.fields
        if obj and not self.has_change_permission(request, obj):
            kwargs |= {"form": forms.ModelForm, "fields": []}
        return super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Takedown, form: Any, change: bool) -> None:
        """Save with who answered it; log; hold the comment, or say that it is gone."""
        takedowns.save(actor=request.user, demand=obj)
        if obj.comment and obj.comment.state == Comment.State.PURGED:
            messages.warning(request, _("The comment was erased before: nothing is left to keep."))

    @admin.display(description=_("deadline"))
    def clock(self, demand: Takedown) -> SafeString:
        """How long is left, or how long it is over; when it was answered."""
        if demand.closed_at:
            return format_html("{} {}", demand.closed_by or "", events.clock(demand.closed_at))
        return format_html(
            '<span class="desk-wait{}">{}</span> <span class="desk-meta">{}</span>',
            *left(demand.deadline_at, timezone.now()),
            events.clock(demand.deadline_at),
        )

    @admin.display(description=_("who demands it"))
    def from_whom(self, demand: Takedown) -> str:
        """Who demands it, by which document."""
        return " · ".join(filter(None, [demand.sender, demand.reference]))

    @admin.display(description=_("about"))
    def about(self, demand: Takedown) -> SafeString | str:
        """The article or the comment, as a link to its page at the desk."""
        if demand.comment:
            address = reverse("admin:comments_comment_change", args=[demand.comment_id])
            return format_html('<a href="{}">{}</a>', address, demand.comment)
        if demand.article:
            address = reverse("admin:articles_article_change", args=[demand.article_id])
            return format_html('<a href="{}">{}</a>', address, demand.article)
        return "–"
