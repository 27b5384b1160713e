"""The page on which words of a comment are hidden: chosen one by one, nothing is written."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from newsroom.fields import row_number
from newsroom.refusals import Conflict, NotReady

from .. import moderation
from ..models import Comment, Decision
from ..moderation.changing import conflict
from .decision import DecisionPage
from .many import new_batch
from .marks import marked, seen, spans


class RedactionPage(DecisionPage):
    """The words of one comment, each with a box; those a rule noticed are ticked."""

    template = "admin/comments/comment/redact.html"

    def __init__(self, model_admin: Any, request: HttpRequest, comment: Comment):
        super().__init__(model_admin, request, comment)
        if not self.may_decide:
            raise PermissionDenied
        self.original = moderation.sent_text(comment)
        self.hidden = self._chosen() if request.method == "POST" else self._proposed()

    def _chosen(self) -> set[int]:
        numbers = map(row_number, self.request.POST.getlist("word"))
        return {number for number in numbers if number is not None}

    def _proposed(self) -> set[int]:
        """Return the words a rule noticed."""
        noticed = [span[:2] for span in spans(self.comment.hits, len(self.original))]
        return {
            number
            for number, (start, end) in enumerate(moderation.words_of(self.original))
            if any(start < last and first < end for first, last in noticed)
        }

    def _to_decide(self, *, readonly: bool) -> dict[str, Any]:
        """Return the words, and how the text will read."""
        return {
            **super()._to_decide(readonly=readonly),
            "lines": self._lines(),
            "preview": marked(self._text()),
            "hides": bool(self.hidden),
            "readonly": readonly,
            "back_url": self.place.url(self.comment.pk),
        }

    def _lines(self) -> list[list[dict[str, Any]]]:
        """Return the words by line, with their numbers."""
        lines: list[list[dict[str, Any]]] = [[]]
        end_before = 0
        for number, (start, end) in enumerate(moderation.words_of(self.original)):
            if "\n" in self.original[end_before:start]:
                lines.append([])
            word = {"number": number, "html": seen(self.original[start:end])}
            lines[-1].append(word | {"hidden": number in self.hidden})
            end_before = end
        return lines

    def _text(self) -> str:
        return moderation.masked(self.original, self.hidden)

    def post(self) -> HttpResponse:
        """Hide what was chosen, publish with it where that was pressed, and go on."""
        verb = self.request.POST.get("verb", "")
        if verb == "claim":
            return self.claim()
        if verb not in ("redact", "redact_and_publish"):
            return self.get()
        return self._redact(approve=verb == "redact_and_publish")

    def _pressed(self) -> str:
        """Return the verb as a decision names it: hiding and publishing is one."""
        return "redact"

    def go_on_after(self, decision: Decision, key: tuple) -> HttpResponse:
        """Stay with what is not published yet, or was before."""
        if self.request.POST.get("verb") == "redact":
            return HttpResponseRedirect(self.place.url(self.comment.pk, undo=decision.batch))
        return super().go_on_after(decision, key)

    def _redact(self, *, approve: bool) -> HttpResponse:
        key, batch = self.place.key_of(self.comment), new_batch()
        current = self.comment.version
        self.as_seen()
        try:
            if self.comment.version != current:  # the words were numbered in another text
                raise conflict(self.comment, self.request.user)
            moderation.redact(
                actor=self.request.user,
                comment=self.comment,
                text=self._text(),
                approve=approve,
                batch=batch,
            )
        except NotReady as refused:
            self.problems = refused.problems
            return self.get(HTTPStatus.UNPROCESSABLE_ENTITY)
        except Conflict as refused:
            return self.too_late(refused, key)
        if approve:
            return self.go_on(key, undo=batch)
        messages.success(self.request, _("The words are hidden; what was sent is kept."))
        return HttpResponseRedirect(self.place.url(self.comment.pk, undo=batch))
