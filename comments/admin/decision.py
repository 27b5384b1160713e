"""The page on which one comment is decided; afterwards the next one opens."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.admin.desk_numbers import LATE, waited
from articles.permissions import Verb, can
from newsroom import events
from newsroom.fields import row_number
from newsroom.refusals import NotReady

from .. import moderation
from ..models import Comment
from .tabs import tab_of

State = Comment.State
NEIGHBOURS = 8
# Done, in the words that stand over the next comment.
DONE = {
    "approve": _lazy("Published the comment of %(name)s at %(time)s."),
    "reject": _lazy("Rejected the comment of %(name)s at %(time)s."),
    "mark_spam": _lazy("Marked the comment of %(name)s as spam at %(time)s."),
    "hold": _lazy("Held the comment of %(name)s at %(time)s."),
    "remove": _lazy("Removed the comment of %(name)s at %(time)s."),
    "reopen": _lazy("The comment of %(name)s is back in the queue."),
}


class DecisionPage:
    """One comment before one moderator."""

    def __init__(self, model_admin: Any, request: HttpRequest, comment: Comment):
        self.model_admin = model_admin
        self.request = request
        self.comment = comment
        self.problems: dict[str, str] = {}

    def get(self, status: int = 200) -> HttpResponse:
        """Show the comment, those that wait beside it, and the verbs."""
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": str(self.comment),
            "subtitle": None,
            **self._shown(),
            **self._to_decide(),
            **self._around(),
            "neighbours": self._neighbours(),
            "undo": self._undo(),
            "query": self._query(),
        }
        template = "admin/comments/comment/change_form.html"
        return TemplateResponse(self.request, template, context, status=status)

    def _shown(self) -> dict[str, Any]:
        """Return the comment and what is known about it."""
        comment, now = self.comment, timezone.now()
        waits = comment.state in moderation.WAITING
        return {
            "comment": comment,
            "article": comment.article,
            "is_public": comment.article.publications.public(now).exists(),
            "published_comments": comment.article.comments.public().count(),
            "waiting": waited(comment.submitted_at, now) if waits else "",
            "log": events.history(comment)[:20],
        }

    def _to_decide(self) -> dict[str, Any]:
        """Return the verbs this person has here, and what they ask for."""
        may_decide = can(self.request.user, Verb.MODERATE, self.comment.article)
        return {
            "verbs": moderation.available(self.comment) if may_decide else [],
            "reasons": Comment.Reason.choices,
            "problems": self.problems,
            "note": self.request.POST.get("note", ""),
        }

    def post(self) -> HttpResponse:
        """Do what was pressed, on the comment as it was shown, and open the next one.

        An undone decision leads back to its comment: it is to be decided again.
        """
        comment = self.comment
        verb, arguments = self._pressed()
        shown = self.request.POST.get("state", "")
        comment.state = shown if shown in State else comment.state
        try:
            outcomes = moderation.decide_many(
                actor=self.request.user, comments=[comment], verb=verb, **arguments
            )
        except NotReady as refused:
            self.problems = refused.problems
            return self.get(HTTPStatus.UNPROCESSABLE_ENTITY)
        if outcomes.not_allowed:
            raise PermissionDenied
        self._tell(verb, outcomes)
        if verb == "reopen" and outcomes.done:
            return HttpResponseRedirect(self._url(comment.pk))
        return HttpResponseRedirect(self._next(undo=bool(outcomes.done)))

    def _tell(self, verb: str, outcomes: moderation.Outcomes) -> None:
        """Say over the next page what was done, or who was faster."""
        for outcome in outcomes.conflicts:
            messages.warning(self.request, f"{outcome.refusal} {_('Here is the next one.')}")
        for comment in outcomes.done:
            words = {"name": comment.name, "time": events.clock(timezone.now())}
            messages.success(self.request, DONE[verb] % words)

    def _pressed(self) -> tuple[str, dict[str, str]]:
        """Return the verb and its arguments: a reason's own button rejects, or removes."""
        data = self.request.POST
        verb, reason = data.get("verb", ""), data.get("reason", "")
        if reason:
            verb = "remove" if self.comment.state == State.APPROVED else "reject"
        if verb not in moderation.TRANSITIONS:
            raise PermissionDenied
        return verb, {name: data.get(name, "") for name in moderation.WHY.get(verb, ())}

    def _tab(self) -> str:
        return tab_of(self.request.GET)

    def _query(self) -> str:
        return "" if self._tab() == State.PENDING else f"?state={self._tab()}"

    def _neighbours(self) -> list[dict[str, Any]]:
        """Return those that wait longest, with this one among them."""
        now = timezone.now()
        rows = Comment.objects.filter(state=self._tab()).oldest_first()[:NEIGHBOURS]
        return [
            {
                "comment": row,
                "url": self._url(row.pk),
                "wait": waited(row.submitted_at, now),
                "late": now - row.submitted_at > LATE,
                "current": row.pk == self.comment.pk,
            }
            for row in rows
        ]

    def _around(self) -> dict[str, str]:
        """Return the addresses of the comment before and the one after, in the tab's order."""
        before, after = self._beside("lt").last(), self._beside("gt").first()
        return {
            "previous_url": self._url(before.pk) if before else "",
            "next_url": self._url(after.pk) if after else "",
        }

    def _beside(self, side: str) -> QuerySet[Comment]:
        """Return the tab's comments on one side of this one, oldest first."""
        sent, pk = self.comment.submitted_at, self.comment.pk
        beyond = Q(**{f"submitted_at__{side}": sent}) | Q(
            **{"submitted_at": sent, f"pk__{side}": pk}
        )
        return Comment.objects.filter(beyond, state=self._tab()).oldest_first()

    def _next(self, *, undo: bool) -> str:
        """Return where to go on: the next in the tab, its first, or the list when it is empty."""
        rest = Comment.objects.filter(state=self._tab()).exclude(pk=self.comment.pk)
        following = self._beside("gt").first() or rest.oldest_first().first()
        if following is None:
            return reverse("admin:comments_comment_changelist") + self._query()
        if not undo:
            return self._url(following.pk)
        mark = "&" if self._query() else "?"
        return f"{self._url(following.pk)}{mark}undo={self.comment.pk}"

    def _undo(self) -> Comment | None:
        """Return the comment this person has just decided."""
        pk = row_number(self.request.GET.get("undo"))
        rows = Comment.objects.exclude(state=State.PENDING)
        return rows.filter(pk=pk, decided_by=self.request.user).first()

    def _url(self, pk: int) -> str:
        return reverse("admin:comments_comment_change", args=[pk]) + self._query()
