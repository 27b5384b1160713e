"""What speaks against a comment: scored and explained, never deciding.

`weigh` looks at a comment before it is stored and returns what it noticed; the queue is ordered by
it and the moderator reads why. Nothing here refuses anything.
"""

from .weighing import (
    JUDGED,
    SUSPECT,
    Circumstances,
    Hit,
    Verdict,
    judge,
    remember,
    text_hash,
    weigh,
)

__all__ = [
    "JUDGED",
    "SUSPECT",
    "Circumstances",
    "Hit",
    "Verdict",
    "judge",
    "remember",
    "text_hash",
    "weigh",
]
