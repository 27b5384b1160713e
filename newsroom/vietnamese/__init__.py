"""The one door for Vietnamese: cleaning, folding, slugs, order, words, dates, numbers, encodings.

Every function here is pure and runs in time linear in its input, hostile input included.
Nothing rewrites an author's style: "hoà" and "hòa" stay as typed and only meet in `fold`.
"""

from .cleaning import MAX_MARKS, clean, has_text, normalise
from .dates import DAY, NONE, TIME, ZONE, long_date, read_date, short_date
from .encodings import OldEncoding, old_encoding
from .folding import EMPTY_SLUG, fold, slug
from .numbers import grouped
from .search_words import (
    MAX_TERM_LENGTH,
    MAX_TERMS,
    Word,
    folded_syllables,
    search_terms,
    search_text,
    words,
)
from .sorting import person_sort_key, sort_key

__all__ = [
    "DAY",
    "EMPTY_SLUG",
    "MAX_MARKS",
    "MAX_TERMS",
    "MAX_TERM_LENGTH",
    "NONE",
    "OldEncoding",
    "TIME",
    "Word",
    "ZONE",
    "clean",
    "fold",
    "folded_syllables",
    "grouped",
    "has_text",
    "long_date",
    "normalise",
    "old_encoding",
    "person_sort_key",
    "read_date",
    "search_terms",
    "search_text",
    "short_date",
    "slug",
    "sort_key",
    "words",
]
