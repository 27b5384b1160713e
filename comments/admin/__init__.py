"""The admin of comments: the queue, the page on which one is decided, and what stands beside."""

from . import consents, queue, takedowns

__all__ = ["consents", "queue", "takedowns"]
