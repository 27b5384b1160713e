"""Partials that the template engine renders once for each shape of their values, then are filled.

Most of a page is small partials shown dozens of times: a comment, an article in a list. What one of
them says but for the values themselves depends on which values there are. So it is rendered once
with marks in place of texts, and from then on the texts, escaped, are put where the marks stand.
The template stays the only source of the markup, and nothing is kept that a change of it would not
change: what is kept dies with the process, and with DEBUG nothing is.

A partial that is filled may show its values, loop over them, and ask whether they are there. It may
not look into a text: no filter on one, no comparison, no length. Values are texts, whole numbers,
True, False and None, lists of values, and rows of them: named tuples, which cost least to make,
dataclasses and models.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from itertools import count
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from . import rich_text

KEPT_BYTES = 16 * 1024 * 1024  # of skeletons in each process; beyond it all are made anew
_MARK = "\0"  # stands in no template, and escaping leaves it alone
_is_special = re.compile("[&<>\"']").search  # asked first: most texts have none of them
_TEXT, _ZERO = "text", "0"  # the shapes of a text that is there, and of a number that is 0

# The shape of a list is those of its values, that of a row has its class in front of them.
Shape = Any


class _Skeleton(NamedTuple):
    """A rendered partial: pieces of markup, and which text comes at every second place."""

    pieces: list[str]
    places: list[int]


def fill(template: str, **values: Any) -> SafeString:
    """Return the partial as the template engine would render it with these values alone.

    Raises TypeError for a value of a kind that a skeleton cannot hold.
    """
    texts: list[str] = []
    shapes = tuple([_shape(value, texts) for value in values.values()])
    skeleton = _skeleton(template, tuple(values), shapes)
    pieces = skeleton.pieces.copy()
    pieces[1::2] = [texts[place] for place in skeleton.places]
    return rich_text.safe("".join(pieces))


def _shape(value: Any, texts: list[str]) -> Shape:
    """Return the shape of a value; the texts in it are added to `texts` as they will be shown."""
    kind = type(value)
    if kind is str or isinstance(value, str):
        if not value:
            return ""
        texts.append(escape(value) if kind is not SafeString and _is_special(value) else value)
        return _TEXT
    if value is None or kind is bool:
        return value
    if kind is int:
        return _shape(str(value), texts) if value else _ZERO
    if kind is list or kind is tuple:
        return tuple([_shape(each, texts) for each in value])
    return (kind, *[_shape(each, texts) for each in _values(kind)(value)])


@lru_cache
def _values(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gets the values of a row, in the order of its names."""
    if issubclass(kind, tuple):
        return tuple
    names = _names(kind)
    return attrgetter(*names) if len(names) > 1 else lambda row: [getattr(row, *names)]


@lru_cache
def _names(kind: type) -> tuple[str, ...]:
    """Return what the values of a row are called; raises TypeError for what is none."""
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return kind._fields
    if issubclass(kind, Model):
        return tuple(field.attname for field in kind._meta.concrete_fields)
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"a skeleton cannot hold a {kind.__name__}")
    return tuple(field.name for field in dataclasses.fields(kind))


class Kept:
    """The skeletons of this process."""

    def __init__(self) -> None:
        self.bytes = 0
        self._skeletons: dict[tuple, _Skeleton] = {}
        self.find = self._skeletons.get

    def put(self, key: tuple, skeleton: _Skeleton) -> None:
        """Keep one; where they take too much room the others go, whoever drove them out."""
        # A shape takes about as much as it is long in words, a piece fifty bytes beside its text.
        size = len(str(key)) + sum(map(len, skeleton.pieces)) + 58 * len(skeleton.pieces)
        if self.bytes + size > KEPT_BYTES:
            self.clear()
        self._skeletons[key] = skeleton
        self.bytes += size

    def clear(self) -> None:
        """Keep none."""
        self._skeletons.clear()
        self.bytes = 0


kept = Kept()


def _skeleton(template: str, names: tuple[str, ...], shapes: tuple[Shape, ...]) -> _Skeleton:
    if settings.DEBUG:
        return _rendered(template, names, shapes)
    key = template, names, shapes, get_language()
    skeleton = kept.find(key)
    if skeleton is None:
        skeleton = _rendered(template, names, shapes)
        kept.put(key, skeleton)
    return skeleton


def _rendered(template: str, names: tuple[str, ...], shapes: tuple[Shape, ...]) -> _Skeleton:
    """Render the partial with a mark for each text."""
    marks = (f"{_MARK}{number}{_MARK}" for number in count())
    standing = [_standing(shape, marks) for shape in shapes]
    html = render_to_string(template, dict(zip(names, standing, strict=True)))
    pieces = html.split(_MARK)
    return _Skeleton(pieces, [int(number) for number in pieces[1::2]])


def _standing(shape: Shape, marks: Iterator[str]) -> Any:
    """Return a value of a shape whose texts are marks, in the order in which `_shape` adds them."""
    if shape == _TEXT:
        return next(marks)
    if shape == _ZERO:
        return 0
    if not isinstance(shape, tuple):
        return shape
    if shape and isinstance(shape[0], type):
        kind, *shapes = shape
        values = [_standing(each, marks) for each in shapes]
        return SimpleNamespace(**dict(zip(_names(kind), values, strict=True)))
    return [_standing(each, marks) for each in shape]
