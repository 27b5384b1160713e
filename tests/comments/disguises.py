"""Insults as they are typed past a word list: five disguises of the same words."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from newsroom import vietnamese

_CORE = re.compile(r"\[(.*)\]")
_LEET = str.maketrans("oiae", "0143")
_FOREIGN = str.maketrans("aeocpxyi", "аеосрхуі")


def insults() -> list[str]:
    """Comments readers wrote, the insult of each in square brackets."""
    listed = Path(__file__).with_name("insults.txt").read_text(encoding="utf-8")
    return listed.splitlines()


def _with_marks(text: str) -> str:
    return _CORE.sub(r"\1", text)


def _without_marks(text: str) -> str:
    return vietnamese.fold(_with_marks(text))


def _spaced(text: str) -> str:
    return _CORE.sub(lambda core: " ".join(core[1].replace(" ", "")), text)


def _leet(text: str) -> str:
    """Digits for vowels; a vowel with a mark loses it with its letter."""
    return _CORE.sub(lambda core: "".join(map(_digit, core[1])), text)


def _digit(letter: str) -> str:
    bare = vietnamese.fold(letter)
    digit = bare.translate(_LEET)
    return digit if bare in "oiae" and bare else letter


def _foreign(text: str) -> str:
    """Letters of another script, with the marks of the Vietnamese ones on them."""

    def disguised(core: re.Match) -> str:
        parts = unicodedata.normalize("NFD", core[1])
        return unicodedata.normalize("NFC", parts.translate(_FOREIGN))

    return _CORE.sub(disguised, text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "marks": _with_marks,
    "no marks": _without_marks,
    "spaced": _spaced,
    "leet": _leet,
    "look-alikes": _foreign,
}
