"""Text of the years before Unicode, typed for fonts such as .VnTime and VNI-Times.

Pasted into a page of today it is read as Latin letters: "Côm thi ®ua sè 1". It is recognised by
its words: taken as what the old font showed they are Vietnamese syllables, as they stand they are
not. Nothing is converted here.
"""

import re
from enum import StrEnum

from .syllables import SPELLING, is_syllable

MIN_WORDS = 3  # of one text, all different, before anything is said of it
MIN_SHARE = 0.7  # of those that speak for or against an encoding
MAX_CHARS = 100_000  # looked at
_UNKNOWN = "\ufffd"

_TCVN3_BYTES = "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
# VNI writes a letter and behind it what stands over or under it.
_VNI_MARKS = {
    "a": ("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "u": ("ùøûõï", "úùủũụ"),
    "ö": ("ùøûõï", "ứừửữự"),
    "y": ("ùøûõ", "ýỳỷỹ"),
}
_VNI_ALONE = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))


class OldEncoding(StrEnum):
    """An encoding from before Unicode, under the name people know."""

    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI"


def _vni_letters() -> dict[str, str]:
    pairs = {
        base + mark: letter
        for base, (marks, letters) in _VNI_MARKS.items()
        for mark, letter in zip(marks, letters, strict=True)
    }
    return pairs | _VNI_ALONE


# What each writes for a letter, in lower case.
TABLES = {
    OldEncoding.TCVN3: dict(zip(_TCVN3_BYTES, _TCVN3_LETTERS, strict=True)),
    OldEncoding.VNI: _vni_letters(),
}
# TCVN3 gives small and capital codes to different letters, and had a second font for capitals.
_ANY_CASE = {OldEncoding.VNI}
_CODES = {
    encoding: re.compile("|".join([*sorted(table, key=len, reverse=True), "[^\x00-\x7f]"]))
    for encoding, table in TABLES.items()
}
_BEFORE_O_HORN = re.compile("(?<!ư)(?=[ơờởỡớợ])")
# A pattern that asked for one letter of those fonts would look through long words again and again.
_WORD = re.compile("[A-Za-z\u00a1-\u1ef9]+")


def old_encoding(text: str) -> OldEncoding | None:
    """Return the old encoding that `text`, or a line of it, is written in; None for Unicode.

    Asks for three different words at least, so a short line goes unnoticed, never a false alarm.
    """
    text = (text or "")[:MAX_CHARS]
    lines = text.splitlines()
    return next(filter(None, map(_of_words, [text, *(lines if len(lines) > 1 else ())])), None)


def for_scripts() -> dict[str, object]:
    """Return what static/js/old-encodings.js needs to give the same answers in a browser."""
    return {
        "spelling": SPELLING,
        "minWords": MIN_WORDS,
        "minShare": MIN_SHARE,
        "encodings": [
            {"name": encoding, "letters": TABLES[encoding], "anyCase": encoding in _ANY_CASE}
            for encoding in OldEncoding
        ],
    }


def _of_words(text: str) -> OldEncoding | None:
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    if len(words) < MIN_WORDS:
        return None
    return next((encoding for encoding in OldEncoding if _fits(encoding, words)), None)


def _fits(encoding: OldEncoding, words: set[str]) -> bool:
    """Whether most words are syllables only in this encoding; those that always are say nothing."""
    fitting = {word for word in words if _was_syllable(_shown(encoding, word))}
    telling = sum(not is_syllable(word) for word in fitting)
    return telling >= MIN_WORDS and telling >= MIN_SHARE * (telling + len(words) - len(fitting))


def _was_syllable(shown: str) -> bool:
    """Also where the ư of "ươ" was cleaned away: TCVN3 writes it as a soft hyphen."""
    return is_syllable(shown) or is_syllable(_BEFORE_O_HORN.sub("ư", shown))


def _shown(encoding: OldEncoding, word: str) -> str:
    """Return what the old font showed; a letter it did not have becomes a sign no word has."""
    if encoding in _ANY_CASE:
        word = word.lower()
    table = TABLES[encoding]
    return _CODES[encoding].sub(lambda code: table.get(code[0], _UNKNOWN), word)
