"""The order of the dictionary, as bytes that sort the same in Python and in any database."""

import re
import unicodedata
from functools import lru_cache

from .cleaning import clean
from .folding import fold

# Signs in the order of the Unicode collation, then numbers, then letters.
_SIGNS = "_-‐‑–—,;:!?.…·'‘’\"“”«»()[]{}§@*/\\&#%†•`´^°©®+±×<=>|~$"
_SIGN_RANK = {sign: 0x10 + rank for rank, sign in enumerate(_SIGNS)}
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: 0x40 + 2 * rank for rank, letter in enumerate(_LETTERS)}
_TONE_RANK = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}
_NO_TONE, _SMALL, _CAPITAL = 1, 2, 3
_END = b"\x01"

_NUMBER_OR_CHARACTER = re.compile("[0-9]+|.")
_REMARK = re.compile(r"\([^()]*\)")


def sort_key(text: str) -> bytes:
    """Return the bytes by which Vietnamese sorts: letters (a ă â b … d đ), then tones, then case.

    Signs come before numbers, numbers before letters, and 9 before 10. Compared byte by byte the
    keys give the same order in Python and in any database.
    """
    letters, tones, cases = bytearray(), bytearray(), bytearray()
    for piece in _NUMBER_OR_CHARACTER.findall(clean(text)):
        rank, tone = (_number_bytes(piece), _NO_TONE) if piece[0] in "0123456789" else _ranks(piece)
        letters += rank
        tones.append(tone)
        cases.append(_CAPITAL if piece != piece.lower() else _SMALL)
    return bytes(letters) + _END + bytes(tones) + _END + bytes(cases)


def person_sort_key(name: str) -> bytes:
    """Return the bytes by which people are listed: given name, then family and middle names.

    "Nguyễn Văn An" stands under An. What is in brackets, "(CTV)", is no part of the name.
    """
    words = clean(_REMARK.sub(" ", name or "")).split() or clean(name).split()
    given, others = words[-1:], words[:-1]
    return sort_key(" ".join(given)) + b"\x00" + sort_key(" ".join(others))


def _number_bytes(digits: str) -> bytes:
    """Return the digits behind how many there are, so that numbers sort by what they are worth."""
    digits = digits.lstrip("0") or "0"
    if len(digits) == 1:
        return digits.encode()
    length = bytes([0x3A + min(len(digits), 7) - 2])
    if len(digits) >= 7:
        length += len(digits).to_bytes(4, "big")
    return length + digits.encode()


@lru_cache(maxsize=4_096)
def _ranks(char: str) -> tuple[bytes, int]:
    """Return the letter's place in the alphabet as bytes and its tone as a number."""
    base, tone = [], _NO_TONE
    for part in unicodedata.normalize("NFD", char.lower()):
        if part in _TONE_RANK:
            tone = _TONE_RANK[part]
        else:
            base.append(part)
    letter = unicodedata.normalize("NFC", "".join(base)).replace("ð", "đ")
    return _letter_bytes(letter), tone


def _letter_bytes(letter: str) -> bytes:
    if letter in _LETTER_RANK:
        return bytes([_LETTER_RANK[letter]])
    if not letter:
        return b""
    if letter.isspace():
        return b"\x02"
    if letter in _SIGN_RANK:
        return bytes([0x03, _SIGN_RANK[letter]])
    bare = fold(letter)
    if bare in _LETTER_RANK:
        return bytes([_LETTER_RANK[bare]])
    if len(letter) == 1 and unicodedata.category(letter)[0] in "PS":
        return b"\x03\xf0" + letter.encode()
    # What is no Vietnamese letter sorts behind the alphabet, by code point.
    return b"\xf0" + letter.encode("utf-8", "replace")
