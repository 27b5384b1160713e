"""Stored HTML on its way out: to readers as markup, to search and feeds as words.

All of it expects what `sanitise` returned; of anything else the words are found as well as can be.
"""

import html as markup
import re
from collections.abc import Callable, Iterator
from itertools import takewhile

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from newsroom import vietnamese

from .blocks import HEADING, INLINE, TAG, VOID

_TOKEN = re.compile(r"\[\[photo:([1-9][0-9]{0,9})\]\]")
_WITHIN_LINE = re.compile(rf"</?(?:{'|'.join(sorted(INLINE))})(?: [^<>]*)?>")
_OUTSIDE = re.compile(r'<a (?=[^<>]*href="https?:)')
_EMPTY = re.compile(rf"<({'|'.join(sorted(INLINE))}|p|h2|h3|h4)(?: [^<>]*)?>(?:\s|<br>)*</\1>")
# No character has so many digits, and Python refuses to read many thousands of them.
_LONG_NUMBER = re.compile(r"&#[0-9]{20,}+;?+")
_PLACE = re.compile("\x00([0-9]+)\x00")
_SPLIT_BY_PHOTO = INLINE | HEADING | {"p"}


def safe(html: str) -> SafeString:
    """Mark HTML that `sanitise` or a template made as ready for a page. For nothing else."""
    return SafeString(html)


def plain_text(html: str) -> str:
    """Return the words of `html`, a line for every block, without picture tokens."""
    return vietnamese.clean(rough_text(html), multiline=True)


def rough_text(html: str) -> str:
    """Return the same in a third of the time, spaces and empty lines as they happen to stand."""
    words = TAG.sub("\n", _WITHIN_LINE.sub("", html or ""))
    return markup.unescape(_LONG_NUMBER.sub("\ufffd", _TOKEN.sub(" ", words)))


def photo_ids(html: str) -> list[int]:
    """Return the numbers of the photos whose tokens stand in the text, in order, each once."""
    found = (token[1] for tag, text in _pieces(html or "") for token in _TOKEN.finditer(text))
    return list(dict.fromkeys(int(number) for number in found))


def render(html: str, photo_html: Callable[[int], str]) -> SafeString:
    """Return `html` with every photo token replaced by the markup `photo_html` gives for its id.

    A photo splits the paragraph it stands in. An id for which "" comes back vanishes.
    Links to other sites get rel="noopener".
    """
    pictures: list[str] = []
    split = _split_by_photos(html or "", photo_html, pictures)
    split = _OUTSIDE.sub('<a rel="noopener" ', _without_empty(split))
    return safe(_PLACE.sub(lambda place: pictures[int(place[1])], split))


def _split_by_photos(html: str, photo_html: Callable[[int], str], pictures: list[str]) -> str:
    """Put a place mark outside of any paragraph for each token; its markup goes to `pictures`."""
    out: list[str] = []
    opened: list[re.Match] = []
    for tag, text in _pieces(html):
        words = _TOKEN.split(text)
        out.append(words[0])
        for number, rest in zip(words[1::2], words[2::2], strict=True):
            picture = conditional_escape(photo_html(int(number)))
            out += [_place(opened, pictures, picture) if picture else "", rest]
        if tag:
            out.append(tag[0])
            _follow(opened, tag)
    return "".join(out)


def _place(opened: list[re.Match], pictures: list[str], picture: str) -> str:
    """Close the paragraph and what is open in it, stand free, open all of it again."""
    run = list(takewhile(lambda tag: tag[2] in _SPLIT_BY_PHOTO, reversed(opened)))
    pictures.append(picture)
    closing = "".join(f"</{tag[2]}>" for tag in run)
    opening = "".join(tag[0] for tag in reversed(run))
    return f"{closing}\x00{len(pictures) - 1}\x00{opening}"


def _without_empty(html: str) -> str:
    """Drop what a photo or its absence left empty around it."""
    before = None
    while before != html:
        before, html = html, _EMPTY.sub("", html)
    return html


def _pieces(html: str) -> Iterator[tuple[re.Match | None, str]]:
    """Yield each tag with the text before it, and None with the text behind the last one."""
    end = 0
    for tag in TAG.finditer(html):
        yield tag, html[end : tag.start()]
        end = tag.end()
    yield None, html[end:]


def _follow(opened: list[re.Match], tag: re.Match) -> None:
    if not tag[1] and tag[2] not in VOID:
        opened.append(tag)
    elif tag[1] and opened:
        opened.pop()
