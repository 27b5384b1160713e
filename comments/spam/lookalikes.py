"""Signs that are read as letters although they are none, or letters of another script."""

import unicodedata
from functools import lru_cache

from newsroom.vietnamese.cleaning import INVISIBLE

# Letters of other scripts that look like Latin ones, capitals by their own look.
_PAIRS = (
    ("аеєҽоөӧрсԁһіїјҝкӄлмнпгԛѕтҭуүвхҳԝьƅ", "aeeeooopcdhiijkkklmhnrqsttyybxxwbb"),
    ("АВЕЁЄНІЇЈКМОӨРСЅТУҮХҲԜԌЗ", "abeeehiijkmoopcstyyxxwge"),
    ("αάβγεέηήικλμνοόπρτυύχωώ", "aabyeennikluvoonptuuxww"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"),
    ("ɑɐəɛɡɢıɩɪʟɴɵʀʋʏʙʜƖǀⅼɭ", "aaeeggiiilnoruybhilll"),
    ("øØłŁħŧƫƞŋɳҥ", "oollhttnnnn"),
    ("օսոցհԼ", "ounghl"),
)
_LETTERS = {odd: plain for odds, plains in _PAIRS for odd, plain in zip(odds, plains, strict=True)}

# What is typed instead of a letter; 1, ! and | are read both ways.
_SIGNS = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"}
_SIGNS |= {"@": "a", "$": "s", "€": "e", "¡": "i"}
_TALL = "1!|"
_AS_I = str.maketrans(_SIGNS | dict.fromkeys(_TALL, "i"))
_AS_L = str.maketrans(_SIGNS | dict.fromkeys(_TALL, "l"))


def plain(word: str) -> tuple[str, bool]:
    """Return the word in the small letters it is read as, and whether it hid behind others."""
    if word.isascii():
        return word.lower(), False
    letters, hidden = zip(*map(_letter, word), strict=True)
    return unicodedata.normalize("NFC", "".join(letters)), any(hidden)


def unsigned(word: str) -> list[str]:
    """Return the ways to read digits and signs in a word as letters: none for a plain word."""
    read = word.translate(_AS_I)
    if read == word or not any(map(str.isalpha, word)):
        return []
    return list(dict.fromkeys((read, word.translate(_AS_L))))


@lru_cache(maxsize=1 << 12)
def _letter(char: str) -> tuple[str, bool]:
    if INVISIBLE.match(char):
        return "", True
    base, *marks = unicodedata.normalize("NFD", char)
    if base in _LETTERS:
        return _LETTERS[base] + "".join(marks), True
    compatible = unicodedata.normalize("NFKC", char)
    if compatible != char and compatible.isalnum():
        return compatible.lower(), True
    return char.lower().replace("ð", "đ"), False
