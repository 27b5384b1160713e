"""Asking the child for the sizes of a picture; what it refuses comes back as a sentence."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from .sizes import CPU_SECONDS, MAX_PIXELS, MIN_SIDE

MAX_BYTES = 20 * 1024 * 1024
SECONDS = CPU_SECONDS + 1  # by the clock; with what is done around it no upload takes ten
# -E: the child heeds no variables. -s: nor modules of the person who started the server.
PROGRAM = [sys.executable, "-E", "-s", "-m", "articles.pictures.child"]


class BadPhoto(ValueError):
    """A file that cannot be taken; its message is for the person who chose it."""


@dataclass(frozen=True)
class Made:
    """A file that was taken: its bytes, its true extension, its size upright, and its sizes.

    `sizes` are finished WebP files by their width in pixels.
    """

    original: bytes
    extension: str
    width: int
    height: int
    sizes: dict[int, bytes]


def make(file: IO[bytes]) -> Made:
    """Read `file` and return what was made of it; takes SECONDS at most. Raises BadPhoto."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadPhoto(too_large())
    told, made = _answer_of_child(data)
    if told["refused"]:
        raise BadPhoto(_sentence(told["refused"], told))
    return Made(data, told["extension"], told["width"], told["height"], _cut(told["bytes"], made))


def too_large() -> str:
    """Return what is said of a file of more than MAX_BYTES."""
    return _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES >> 20}


def _answer_of_child(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what the child told and the bytes behind it; a child that died has refused."""
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                PROGRAM,
                input=data,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={},
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"refused": "heavy"}, b""
        if done.returncode:
            return {"refused": "heavy" if done.returncode < 0 else "damaged"}, b""
        answer.seek(0)
        return json.loads(answer.readline()), answer.read()


def _cut(lengths: list[tuple[int, int]], made: bytes) -> dict[int, bytes]:
    sizes, end = {}, 0
    for width, length in lengths:
        sizes[width] = made[end : end + length]
        end += length
    return sizes


def _sentence(word: str, told: dict[str, Any]) -> str:
    """Return why a file is not taken, for the person who chose it."""
    sentences = {
        "unknown": _("This is no picture the site can show. Take a JPEG, PNG, WebP, AVIF or GIF."),
        "damaged": _("The picture is damaged. Export it again and choose it once more."),
        "heavy": _("The picture takes too much memory or time to open. Make it smaller first."),
        "tall": _("The picture is too tall for its width. Cut it into several."),
        "large": _("The picture has more than %(limit)s million pixels. Make it smaller first."),
        "small": _(
            "The picture is too small: %(width)s × %(height)s, at least %(least)s are needed."
        ),
    }
    values = {"limit": MAX_PIXELS // 1_000_000, "least": MIN_SIDE, "width": 0, "height": 0}
    return sentences[word] % (values | told)
