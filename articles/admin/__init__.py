"""The admin of articles: one module a screen."""

from . import accounts, articles, authors, clusters, photos, sections, tags, topics

__all__ = ["accounts", "articles", "authors", "clusters", "photos", "sections", "tags", "topics"]
