"""Every word in a block and no block inside bold, a link or a crosshead.

Works on well-formed HTML, as the sanitiser's library writes it.
"""

import re

INLINE = frozenset(["strong", "em", "s", "sub", "sup", "a"])
HEADING = frozenset(("h2", "h3", "h4"))
_BLOCKS = "p blockquote ul ol li hr table thead tbody tr th td"
BLOCK = HEADING | frozenset(_BLOCKS.split())
VOID = frozenset(("br", "hr"))

# Possessive: where a tag has no end, its letters are not tried again from each of them.
TAG = re.compile(r"<(/?)([a-z0-9]++)([^<>]*+)>")
_EDGE = re.compile(r"^(?:\s|<br>)+|(?<!\s)(?<!<br>)(?:\s|<br>)+$")


def arrange(html: str) -> str:
    """Return `html` with loose text in paragraphs and wrong wrappers taken off their content."""
    return _wrapped(_unwrapped(html))


def _unwrapped(html: str) -> str:
    """Take off inline marks and crossheads that hold blocks, and paragraphs within crossheads."""
    tags = list(TAG.finditer(html))
    dropped: set[int] = set()
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, tag in enumerate(tags):
        if tag[1]:
            pairs.append((opened.pop() if opened else index, index))
        elif tag[2] not in VOID:
            dropped.update(_wrong(tags, opened, index))
            opened.append(index)
        elif tag[2] in BLOCK:
            dropped.update(_wrong(tags, opened, index))
    gone = dropped | {end for start, end in pairs if start in dropped}
    numbers = iter(range(len(tags)))
    return TAG.sub(lambda tag: " " if next(numbers) in gone else tag[0], html) if gone else html


def _wrong(tags: list[re.Match], opened: list[int], index: int) -> list[int]:
    """Return which tags have to go so that the one at `index` may open here."""
    name = tags[index][2]
    if name not in BLOCK:
        return []
    if name == "p" and any(tags[outer][2] in HEADING for outer in opened):
        return [index]
    return [outer for outer in opened if tags[outer][2] in INLINE | HEADING]


def _wrapped(html: str) -> str:
    """Put text that stands in no block into paragraphs."""
    out: list[str] = []
    loose: list[str] = []
    depth = end = 0
    for tag in TAG.finditer(html):
        (out if depth else loose).append(html[end : tag.start()])
        end = tag.end()
        block = tag[2] in BLOCK
        if block and not depth:
            out.append(_paragraph(loose))
            loose = []
        (out if depth or block else loose).append(tag[0])
        if (depth or block) and tag[2] not in VOID:
            depth += -1 if tag[1] else 1
    return "".join([*out, _paragraph([*loose, html[end:]])])


def _paragraph(loose: list[str]) -> str:
    inner = _EDGE.sub("", "".join(loose))
    return f"<p>{inner}</p>" if inner else ""
