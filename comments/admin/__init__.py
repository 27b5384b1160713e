"""The admin of comments: the queue and the page on which one is decided."""

from . import queue

__all__ = ["queue"]
