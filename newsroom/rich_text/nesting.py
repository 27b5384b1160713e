"""How deep HTML nests, counted before it is parsed: the parser is quadratic in depth.

Counting too much is harmless, too little is not. So a closing tag counts only where its opening
was seen, and never inside a comment, an attribute or raw text.
"""

import re
from collections import Counter

_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
# Their end tag may be left out, and they nest only inside something that is counted.
_LOOSE_NAMES = "p li td th tr tbody thead tfoot dd dt option colgroup"
_RAW_NAMES = "script style textarea title xmp iframe noembed noframes noscript plaintext"
_UNCOUNTED = frozenset(f"{_VOID_NAMES} {_LOOSE_NAMES}".split())
_RAW = frozenset(_RAW_NAMES.split())
_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))          # comment
    |<(?:[!?]|/[^a-zA-Z>])[^>]*+(?:>|\Z)    # bogus comment
    |<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)  # tag
      (?P<attributes>(?:[\s/]++
        |=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?
        |=)*+)(?:>|\Z)""",
    re.DOTALL | re.VERBOSE,
)


def exceeds(html: str, depth: int, attributes: int) -> bool:
    """Whether `html` may nest deeper than `depth` or give one tag that many attributes."""
    opened: Counter[str] = Counter()
    raw = ""
    for token in _TOKEN.finditer(html):
        name = (token["name"] or "").lower()
        if not name or name in _UNCOUNTED:
            pass
        elif not token["end"]:
            opened[name] += 1
            raw = raw or (name if name in _RAW else "")
        elif opened[name] and raw in ("", name):
            opened[name] -= 1
            raw = ""
        if opened.total() > depth or _many(token["attributes"], attributes):
            return True
    return False


def _many(text: str | None, limit: int) -> bool:
    """Whether `text` holds more than `limit` attributes, whose values do not count."""
    if not text or len(text) < 2 * limit:
        return False
    return len(re.split(r"[\s/]+", re.sub(r"\"[^\"]*\"|'[^']*'", " ", text))) > limit
