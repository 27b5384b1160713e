"""What a printed byline says: who wrote, photographed or put together, and where it came from.

"Trung Kiên – Bá Phúc", "Huyền Lê (Theo AFP)", "Mộc Miên (Tổng hợp)", "Bài: A; Ảnh: B", "Theo VOV".
"""

import re
from dataclasses import dataclass

from newsroom import vietnamese

TEXT, PHOTO, CAMERA, CUT, COMPILED = "text", "photo", "camera", "cut", "compiled"
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 7
MAX_NAMES = 20
MAX_SOURCE_CHARS = 200

_LABELS = {
    TEXT: r"(?:bài|tin)(?:\s*(?:,|và|&|-|–)\s*ảnh)?|thực hiện",
    PHOTO: r"ảnh|photo",
    CAMERA: r"quay phim|video|clip",
    CUT: r"dựng(?: phim)?|dựng hình",
    COMPILED: r"tổng hợp|t ?/ ?h",
}
_LABEL = re.compile(
    "|".join(rf"(?P<{part}>\b(?:{words})\s*:)" for part, words in _LABELS.items()),
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_THEO = re.compile(r"(?:^|(?<=\s))theo\s+\S.*$", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(r"nguồn\b[^:]{0,30}:", re.IGNORECASE)
_OTHER_LABEL = re.compile(r"^[^\W\d_][\w ]{1,20}:", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[–—,;&]|\s-\s|\svà\s)\s*", re.IGNORECASE)
_ALONE = {
    part: re.compile(rf"(?:{words})", re.IGNORECASE)
    for part, words in _LABELS.items()
    if part != TEXT
}


@dataclass(frozen=True)
class Credit:
    """One printed name and the part its bearer had."""

    name: str
    part: str = TEXT


@dataclass(frozen=True)
class Byline:
    """The names in their printed order, and the line that says where the text came from."""

    credits: tuple[Credit, ...] = ()
    source_line: str = ""


def split(printed: str) -> Byline:
    """Return what `printed` says; what is no name is kept in the source line, nothing is lost."""
    names, sources = _without_brackets(vietnamese.clean(printed))
    if _SOURCE.match(names):
        return Byline((), names[:MAX_SOURCE_CHARS])
    if theo := _THEO.search(names):
        sources.insert(0, theo[0])
        names = names[: theo.start()]
    credits: dict[str, Credit] = {}
    for part, piece in _labelled(names):
        for credit in _credits(piece, part, sources):
            credits.setdefault(vietnamese.fold(credit.name), credit)
    return Byline(tuple(credits.values()), "; ".join(sources)[:MAX_SOURCE_CHARS])


def _without_brackets(text: str) -> tuple[str, list[str]]:
    """Turn "A (tổng hợp)" into "tổng hợp: A" and take out brackets that name a source."""
    sources: list[str] = []

    def replace(bracket: re.Match) -> str:
        inner = bracket[1].strip()
        for part, pattern in _ALONE.items():
            if pattern.fullmatch(inner):
                return f"\x00{part}\x00"
        if inner:
            sources.append(inner)
        return " "

    return _BRACKETS.sub(replace, text).strip(), sources


def _labelled(text: str) -> list[tuple[str, str]]:
    """Cut the text before each "Ảnh:" and the like; what stands before the first is text."""
    pieces, start, part = [], 0, TEXT
    for label in _LABEL.finditer(text):
        pieces.append((part, text[start : label.start()]))
        start, part = label.end(), label.lastgroup or TEXT
    pieces.append((part, text[start:]))
    return [(part, piece) for part, piece in pieces if piece.strip(" ,;&-–—/")]


def _credits(piece: str, part: str, sources: list[str]) -> list[Credit]:
    """Return the names of one piece; a mark such as "(tổng hợp)" counts for those before it."""
    if _OTHER_LABEL.match(piece.strip()):
        sources.append(piece.strip(" ,;-–—"))
        return []
    found: list[Credit] = []
    for printed in _SEPARATOR.split(f" {piece} ")[:MAX_NAMES]:
        name, _mark, marked = printed.partition("\x00")
        name = _trimmed(name)
        if _is_name(name):
            found.append(Credit(name, part))
        elif name:
            sources.append(name)
        if marked:
            own = marked.strip("\x00 ")
            found = [
                Credit(credit.name, own if credit.part == part else credit.part) for credit in found
            ]
    return found


def _trimmed(name: str) -> str:
    """Drop what stands around a name; the full stop of "Nguyễn V.A." belongs to it."""
    name = vietnamese.clean(name).strip(" -/:*|\"'")
    return name if re.search(r"\.\w{1,2}\.$", name) else name.rstrip(".")


def _is_name(name: str) -> bool:
    return (
        len(name) <= MAX_NAME_CHARS
        and len(name.split()) <= MAX_NAME_WORDS
        and any(char.isalpha() for char in name)
    )
