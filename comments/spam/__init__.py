"""What speaks against a comment: scored and explained, never deciding.

`weigh` looks at a comment before it is stored and returns what it noticed; the queue is ordered by
it and the moderator reads why. Nothing here refuses anything.
"""

from .describing import describe
from .doubles import remember
from .hits import Circumstances, Hit, Verdict
from .marking import pieces
from .origin import sender_hashes
from .watched import WORDS, has_words
from .weighing import JUDGED, judge, weigh, weigh_text

__all__ = [
    "JUDGED",
    "WORDS",
    "Circumstances",
    "Hit",
    "Verdict",
    "describe",
    "has_words",
    "judge",
    "pieces",
    "remember",
    "sender_hashes",
    "weigh",
    "weigh_text",
]
