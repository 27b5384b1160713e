"""The admin of articles: one module a screen."""

from . import articles, authors, photos, sections, tags

__all__ = ["articles", "authors", "photos", "sections", "tags"]
