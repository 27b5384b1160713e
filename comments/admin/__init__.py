"""The admin of comments: the queue and the page on which one is decided."""

from . import blocked, queue, words

__all__ = ["blocked", "queue", "words"]
