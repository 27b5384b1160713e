"""The moderators' queue: oldest first, by state, decided one by one or many at once."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from articles.admin.desk_numbers import LATE, waited
from newsroom import events, vietnamese
from newsroom.fields import row_number
from newsroom.refusals import NotReady
from newsroom.role_admin import RoleAdmin
from newsroom.roles import Role

from .. import moderation
from ..models import Comment
from .decision import DecisionPage
from .tabs import TABS, tab_of

State = Comment.State
EXCERPT = 160
# What stands on the buttons, in the order of the bar.
LABELS = {
    "reopen": _("Put back into the queue"),
    "remove": _("Remove"),
    "hold": _("Hold"),
    "mark_spam": _("Spam"),
    "reject": _("Reject"),
    "approve": _("Publish"),
}
# What stands over the list afterwards.
DONE = {
    "reopen": ngettext_lazy("Put %(n)s comment back.", "Put %(n)s comments back.", "n"),
    "remove": ngettext_lazy("Removed %(n)s comment.", "Removed %(n)s comments.", "n"),
    "hold": ngettext_lazy("Held %(n)s comment.", "Held %(n)s comments.", "n"),
    "mark_spam": ngettext_lazy(
        "Marked %(n)s comment as spam.", "Marked %(n)s comments as spam.", "n"
    ),
    "reject": ngettext_lazy("Rejected %(n)s comment.", "Rejected %(n)s comments.", "n"),
    "approve": ngettext_lazy("Published %(n)s comment.", "Published %(n)s comments.", "n"),
}


class StateFilter(admin.SimpleListFilter):
    """The tabs over the queue; the first is what waits."""

    title = _("state")
    parameter_name = "state"
    template = "admin/desk/tabs.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states."""
        return [(state, State(state).label) for state in TABS]

    def value(self) -> str:
        """Return the tab chosen, the queue where none is."""
        return tab_of({self.parameter_name: super().value()})

    def choices(self, changelist: Any):
        """Yield each tab, the waiting ones with their number."""
        rows = Comment.objects.filter(state__in=moderation.WAITING).values_list("state")
        numbers = dict(rows.annotate(Count("pk")).order_by())
        for state, label in self.lookup_choices:
            yield {
                "selected": self.value() == state,
                "query_string": changelist.get_query_string({self.parameter_name: state}, ["p"]),
                "display": label,
                "count": numbers.get(state),
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the tab's comments."""
        return queryset.filter(state=self.value())


class Queue(ChangeList):
    """The list of one tab; an address filters by nothing else.

    Django's list would answer to any column, so that addresses of readers could be tried out.
    """

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the tab alone."""
        asked = super().get_filters_params(params)
        return {name: asked[name] for name in asked if name == StateFilter.parameter_name}

    def get_results(self, request: HttpRequest) -> None:
        """Mark the rows that were ticked when the list is shown again."""
        super().get_results(request)
        ticks = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        for comment in self.result_list:
            comment.is_ticked = str(comment.pk) in ticks


class DecisionForm(ActionForm):
    """What stands beside the buttons over many comments: why."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("– why, when rejecting –")), *Comment.Reason.choices],
        required=False,
    )
    note = forms.CharField(label=_("Note"), required=False)  # its length is the verb's to refuse


@admin.register(Comment)
class CommentAdmin(RoleAdmin):
    """A comment is decided, never edited: its page holds verbs, not fields."""

    viewers = frozenset({Role.MODERATOR, Role.SECRETARY, Role.ADMINISTRATOR})
    deciders = frozenset({Role.MODERATOR, Role.SECRETARY})
    list_display = ["words", "headline", "waiting"]
    list_display_links = None
    list_filter = [StateFilter]
    list_per_page = 50
    search_fields = ["search_words"]
    sortable_by = ()
    action_form = DecisionForm
    actions = list(LABELS)
    actions_on_top = False
    actions_on_bottom = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Comments with what a row shows."""
        return super().get_queryset(request).with_articles(timezone.now())

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The queue."""
        return Queue

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """How long a comment waits, or what was decided."""
        last = "waiting" if tab_of(request.GET) in moderation.WAITING else "decision"
        return ["words", "headline", last]

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """The queue oldest first, what is decided newest first."""
        if tab_of(request.GET) in moderation.WAITING:
            return ["submitted_at", "pk"]
        return ["-decided_at", "-pk"]

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

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The verbs that lead on from the tab's state, for those who may decide."""
        roles = getattr(request.user, "roles", frozenset())
        if not roles & self.deciders:
            return {}
        wanted = set(moderation.available(Comment(state=tab_of(request.GET))))
        return {verb: (_run, verb, label) for verb, label in LABELS.items() if verb in wanted}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Say so when a button was pressed and nothing was ticked."""
        if request.method == "POST":
            request.POST = _ticked_rows_alone(request.POST)
            if not request.POST.getlist(ACTION_CHECKBOX_NAME):
                messages.warning(request, _now("Nothing is ticked."))
        oldest = Comment.objects.queue().values_list("submitted_at", flat=True).first()
        context = {
            "oldest": waited(oldest, timezone.now()) if oldest else "",
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def shown_again(self, request: HttpRequest) -> HttpResponse:
        """Show the list as it was sent, ticks, reason and note: nothing was done."""
        sent = request.POST.copy()
        sent["_save"] = ""  # Django carries out no action of a form with it.
        request.POST = sent
        response = super().changelist_view(request, {"sent": sent})
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    def action_checkbox(self, obj: Comment) -> SafeString:
        """The box of a row, ticked where it was."""
        label = _now("Select this object for an action - {}").format(obj)
        words = {"class": "action-select", "aria-label": label}
        box = forms.CheckboxInput(words, check_test=lambda value: obj.is_ticked)
        return box.render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show one comment with the verbs that can be done, and do the one pressed."""
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        comment = self.get_object(request, object_id)
        if comment is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = DecisionPage(self, request, comment)
        return page.post() if request.method == "POST" else page.get()

    @admin.display(description=_("Comment"))
    def words(self, comment: Comment) -> SafeString:
        """Who and what; opens the page on which it is decided."""
        return format_html(
            '<a class="desk-headline" href="{}/change/">{}</a><p class="desk-comment">{}</p>',
            comment.pk,
            comment.name,
            Truncator(comment.text).chars(EXCERPT),
        )

    @admin.display(description=_("Under the article"))
    def headline(self, comment: Comment) -> str:
        """The headline readers see, or saw last."""
        return comment.article_headline

    @admin.display(description=_("Since"))
    def waiting(self, comment: Comment) -> SafeString:
        """How long it waits."""
        now = timezone.now()
        late = now - comment.submitted_at > LATE
        shape = "desk-wait is-late" if late else "desk-wait"
        return format_html('<span class="{}">{}</span>', shape, waited(comment.submitted_at, now))

    @admin.display(description=_("Decision"))
    def decision(self, comment: Comment) -> SafeString:
        """Who decided it, when and why."""
        return format_html(
            '{} {}<span class="desk-meta">{}</span>',
            comment.decided_by or "",
            events.clock(comment.decided_at),
            comment.why,
        )


def _ticked_rows_alone(data: QueryDict) -> QueryDict:
    """Return a form without ticks that are no number of a row, and without Django's tick for all.

    Nobody decides on comments he has not seen: only what was ticked one by one.
    """
    data = data.copy()
    data.pop("select_across", None)
    ticks = data.getlist(ACTION_CHECKBOX_NAME)
    data.setlist(ACTION_CHECKBOX_NAME, [tick for tick in ticks if row_number(tick) is not None])
    return data


def _run(
    model_admin: CommentAdmin, request: HttpRequest, queryset: QuerySet
) -> HttpResponse | None:
    """Do one verb on all that is ticked, each by itself, and say what became of them."""
    verb = request.POST["action"]
    arguments = {name: request.POST.get(name, "") for name in moderation.WHY.get(verb, ())}
    try:
        outcomes = moderation.decide_many(
            actor=request.user, comments=queryset, verb=verb, **arguments
        )
    except NotReady as refused:
        messages.error(request, str(refused))
        return model_admin.shown_again(request)
    ticked = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
    _report(request, verb, outcomes, gone=len(ticked) - len(outcomes.rows))
    return None


def _report(request: HttpRequest, verb: str, outcomes: moderation.Outcomes, gone: int) -> None:
    """Say what was done and what was not; `gone` had left the tab before the button was pressed."""
    done = len(outcomes.done)
    if done:
        messages.success(request, DONE[verb] % {"n": done})
    if gone > 0:
        text = ngettext("%(n)s was decided already.", "%(n)s were decided already.", gone)
        messages.warning(request, text % {"n": gone})
    for outcome in outcomes.conflicts:
        messages.warning(request, f"{outcome.comment}: {outcome.refusal}")
    if outcomes.not_allowed:
        messages.error(request, str(outcomes.not_allowed[0].refusal))
