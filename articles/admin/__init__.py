"""The admin of articles: one module a screen."""

from . import articles, authors, clusters, photos, sections, tags, topics

__all__ = ["articles", "authors", "clusters", "photos", "sections", "tags", "topics"]
