"""Django's PostgreSQL, which waits for a server no longer than a reader would.

A server that is frozen, or whose disk is, keeps its connections and says nothing. No time-out of
its own ends that, nor one of TCP: the kernel still answers for it.
"""

from .patience import serve_impatiently

__all__ = ["serve_impatiently"]
