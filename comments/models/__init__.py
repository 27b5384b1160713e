"""What the newsroom keeps of its readers' comments."""

from .abuse import BlockedSender, Budget, Sketch, WatchedWord
from .captchas import CaptchaTally
from .comments import MAX_EMAIL, MAX_NAME, MAX_NOTE, MAX_TEXT, Comment, Discussion
from .decisions import Decision
from .likes import Like
from .notices import Notice
from .reports import Report
from .rules import ClosingRule, ConsentText
from .takedowns import Takedown

__all__ = [
    "MAX_EMAIL",
    "MAX_NAME",
    "MAX_NOTE",
    "MAX_TEXT",
    "BlockedSender",
    "Budget",
    "CaptchaTally",
    "ClosingRule",
    "Comment",
    "ConsentText",
    "Decision",
    "Discussion",
    "Like",
    "Notice",
    "Report",
    "Sketch",
    "Takedown",
    "WatchedWord",
]
