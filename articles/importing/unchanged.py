"""Whether a line says what was imported before. Compared is what was printed then.

What the desk has set right since, a pen name or the site's dateline, makes no line a new text.
"""

import re
from dataclasses import replace

from .. import workflow
from ..models import Revision
from .bylines import Credit
from .directory import Directory

_LINES = ("headline", "standfirst", "body", "source_line")
_BRACKET = re.compile(r"^\([^()]{1,40}\)\s*(?:[-–—]\s*)?")


def with_printed_standfirst(text: workflow.Text, given: str, imported: Revision) -> workflow.Text:
    """Return `text` with the standfirst as it was imported, if they differ by a dateline alone.

    `given` is the standfirst of the file: which dateline was taken off it then is not known.
    """
    said = {given, _BRACKET.sub("", given, count=1)}
    return replace(text, standfirst=imported.standfirst) if imported.standfirst in said else text


def says(
    imported: Revision, text: workflow.Text, credits: tuple[Credit, ...], directory: Directory
) -> bool:
    """Whether `imported` prints the lines of `text` under the names of `credits`."""
    text = text.cleaned()
    if any(getattr(imported, name) != getattr(text, name) for name in _LINES):
        return False
    printed = list(imported.byline.order_by("position").values_list("name", "part", "author"))
    return len(printed) == len(credits) and all(
        part == credit.part and (name == credit.name or _bears(directory, credit.name, author))
        for (name, part, author), credit in zip(printed, credits, strict=True)
    )


def _bears(directory: Directory, name: str, author: int) -> bool:
    """Whether the file's name is an older one of the author printed."""
    known = directory.known_author(name)
    return known is not None and known.pk == author
