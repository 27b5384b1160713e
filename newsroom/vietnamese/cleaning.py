"""Text as it is stored: NFC, without what nobody sees, in the author's own spelling."""

import re
import unicodedata

from .encodings import OldEncoding, old_encoding

MAX_MARKS = 3

# Letters that print nothing and yet are letters or symbols to Unicode.
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
# Prints nothing, joins or reverses what it stands in: never meant by a person who types.
_INVISIBLES = (
    "\u0000-\u0008\u000e-\u001f\u007f-\u009f\u034f\u061c\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SOFT_HYPHEN = "\u00ad"
INVISIBLE = re.compile(f"[{_INVISIBLES}{_SOFT_HYPHEN}]")
# Between pictures the same signs are seen: they make a family of three people, a heart red.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23fa\u24c2\u25aa-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]\ufe0f?"
)
_EMOJI = f"{_PICTURE}(?:\u200d{_PICTURE})*"
EMOJI = re.compile(_EMOJI)
_DROPPED = re.compile(f"({_EMOJI})|[{_INVISIBLES}{_SOFT_HYPHEN}]+")
_DROPPED_IN_TCVN3 = re.compile(f"({_EMOJI})|[{_INVISIBLES}]+")
# Patterns that begin with a set of characters are found many times faster than those with a choice.
_LINE_BREAK = re.compile("[\r\n\v\f\x85\u2028\u2029](?:(?<=\r)\n)?")
_OTHER_SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(f"[ {_OTHER_SPACES}]+")
_OTHER_SPACE = re.compile(f"[{_OTHER_SPACES}]")
# What nearly every text consists of, and of which nothing is ever cleaned but doubled spaces.
_NOT_PLAIN = re.compile(
    "[^\n -~\u00a1-\u00ac\u00ae-\u017f\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9"
    "\u2010-\u2027\u20ab\u20ac]"
)
_MANY_BREAKS = re.compile("\n\n\n+")

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LOOSE_MARK = re.compile(f"[\u0302\u0306\u031b{_TONES}]")
_LOOSE_MARKS = re.compile(f"[A-Za-z\u00c0-\u1ef9]{_LOOSE_MARK.pattern}+")

# Long runs outside of Latin: the only places where marks can be stacked.
_STACKED = "[^\x00-\u02ff\u1e00-\u20cf]"
_STACK = re.compile(f"{_STACKED}{_STACKED}{{{MAX_MARKS},}}")


def clean(text: str, *, multiline: bool = False) -> str:
    """Return `text` in NFC without invisible characters, spaces collapsed, stripped.

    With `multiline` line breaks stay as \\n, at most two in a row; without it they are spaces.
    Never raises on a string; None counts as empty.
    """
    text = text or ""
    is_plain = not _NOT_PLAIN.search(text)
    text = text if is_plain else _normalised(text)
    if not multiline:
        return " ".join(text.split())
    if "  " in text or (not is_plain and _OTHER_SPACE.search(text)):
        text = _SPACES.sub(" ", text)
    text = "\n".join([line.strip() for line in text.split("\n")])
    return _MANY_BREAKS.sub("\n\n", text).strip()


def normalise(text: str) -> str:
    """Return `text` in NFC with invisible characters gone and line breaks as \\n, no more.

    For text whose spaces matter, HTML above all.
    """
    return _normalised(text) if _NOT_PLAIN.search(text) else text


def _normalised(text: str) -> str:
    text = _LINE_BREAK.sub("\n", text)
    if INVISIBLE.search(text):
        text = _dropped_in(text).sub(r"\1", text)
    if text.isascii():
        return text
    # NFC is quadratic in stacked marks, so they are capped before it.
    text = unicodedata.normalize("NFC", _STACK.sub(_cap_marks, text))
    if not _LOOSE_MARK.search(text):
        return text
    mended = _LOOSE_MARKS.sub(_compose, text)
    return text if mended == text else unicodedata.normalize("NFC", mended)


def _dropped_in(text: str) -> re.Pattern:
    """Return what to drop: not the soft hyphen in TCVN3, where it is the letter ư."""
    if _SOFT_HYPHEN in text and old_encoding(text) is OldEncoding.TCVN3:
        return _DROPPED_IN_TCVN3
    return _DROPPED


def _compose(run: re.Match) -> str:
    """Return a letter and the marks NFC has left behind it as they were meant: "é" + "^" is "ế".

    A tone typed before the circumflex, breve or horn, and a mark typed twice, look right on a
    screen and yet are another text to every comparison.
    """
    base, *marks = unicodedata.normalize("NFD", run[0])
    marks = sorted(dict.fromkeys(marks), key=_TONES.__contains__)
    return unicodedata.normalize("NFC", base + "".join(marks))


def _cap_marks(run: re.Match) -> str:
    """Drop the marks beyond MAX_MARKS on one letter."""
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if is_mark(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def is_mark(char: str) -> bool:
    """Whether the character is drawn on the letter before it."""
    return char > "\u02ff" and unicodedata.category(char)[0] == "M"


def has_text(text: str) -> bool:
    """Whether a person sees anything in `text`: Hangul fillers and blank braille are nothing."""
    return any(
        unicodedata.category(char)[0] in "LNPS" and char not in BLANK_LETTERS
        for char in normalise(text or "")
    )
