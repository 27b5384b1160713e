"""Letters to readers: written with what they tell of, sent afterwards."""

from .outbox import write

__all__ = ["write"]
