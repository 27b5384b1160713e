"""Text without its marks: what search and doubles compare, and what addresses are made of."""

import re
import unicodedata

from .cleaning import INVISIBLE, is_mark, normalise

EMPTY_SLUG = "bai"

# Single signs that stand for whole sentences: a text of them would grow to its eighteenfold.
_SENTENCES = re.compile("[\ufdfa\ufdfb]")
_DROPPED_IN_SLUG = re.compile("['’‘ʼ`´]")
_NOT_SLUG = re.compile("[^a-z0-9]+")


def fold(text: str) -> str:
    """Return `text` in lower case without any mark, đ as d: what search and doubles compare.

    The style of tones ("hoà", "hòa") disappears with the tones. Idempotent.
    """
    text = normalise(text or "")
    if not text.isascii():
        text = _unmarked(_unmarked(text).casefold())
    return text.lower()


def _unmarked(text: str) -> str:
    for stroked in "đĐÐð":
        text = text.replace(stroked, "d")
    parts = unicodedata.normalize("NFKD", _SENTENCES.sub(" ", text))
    bare = "".join(char for char in parts if not is_mark(char))
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", bare))


def slug(text: str, max_length: int = 80) -> str:
    """Return `text` as a-z, 0-9 and single hyphens, cut at a syllable, never empty."""
    words = _NOT_SLUG.sub("-", _DROPPED_IN_SLUG.sub("", fold(text))).strip("-")
    if len(words) > max_length:
        head = words[: max_length + 1].rpartition("-")[0]
        words = head or words[:max_length]
    return words or EMPTY_SLUG[:max_length]
