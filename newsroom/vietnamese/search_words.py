"""Words as the search stores and asks for them."""

import re

from .folding import fold

MAX_TERMS = 12
MAX_TERM_LENGTH = 40

_NOT_WORD = re.compile(r"[\W_]+")


def search_text(*parts: str) -> str:
    """Return the parts folded, punctuation as spaces, one space at either end.

    So ' thi dua ' is found by whole syllables and never inside another word.
    """
    words = _NOT_WORD.sub(" ", fold("\n".join(part for part in parts if part))).strip()
    return f" {words} " if words else " "


def search_terms(query: str) -> list[str]:
    """Return the folded words of a query, no doubles, in order; bounded in number and length."""
    words = (word[:MAX_TERM_LENGTH] for word in search_text(query[:2000] if query else "").split())
    return list(dict.fromkeys(words))[:MAX_TERMS]
