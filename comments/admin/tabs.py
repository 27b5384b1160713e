"""The tabs over the queue: one a state, the first is what waits."""

from collections.abc import Mapping

from ..models import Comment

State = Comment.State
TABS = (State.PENDING, State.HELD, State.APPROVED, State.REJECTED, State.SPAM, State.REMOVED)


def tab_of(address: Mapping[str, str | None]) -> str:
    """Return the tab an address names, the first where it names none or one there is not."""
    chosen = address.get("state")
    return chosen if chosen in TABS else State.PENDING
