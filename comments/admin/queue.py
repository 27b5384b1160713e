"""The moderators' queue: oldest first, by tab, decided one by one or many at once."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.admin.desk_numbers import LATE, waited
from newsroom import events, vietnamese
from newsroom.refusals import NotReady
from newsroom.role_admin import RoleAdmin
from newsroom.roles import Role

from .. import moderation
from ..models import Comment
from . import many
from .decision import DecisionPage
from .listing import Queue, SectionFilter, row_of
from .marks import described
from .place import place_of
from .redaction import RedactionPage
from .tabs import tab_of
from .undoing import take_back, undo_of


class DecisionForm(ActionForm):
    """What stands beside the buttons over many comments: why."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("– why, when rejecting –")), *Comment.Reason.choices],
        required=False,
    )
    # Nothing is refused here, where it would be called "no action selected": that is the verb's.
    note = forms.Field(label=_("Note"), required=False, widget=forms.TextInput)


@admin.register(Comment)
class CommentAdmin(RoleAdmin):
    """A comment is decided, never edited: its page holds verbs, not fields."""

    viewers = frozenset({Role.MODERATOR, Role.SECRETARY, Role.ADMINISTRATOR})
    deciders = frozenset({Role.MODERATOR, Role.SECRETARY})
    list_display = ["words", "headline", "waiting"]
    list_display_links = None
    list_filter = [SectionFilter]
    search_fields = ["search_words"]
    sortable_by = ()
    action_form = DecisionForm
    actions = list(many.LABELS)
    actions_on_top = False
    actions_on_bottom = True
    show_full_result_count = False

    def get_urls(self) -> list:
        """Two addresses more: taking back, and hiding words."""
        view = self.admin_site.admin_view
        own = [
            path("undo/", view(self.undo_view), name="comments_comment_undo"),
            path(
                "<path:object_id>/redact/", view(self.redact_view), name="comments_comment_redact"
            ),
        ]
        return own + super().get_urls()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The queue."""
        return Queue

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """How long a comment waits, or what was decided."""
        last = "decision" if tab_of(request.GET).key == "decided_at" else "waiting"
        return ["words", "headline", last]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """Find all words: in name and text with or without accents, in the headline as typed.

        The headline readers see is folded nowhere by itself.
        """
        for word in vietnamese.clean(search_term)[:200].split():
            said = Q(article_headline__icontains=word)
            if terms := vietnamese.search_terms(word):
                said |= Q(*(("search_words__contains", f" {term}") for term in terms))
            queryset = queryset.filter(said)
        return queryset, False

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """By role; one comment, and its log, only as far as the person's sections go."""
        by_role = super().has_view_permission(request)
        return by_role and (obj is None or place_of(request).sees(obj))

    def decides(self, request: HttpRequest) -> bool:
        """Whether the person has verbs on comments at all."""
        return bool(getattr(request.user, "roles", frozenset()) & self.deciders)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The verbs that lead on from the tab, for those who may decide."""
        wanted = tab_of(request.GET).verbs if self.decides(request) else set()
        return {verb: (_run, verb, label) for verb, label in many.LABELS.items() if verb in wanted}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show a tab; say so when a button was pressed and nothing was ticked."""
        if request.method == "POST":
            request.POST = many.ticked_rows_alone(request.POST)
            if not request.POST.getlist(ACTION_CHECKBOX_NAME):
                messages.warning(request, _now("Nothing is ticked."))
        context = {"place": place_of(request), "undo": undo_of(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def shown_again(self, request: HttpRequest) -> HttpResponse:
        """Show the list as it was sent, ticks, reason and note: nothing was done."""
        sent = request.POST.copy()
        sent["_save"] = ""  # Django carries out no action of a form with it.
        request.POST = sent
        context = {"sent": sent, "place": place_of(request)}
        response = super().changelist_view(request, context)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    def action_checkbox(self, obj: Comment) -> SafeString:
        """The box of a row, ticked where it was, with the version that is shown."""
        label = _now("Select this object for an action - {}").format(obj)
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}"{}>'
            '<input type="hidden" name="seen" value="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            label,
            " checked" if obj.is_ticked else "",
            row_of(obj),
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show one comment with the verbs that can be done, and do the one pressed."""
        return self._page(DecisionPage, request, object_id)

    def redact_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the words of one comment, and hide those that were chosen."""
        if not self.decides(request):
            raise PermissionDenied
        return self._page(RedactionPage, request, object_id)

    def _page(self, page: Any, request: HttpRequest, object_id: str | None) -> HttpResponse:
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        comment = self.get_object(request, object_id)
        if comment is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        shown = page(self, request, comment)
        return shown.post() if request.method == "POST" else shown.get()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Comments with what their page shows of the article and of who decided."""
        rows = super().get_queryset(request).with_articles(timezone.now())
        return rows.select_related("thread", "answered", "claimed_by", "assigned_to")

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """Take back what the person's last press of a button did."""
        if not self.decides(request):
            raise PermissionDenied
        return take_back(request) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    @admin.display(description=_("Comment"))
    def words(self, comment: Comment) -> SafeString:
        """Who and what; opens the page on which it is decided."""
        noticed = [described(hit) for hit in comment.hits[:3]]
        holder = moderation.claimant(comment, timezone.now())
        context = {"comment": comment, "noticed": noticed, "holder": holder}
        return render_to_string("admin/comments/comment/_row.html", context)

    @admin.display(description=_("Under the article"))
    def headline(self, comment: Comment) -> str:
        """The headline readers see, or saw last."""
        return comment.article_headline

    @admin.display(description=_("Since"))
    def waiting(self, comment: Comment) -> SafeString:
        """How long it waits, or has been reported."""
        now, since = timezone.now(), comment.queued_at
        if comment.state == Comment.State.APPROVED and comment.reported_at:
            since = comment.reported_at
        shape = "desk-wait is-late" if now - since > LATE else "desk-wait"
        return format_html('<span class="{}">{}</span>', shape, waited(since, now))

    @admin.display(description=_("Decision"))
    def decision(self, comment: Comment) -> SafeString:
        """Who decided it, when and why."""
        return format_html(
            '{} {}<span class="desk-meta">{}</span>',
            comment.decided_by or "",
            events.clock(comment.decided_at) if comment.decided_at else "",
            comment.why,
        )


def _run(model_admin: CommentAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
    """Do one verb on all that is ticked, or show the list as it was sent."""
    try:
        return many.decide(request, request.POST["action"])
    except NotReady as refused:
        messages.error(request, str(refused))
        return model_admin.shown_again(request)
