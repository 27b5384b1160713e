"""The admin of comments: the queue, the page on which one is decided, and what steers both."""

from . import blocked, closing, consents, queue, takedowns, words

__all__ = ["blocked", "closing", "consents", "queue", "takedowns", "words"]
