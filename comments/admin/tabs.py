"""The tabs over the queue, each along an index of its own, with a number where somebody waits."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from newsroom.models import User

from .. import moderation
from ..models import Comment

State = Comment.State


@dataclass(frozen=True)
class Tab:
    """One list of comments: which, in what order, and what can be done there."""

    code: str
    label: str | Promise
    kept: Callable[[User, dt.datetime], Q]
    key: str  # the column it is ordered by, then by number
    newest_first: bool = False
    states: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody waits for what stands here: then it has a number."""
        return not self.newest_first

    @property
    def verbs(self) -> set[str]:
        """The verbs that lead on from here."""
        return {
            verb for state in self.states for verb in moderation.available(Comment(state=state))
        }


def _reported(actor: User, at: dt.datetime) -> Q:
    return Q(state=State.APPROVED, reported_at__isnull=False)


def _clean(actor: User, at: dt.datetime) -> Q:
    return Q(state=State.PENDING, suspect=False)


def _suspect(actor: User, at: dt.datetime) -> Q:
    return Q(state=State.PENDING, suspect=True)


def _mine(actor: User, at: dt.datetime) -> Q:
    """What the actor has open now, or was left to him."""
    left = Q(assigned_to=actor, state__in=moderation.WAITING)
    return Q(claimed_by=actor, claimed_until__gt=at) | left


def _in(state: str) -> Tab:
    return Tab(
        code=state,
        label=State(state).label,
        kept=lambda actor, at: Q(state=state),
        key="decided_at",
        newest_first=True,
        states=(state,),
    )


def _held() -> Tab:
    """Those set aside, the longest ago first."""
    return Tab(
        State.HELD,
        State.HELD.label,
        lambda actor, at: Q(state=State.HELD),
        "decided_at",
        states=(State.HELD,),
    )


TABS = {
    tab.code: tab
    for tab in (
        Tab(
            "reported",
            pgettext_lazy("tab", "reported"),
            _reported,
            "reported_at",
            states=(State.APPROVED,),
        ),
        Tab(State.PENDING, State.PENDING.label, _clean, "queued_at", states=(State.PENDING,)),
        Tab(
            "suspect",
            pgettext_lazy("tab", "suspect"),
            _suspect,
            "queued_at",
            states=(State.PENDING,),
        ),
        _held(),
        Tab("mine", pgettext_lazy("tab", "mine"), _mine, "queued_at", states=moderation.WAITING),
        *map(_in, (State.APPROVED, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN)),
    )
}
FIRST = TABS[State.PENDING]


def tab_of(address: Mapping[str, str | None]) -> Tab:
    """Return the tab an address names, the first queue where it names none or one there is not."""
    return TABS.get(address.get("state") or "", FIRST)
