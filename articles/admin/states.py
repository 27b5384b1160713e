"""How an article stands, in the words and shapes of the desk."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..models import Article, Revision

State = Revision.State
PUBLISHED, SCHEDULED, WITHDRAWN = "published", "scheduled", "withdrawn"

LABELS = {
    State.DRAFT: _("Draft"),
    State.IN_REVIEW: _("In review"),
    State.RETURNED: _("Returned"),
    State.APPROVED: _("Approved"),
    SCHEDULED: _("Scheduled"),
    PUBLISHED: _("Published"),
    WITHDRAWN: _("Withdrawn"),
}
OPEN_WORK = {
    State.DRAFT: _("has an unfinished edit"),
    State.IN_REVIEW: _("an edit waits for review"),
    State.RETURNED: _("an edit was returned"),
    State.APPROVED: _("an edit is approved"),
}


@dataclass(frozen=True)
class Standing:
    """The state shown as a chip, and what is being worked on beside it."""

    code: str
    open_work: str = ""

    @property
    def label(self) -> str:
        """The chip's word."""
        return LABELS[self.code]

    @property
    def note(self) -> str:
        """What is being worked on while readers see, or saw, something else."""
        return OPEN_WORK.get(self.open_work, "")


def standing(article: Article) -> Standing:
    """Return how an article stands; it must come from `Article.objects.with_state`."""
    state = article.newest_revision.state
    open_work = state if article.has_open_work else ""
    if article.is_public:
        return Standing(PUBLISHED, open_work)
    if article.is_waiting:
        return Standing(SCHEDULED, open_work)
    if article.has_begun:
        return Standing(WITHDRAWN, open_work)
    return Standing(state)


def with_standing(article: Article, at: dt.datetime) -> Article:
    """Return the article with the answers of `with_state` on it, in one query."""
    rows = Article.objects.with_state(at).select_related("section", "newest_revision")
    return rows.get(pk=article.pk)
