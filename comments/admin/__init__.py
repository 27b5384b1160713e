"""The admin of comments: the queue, the page on which one is decided, and what steers both."""

from . import blocked, closing, queue, words

__all__ = ["blocked", "closing", "queue", "words"]
