"""What the cleaning library gets in place of signs that it is slow at.

It takes time quadratic in the ampersands of a stretch of text and in the letters that share their
first byte with its &nbsp;, all the old encodings and quotation marks among them; whether typed or
written as a reference. It gets noncharacters instead, which no text holds.
"""

import re
from functools import lru_cache
from html import unescape
from os.path import commonprefix

_SIGNS = range(0xA1, 0xC0)
_STAND_INS = range(0xFDD1, 0xFDF0)
_AMPERSAND, _SPACE = "\ufdd0", "\U0001fffe"
_HIDDEN = dict.fromkeys((*_STAND_INS, ord(_AMPERSAND), ord(_SPACE)))
_HIDDEN |= dict(zip(_SIGNS, _STAND_INS, strict=True))
_HIDDEN[0xA0] = " "
_SHOWN = {ord(_AMPERSAND): "&amp;", ord(_SPACE): " "} | dict(zip(_STAND_INS, _SIGNS, strict=True))

# A tag, whose attributes are read otherwise and are no stretch of text, or what may be a reference.
_PLACE = re.compile(
    r"""(<[A-Za-z/](?:[^<>"'=]++|=\s*+(?:"[^"<]*+"|'[^'<]*+')?+|["'])*+>)|&(?:#?[A-Za-z0-9]++;?+)?+"""
)
_MAX_TAG_CHARS = 10_000  # of a longer one, who knows where the library sees it end
_MAX_REFERENCE_CHARS = 40  # of longer ones a text holds few


def hide(html: str) -> str:
    """Return the markup with stand-ins for these signs; what was one before is dropped."""
    return _PLACE.sub(_hidden, html.translate(_HIDDEN))


def show(html: str) -> str:
    """Return clean markup with the signs in place of their stand-ins."""
    return html.translate(_SHOWN)


def _hidden(place: re.Match) -> str:
    if not place[1]:
        return _reference(place[0]) if len(place[0]) <= _MAX_REFERENCE_CHARS else place[0]
    if len(place[1]) <= _MAX_TAG_CHARS:
        return place[1]
    return "<" + _PLACE.sub(_hidden, place[1][1:])


@lru_cache(maxsize=1_024)
def _reference(typed: str) -> str:
    """Return what a reference means; as it was typed, where that might be markup."""
    meant = unescape(typed)
    behind = len(commonprefix([meant[::-1], typed[::-1]]))  # "x" of "&ampx", all of "&x"
    if any(char.isascii() and char != "&" for char in meant[: len(meant) - behind]):
        return typed
    # A space would end the name of a tag that is not closed; the reference does not.
    hidden = (_SPACE if char == "\xa0" else char.translate(_HIDDEN) for char in meant)
    return "".join(hidden).replace("&", _AMPERSAND)
