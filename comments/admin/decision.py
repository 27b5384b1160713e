"""The page on which one comment is decided; afterwards the next one opens."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.desk_numbers import waited
from articles.permissions import Verb, can, moderators_of
from newsroom import events
from newsroom.fields import row_number
from newsroom.keyset import Key
from newsroom.models import SiteSettings, User
from newsroom.refusals import Conflict, NotReady
from newsroom.role_admin import holds

from .. import moderation, spam, takedowns
from ..models import Comment, Decision
from ..wording import to_the_reader
from . import shown
from .claiming import Claiming
from .extras import ANSWER, EXTRAS, available_extras, carry_out
from .many import arguments_of, new_batch
from .place import place_of
from .undoing import undo_of

State = Comment.State
PRESSED_TWICE = dt.timedelta(minutes=1)
BLOCK, HOLD = "admin:comments_blockedsender_block", "admin:comments_comment_hold"


class DecisionPage(Claiming):
    """One comment before one moderator, who keeps it while he looks at it."""

    template = "admin/comments/comment/change_form.html"

    def __init__(self, model_admin: Any, request: HttpRequest, comment: Comment):
        self.model_admin = model_admin
        self.request = request
        self.comment = comment
        self.place = place_of(request)
        self.problems: dict[str, str] = {}
        self.address = ""
        self.may_decide = can(request.user, Verb.MODERATE, comment.article)
        if not (self.may_decide or self.place.sees(comment)):
            raise PermissionDenied

    def get(self, status: int = 200) -> HttpResponse:
        """Claim and show the comment, those that wait beside it, and the verbs."""
        holder = self.keep() if self.may_decide else None
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": str(self.comment),
            "subtitle": None,
            "holder": holder,
            "kept": holder is None and self.comment.claimed_by_id == self.request.user.pk,
            **self._shown(),
            **self._beside(),
            **self._to_decide(readonly=bool(holder)),
            "ways": list(self._ways()),
        }
        return TemplateResponse(self.request, self.template, context, status=status)

    def _shown(self) -> dict[str, Any]:
        """Return the comment and what is known about it."""
        comment, now = self.comment, self.place.now
        waits = comment.state in moderation.WAITING
        return {
            "comment": comment,
            **shown.article_facts(comment, now),
            "parents": shown.parents_of(comment),
            "noticed": shown.noticed(comment),
            "history": shown.history_of(comment),
            "same_texts": shown.same_texts(comment, self.place),
            "reports": shown.reports_of(comment),
            "likes": shown.likes_of(comment),
            "waiting": waited(comment.queued_at, now) if waits else "",
            "address": self.address,
            "log": events.history(comment)[:20],
        }

    def _beside(self) -> dict[str, Any]:
        """Return the place and the ways on from here."""
        comment, place = self.comment, self.place
        before, after = place.before(comment), place.after(comment)
        by = {"text_of": comment.pk, "sender_of": comment.pk, "article": comment.article_id}
        return {
            "place": place,
            "query": place.query,
            "neighbours": shown.neighbours(comment, place),
            "previous_url": place.url(before.pk) if before else "",
            "next_url": place.url(after.pk) if after else "",
            "lists": {name: place.list_url(**{name: pk}, tick=1) for name, pk in by.items()},
            "redact_url": place.url(comment.pk, "redact"),
            "undo": undo_of(self.request),
            "strayed": self._strayed(),
        }

    def _to_decide(self, *, readonly: bool) -> dict[str, Any]:
        """Return the verbs this person has here, and what they ask for."""
        if readonly or not self.may_decide:
            return {"verbs": [], "extras": [], "late_text": self.request.POST.get("text", "")}
        chosen = self.request.GET.get("reason", "")
        sent = self.request.POST
        extras = available_extras(self.comment)
        return {
            "verbs": moderation.available(self.comment),
            "extras": extras,
            "late_text": "" if ANSWER in dict(extras) else sent.get("text", ""),
            "can_redact": self.comment.state in moderation.REDACTABLE,
            "reasons": [
                (code, label, to_the_reader(code)) for code, label in Comment.Reason.choices
            ],
            "chosen": chosen,
            "colleagues": moderators_of(self.comment.article).exclude(pk=self.request.user.pk),
            "problems": self.problems,
            "sent": sent,
            "reader_note": sent.get("reader_note", "") or to_the_reader(chosen),
            "desk_name": SiteSettings.load().name,
        }

    def _ways(self) -> Iterator[tuple[str, str]]:
        """Yield what has a page of its own, as words and address, as far as this person may."""
        comment = self.comment
        if self.may_decide and spam.sender_hashes(comment):
            yield _("Block the sender…"), reverse(BLOCK, args=[comment.pk])
        if holds(self.request, takedowns.KEEPERS):
            words = _("Lift the legal hold…") if comment.legal_hold else _("Keep for the law…")
            yield words, reverse(HOLD, args=[comment.pk])

    def _strayed(self) -> str:
        """Return why the comment does not stand in the tab it was opened from; empty if it does.

        Its keys are off then: who goes on pressing decides nothing a colleague has just decided.
        """
        if self.comment.state in self.place.tab.states:
            return ""
        event = events.latest(self.comment, *moderation.TRANSITIONS, "redact", "undo", "withdraw")
        return events.sentence(event) if event else str(self.comment.get_state_display())

    def post(self) -> HttpResponse:
        """Do what was pressed, on the comment as it was shown."""
        if not self.may_decide:
            raise PermissionDenied
        verb = self._pressed()
        if verb in moderation.TRANSITIONS:
            return self._decide(verb)
        if verb in EXTRAS:
            return self._do_extra(verb)
        if verb not in self.small_verbs:
            raise PermissionDenied
        return getattr(self, verb)()

    def _pressed(self) -> str:
        """Return the verb: a reason's own button rejects, or removes."""
        if self.request.POST.get("reason"):
            return "remove" if self.comment.state == State.APPROVED else "reject"
        return self.request.POST.get("verb", "")

    def _decide(self, verb: str) -> HttpResponse:
        """Decide, and open the next one that nobody else has open."""
        key, batch = self.place.key_of(self.comment), new_batch()
        self.as_seen()
        more = arguments_of(verb, self.request.POST)
        if verb == "hold":
            more["assigned_to"] = self._colleague()
        try:
            outcomes = moderation.decide_many(
                actor=self.request.user, comments=[self.comment], verb=verb, batch=batch, **more
            )
        except NotReady as refused:
            return self.again(refused)
        for outcome in outcomes.conflicts:
            return self.too_late(outcome.refusal, key)
        if outcomes.not_allowed:
            raise PermissionDenied
        return self.go_on(key, undo=batch)

    def _colleague(self) -> User | None:
        """Return whom the form leaves the comment to; nobody who may not decide it."""
        pk = row_number(self.request.POST.get("assigned_to"))
        return moderators_of(self.comment.article).filter(pk=pk).first()

    def _do_extra(self, verb: str) -> HttpResponse:
        """Do what decides nothing, and stay."""
        self.as_seen()
        try:
            said = carry_out(verb, self.request, self.comment)
        except NotReady as refused:
            return self.again(refused)
        except Conflict as refused:
            if self.request.POST.get("text", "").strip():
                return self._too_late_for_words(refused)
            return self.too_late(refused, self.place.key_of(self.comment))
        messages.success(self.request, said)
        return HttpResponseRedirect(self.place.url(self.comment.pk))

    def again(self, refused: NotReady) -> HttpResponse:
        """Show the page as it was sent, with what is missing."""
        self.problems = refused.problems
        return self.get(HTTPStatus.UNPROCESSABLE_ENTITY)

    def too_late(self, refusal: Exception, key: Key) -> HttpResponse:
        """Say who was faster and open the next one; a text changed meanwhile is shown instead.

        Who pressed a button twice was faster himself: he goes on as after the first press.
        """
        if mine := self._pressed_before():
            return self.go_on_after(mine, key)
        now = Comment.objects.get(pk=self.comment.pk)
        if now.state == self.comment.state and now.version != self.comment.version:
            changed = now.edited_at if now.edited_at and not now.redacted_at else timezone.now()
            words = {"time": events.clock(changed)}
            text = _("The comment was changed at %(time)s. This is how it stands now.") % words
            messages.warning(self.request, text)
            return HttpResponseRedirect(self.place.url(now.pk))
        messages.warning(self.request, f"{refusal} {_('Here is the next one.')}")
        return self.go_on(key)

    def _too_late_for_words(self, refusal: Conflict) -> HttpResponse:
        """Say who was faster, and show the comment as it stands now with what was typed."""
        self.comment.refresh_from_db()
        messages.warning(self.request, str(refusal))
        return self.get(HTTPStatus.CONFLICT)

    def _pressed_before(self) -> Decision | None:
        """Return the comment's last decision if this very button made it a moment ago."""
        last = Decision.objects.filter(comment=self.comment).order_by("pk").last()
        if not last or timezone.now() - last.at > PRESSED_TWICE or not last.batch:
            return None
        mine = last.actor_id == self.request.user.pk and last.verb == self._pressed()
        return last if mine else None

    def go_on_after(self, decision: Decision, key: Key) -> HttpResponse:
        """Open the next one, with the way back from the decision."""
        return self.go_on(key, undo=decision.batch)

    def go_on(self, key: Key, **more: Any) -> HttpResponse:
        """Claim the next one and open it; the list where none is left, or none can be claimed.

        What was decided is decided, whatever becomes of the database now, and must not be told
        as if it were not.
        """
        following = None
        with suppress(OperationalError, InterfaceError):
            following = self.place.take_next(key)
        if following is None:
            return HttpResponseRedirect(self.place.list_url(**more))
        return HttpResponseRedirect(self.place.url(following.pk, **more))

    def see_address(self) -> HttpResponse:
        """Show the page with the e-mail, once; the log says who looked."""
        self.address = moderation.see_address(actor=self.request.user, comment=self.comment)
        return self.get()
