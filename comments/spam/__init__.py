"""What speaks against a comment: scored and explained, never deciding.

`weigh` looks at a comment before it is stored and returns what it noticed; the queue is ordered by
it and the moderator reads why. Nothing here refuses anything.
"""

from .describing import describe
from .doubles import remember, text_hash
from .hits import SUSPECT, Circumstances, Hit, Verdict
from .marking import Piece, pieces
from .origin import sender_hashes
from .watched import WORDS, forget, has_words
from .weighing import JUDGED, judge, weigh, weigh_text

__all__ = [
    "JUDGED",
    "SUSPECT",
    "WORDS",
    "Circumstances",
    "Hit",
    "Piece",
    "Verdict",
    "describe",
    "forget",
    "has_words",
    "judge",
    "pieces",
    "remember",
    "sender_hashes",
    "text_hash",
    "weigh",
    "weigh_text",
]
