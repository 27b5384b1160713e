"""The verbs on a comment: the only code that changes its state.

Each function takes the actor, checks the right, changes by a conditional UPDATE, writes an event
and a decision and, where readers see a difference, counts anew and bumps the stamp of the
article's comments; all in one transaction. Each raises a `newsroom.refusals.Refused` when it does
not. `comment.state` and `comment.version` are what the actor saw: if that is not so any more,
somebody was faster. Nothing a reader typed, and no note about a reader, ever reaches the log.
"""

from .bulk import Outcome, Outcomes, decide_many, undo
from .bursts import drop_likes, release_likes
from .by_reader import EDITABLE, PURGEABLE, WITHDRAWABLE, confirm, edit, purge, withdraw
from .changing import DECIDED, TRANSITIONS, WAITING, Taken, available, unclaimed_for
from .claims import (
    LEASE,
    claim,
    claim_first,
    claimant,
    hand_over,
    left_to,
    release,
    release_others,
)
from .closing_rules import CLOSERS, delete_closing_rule, may_close, save_closing_rule
from .deciding import WHY, approve, hold, mark_spam, reject, remove, reopen
from .featuring import answer_as_desk, pick, unpick
from .redacting import MASK, REDACTABLE, masked, redact, see_address, sent_text, words_of
from .reporting import close_reports, report
from .submitting import Closed, submit

__all__ = [
    "CLOSERS",
    "DECIDED",
    "EDITABLE",
    "LEASE",
    "MASK",
    "PURGEABLE",
    "REDACTABLE",
    "TRANSITIONS",
    "WAITING",
    "WITHDRAWABLE",
    "WHY",
    "Closed",
    "Outcome",
    "Outcomes",
    "Taken",
    "answer_as_desk",
    "approve",
    "available",
    "claim",
    "claim_first",
    "claimant",
    "close_reports",
    "confirm",
    "decide_many",
    "delete_closing_rule",
    "drop_likes",
    "edit",
    "hand_over",
    "hold",
    "left_to",
    "mark_spam",
    "may_close",
    "pick",
    "masked",
    "purge",
    "redact",
    "reject",
    "release",
    "release_likes",
    "release_others",
    "remove",
    "reopen",
    "report",
    "save_closing_rule",
    "see_address",
    "sent_text",
    "submit",
    "unclaimed_for",
    "undo",
    "unpick",
    "withdraw",
    "words_of",
]
