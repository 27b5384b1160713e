"""What the database itself holds about articles: two publications of one never overlap, and the
index of the search engine."""

from newsroom.database_rules import Rule

from .search import fts5, tsearch

_NAME = "publication_no_overlap"

# Moments are text here, in one format, so that they compare as they follow each other.
_OVERLAP = f"""
CREATE TRIGGER {_NAME}_{{verb}} AFTER {{event}} ON articles_publication
WHEN NEW.ends_at IS NULL OR NEW.ends_at > NEW.starts_at
BEGIN
    SELECT RAISE(ABORT, '{_NAME}') WHERE EXISTS (
        SELECT 1 FROM articles_publication other
        WHERE other.article_id = NEW.article_id AND other.id <> NEW.id
        AND (other.ends_at IS NULL OR other.ends_at > other.starts_at)
        AND (other.ends_at IS NULL OR other.ends_at > NEW.starts_at)
        AND (NEW.ends_at IS NULL OR NEW.ends_at > other.starts_at)
    );
END
"""

PUBLICATION_NO_OVERLAP = Rule(
    table="articles_publication",
    sqlite={
        f"{_NAME}_insert": (_OVERLAP.format(verb="insert", event="INSERT"),),
        f"{_NAME}_update": (
            _OVERLAP.format(verb="update", event="UPDATE OF article_id, starts_at, ends_at"),
        ),
    },
    postgresql={
        _NAME: (
            f"ALTER TABLE articles_publication ADD CONSTRAINT {_NAME} EXCLUDE USING gist ("
            "int8range(article_id, article_id, '[]') WITH &&, "
            "tstzrange(starts_at, ends_at) WITH &&)",
        ),
    },
    undo_postgresql=(f"ALTER TABLE articles_publication DROP CONSTRAINT IF EXISTS {_NAME}",),
)
SEARCH_INDEX = Rule(
    table="articles_searchentry",
    sqlite={fts5.TABLE: fts5.MAKE},
    postgresql={tsearch.TABLE: tsearch.MAKE},
    undo_sqlite=(f"DROP TABLE IF EXISTS {fts5.TABLE}",),
    undo_postgresql=(f"DROP TABLE IF EXISTS {tsearch.TABLE}",),
)
RULES = (PUBLICATION_NO_OVERLAP, SEARCH_INDEX)
