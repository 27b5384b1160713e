"""The admin of comments: the queue and the page on which one is decided."""

from . import closing, queue

__all__ = ["closing", "queue"]
