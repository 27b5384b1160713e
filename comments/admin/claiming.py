"""Keeping a comment while somebody looks at it, and letting go."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.fields import row_number
from newsroom.models import User
from newsroom.refusals import Conflict

from .. import moderation
from ..models import Comment
from .place import Place

ATTEMPTS = 3


def waits(comment: Comment) -> bool:
    """Whether somebody waits for a decision: what is decided is open to everybody at once."""
    return comment.state in moderation.WAITING or bool(comment.reported_at)


class Claiming:
    """What a page does that keeps its comment for the person before it."""

    model_admin: Any
    request: HttpRequest
    comment: Comment
    place: Place
    small_verbs = frozenset({"claim", "release", "see_address"})

    def keep(self) -> User | None:
        """Claim a comment that stands in the tab it is opened from; return who else has it open.

        What was decided or given back between reading and claiming is read again.
        """
        for _attempt in range(ATTEMPTS):
            try:
                if self._is_to_be_kept():
                    moderation.claim(actor=self.request.user, comment=self.comment)
                    moderation.release_others(actor=self.request.user, comment=self.comment)
            except Conflict:
                self.comment = self.model_admin.get_object(self.request, str(self.comment.pk))
            else:
                break
        holder = moderation.claimant(self.comment, timezone.now())
        return None if holder == self.request.user else holder

    def _is_to_be_kept(self) -> bool:
        """Whether it waits here, and for this person: nobody keeps what he only looks at."""
        comment, now = self.comment, timezone.now()
        here = comment.state in self.place.tab.states and waits(comment)
        return here and moderation.claimant(comment, now) in (None, self.request.user)

    def as_seen(self) -> None:
        """Put into the comment what the form says it showed: state and version."""
        shown = self.request.POST
        state = shown.get("state", "")
        self.comment.state = state if state in Comment.State else self.comment.state
        self.comment.version = row_number(shown.get("version")) or 0

    def claim(self) -> HttpResponse:
        """Keep it longer: the page's own script asks again while somebody works on it."""
        by_script = "application/json" in self.request.headers.get("Accept", "")
        try:
            until = moderation.claim(actor=self.request.user, comment=self.comment)
        except Conflict as taken:
            if by_script:
                return JsonResponse({"message": str(taken)}, status=HTTPStatus.CONFLICT)
            messages.warning(self.request, str(taken))
            return HttpResponseRedirect(self.place.url(self.comment.pk))
        if by_script:
            seconds = moderation.LEASE.total_seconds()
            return JsonResponse({"until": events.clock(until), "seconds": seconds})
        return HttpResponseRedirect(self.place.url(self.comment.pk))

    def release(self) -> HttpResponse:
        """Let go of the comment undecided and return to the list."""
        moderation.release(actor=self.request.user, comment=self.comment)
        messages.success(self.request, _("The comment waits for whoever takes it next."))
        return HttpResponseRedirect(self.place.list_url())
