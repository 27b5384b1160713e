"""The models of the articles app, one file a concern."""

from .articles import Article, ArticleTag
from .authors import Author
from .photos import Photo
from .publications import Publication
from .revisions import Byline, Revision, RevisionPhoto
from .search import SearchEntry
from .sections import OldSectionSlug, Section
from .tags import Cluster, ClusterMember, ClusterTerm, Province, Tag
from .topics import OldTopicSlug, Topic, TopicName

__all__ = [
    "Article",
    "ArticleTag",
    "Author",
    "Byline",
    "Cluster",
    "ClusterMember",
    "ClusterTerm",
    "OldSectionSlug",
    "OldTopicSlug",
    "Photo",
    "Province",
    "Publication",
    "Revision",
    "RevisionPhoto",
    "SearchEntry",
    "Section",
    "Tag",
    "Topic",
    "TopicName",
]
