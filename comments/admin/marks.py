"""A reader's text for the desk's eyes: what was noticed is marked, what nobody sees is shown."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from newsroom.vietnamese.cleaning import BLANK_LETTERS, EMOJI

from .. import spam

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_CODE = re.compile(r"U\+[0-9A-F]{4,6}", re.ASCII)

Hit = Mapping[str, Any]


def described(hit: Hit) -> str:
    """Return what a rule noticed, in words, without its points."""
    return spam.describe({**hit, "points": 0})


def spans(hits: Iterable[Hit], length: int) -> list[tuple[int, int, str]]:
    """Return where the hits lie in a text of this length, with their words, in its order."""
    found = []
    for hit in hits:
        start, end = hit.get("start"), hit.get("end")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= length:
            found.append((start, end, hit))
    return [(start, end, described(hit)) for start, end, hit in sorted(found, key=_place)]


def _place(span: tuple[int, int, Hit]) -> tuple[int, int]:
    return span[:2]


def marked(text: str, hits: Iterable[Hit] = ()) -> SafeString:
    """Return the text as HTML: nothing in it is a link or markup, whatever was typed."""
    parts, at = [], 0
    for start, end, words in spans(hits, len(text)):
        start = max(start, at)  # what one mark covers already begins behind it
        if start > end or (start == end and not _code_in(words)):
            continue
        parts += [seen(text[at:start]), _mark(text[start:end], words)]
        at = end
    return _joined([*parts, seen(text[at:])])


def _mark(text: str, words: str) -> SafeString:
    if not text:
        return _box(_code_in(words))
    return format_html('<mark title="{}">{}</mark>', words, seen(text))


def _code_in(words: str) -> str:
    match = _CODE.search(words)
    return match[0] if match else ""


def seen(text: str) -> SafeString:
    """Return the text as HTML in which no character is invisible but those that make an emoji."""
    parts, at = [], 0
    for emoji in EMOJI.finditer(text):
        parts += [_boxed(text[at : emoji.start()]), emoji[0]]
        at = emoji.end()
    return _joined([*parts, _boxed(text[at:])])


def _boxed(text: str) -> SafeString:
    runs = ((unseen, "".join(run)) for unseen, run in groupby(text, _unseen))
    return _joined(_boxes(run) if unseen else run for unseen, run in runs)


def _boxes(text: str) -> SafeString:
    return _joined(_box(f"U+{ord(char):04X}") for char in text)


def _unseen(char: str) -> bool:
    return char in BLANK_LETTERS or (char != "\n" and unicodedata.category(char) in _UNSEEN)


def _box(code: str) -> SafeString:
    return format_html('<span class="desk-code">{}</span>', code)


def _joined(parts: Iterable[str]) -> SafeString:
    """Join what is HTML already and what is text: the text is escaped."""
    return format_html_join("", "{}", ((part,) for part in parts))
