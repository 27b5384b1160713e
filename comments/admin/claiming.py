"""Keeping a comment while somebody looks at it, and letting go."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.fields import row_number
from newsroom.models import User
from newsroom.refusals import Conflict

from .. import moderation
from ..models import Comment
from .place import Place


class Claiming:
    """What a page does that keeps its comment for the person before it."""

    request: HttpRequest
    comment: Comment
    place: Place
    small_verbs = frozenset({"claim", "release", "see_address"})

    def keep(self) -> User | None:
        """Claim the comment, and return who else has it open where somebody has."""
        try:
            moderation.claim(actor=self.request.user, comment=self.comment)
        except Conflict:
            self.comment.refresh_from_db(fields=["claimed_by", "claimed_until"])
            return moderation.claimant(self.comment, self.place.now)
        return None

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
