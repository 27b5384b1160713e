"""The one door for Vietnamese text: cleaning, folding, slugs, sort keys, search words, dates.

Every function here is pure and runs in time linear in its input, hostile input included.
Nothing rewrites an author's style: "hoà" and "hòa" stay as typed and only meet in `fold`.
"""

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

TIME, DAY, NONE = "time", "day", "none"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MAX_MARKS = 3
MAX_TERMS = 12
MAX_TERM_LENGTH = 40
EMPTY_SLUG = "bai"

_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

# Letters that print nothing and yet are letters or symbols to Unicode.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
# Prints nothing, joins or reverses what it stands in: never meant by a person who types.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_DROPPED_IN_SLUG = re.compile("['’‘ʼ`´]")
_NOT_SLUG = re.compile("[^a-z0-9]+")
_NOT_WORD = re.compile(r"[\W_]+")

# Long runs outside of Latin: the only places where marks can be stacked.
_STACK = re.compile(f"[^\x00-\u02ff\u1e00-\u20cf]{{{MAX_MARKS + 1},}}")

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: 0x40 + 2 * rank for rank, letter in enumerate(_LETTERS)}
_TONE_RANK = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}


def clean(text: str, *, multiline: bool = False) -> str:
    """Return `text` in NFC without invisible characters, spaces collapsed, stripped.

    With `multiline` line breaks stay as \\n, at most two in a row; without it they are spaces.
    Never raises on a string; None counts as empty.
    """
    text = normalise(text or "")
    if not multiline:
        return " ".join(text.split())
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def normalise(text: str) -> str:
    """Return `text` in NFC with invisible characters gone and line breaks as \\n, no more.

    For text whose spaces matter, HTML above all.
    """
    text = _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text))
    # NFC is quadratic in stacked marks, so they are capped before it.
    return unicodedata.normalize("NFC", _STACK.sub(_cap_marks, text))


def _cap_marks(run: re.Match) -> str:
    """Drop the marks beyond MAX_MARKS on one letter."""
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_mark(char: str) -> bool:
    return char > "\u02ff" and unicodedata.category(char)[0] == "M"


def has_text(text: str) -> bool:
    """Whether a person sees anything in `text`: Hangul fillers and blank braille are nothing."""
    return any(
        unicodedata.category(char)[0] in "LNPS" and char not in _BLANK_LETTERS
        for char in normalise(text or "")
    )


def fold(text: str) -> str:
    """Return `text` in lower case without any mark, đ as d: what search and doubles compare.

    The style of tones ("hoà", "hòa") disappears with the tones. Idempotent.
    """
    text = normalise(text or "")
    if not text.isascii():
        text = _unmarked(_unmarked(text).casefold())
    return text.lower()


def _unmarked(text: str) -> str:
    for stroked in "đĐÐð":
        text = text.replace(stroked, "d")
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in parts if not _is_mark(char))
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", bare))


def slug(text: str, max_length: int = 80) -> str:
    """Return `text` as a-z, 0-9 and single hyphens, cut at a syllable, never empty."""
    words = _NOT_SLUG.sub("-", _DROPPED_IN_SLUG.sub("", fold(text))).strip("-")
    if len(words) > max_length:
        head = words[: max_length + 1].rpartition("-")[0]
        words = head or words[:max_length]
    return words or EMPTY_SLUG[:max_length]


def sort_key(text: str) -> bytes:
    """Return the bytes by which Vietnamese sorts: letters (a ă â b … d đ), then tones, then case.

    Compared byte by byte they give the same order in Python and in any database.
    """
    letters, tones, cases = bytearray(), bytearray(), bytearray()
    for char in unicodedata.normalize("NFC", clean(text)):
        rank, tone = _ranks(char)
        letters += rank
        tones.append(tone)
        cases.append(3 if char != char.lower() else 2)
    return bytes(letters) + b"\x01" + bytes(tones) + b"\x01" + bytes(cases)


def _ranks(char: str) -> tuple[bytes, int]:
    """Return the letter's place in the alphabet as bytes and its tone as a number."""
    base, tone = [], 1
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
    if letter.isascii():
        return _ascii_bytes(letter)
    if letter.isspace():
        return b"\x02"
    bare = fold(letter)
    if bare in _LETTER_RANK:
        return bytes([_LETTER_RANK[bare]])
    # What is no Vietnamese letter sorts behind the alphabet, by code point.
    return b"\xf0" + letter.encode("utf-8", "replace")


def _ascii_bytes(char: str) -> bytes:
    if char == " ":
        return b"\x02"
    if char.isdigit():
        return bytes([0x30 + int(char)])
    return b"\x03" + char.encode()


def search_text(*parts: str) -> str:
    """Return the parts folded, punctuation as spaces, one space at either end.

    So ' thi dua ' is found by whole syllables and never inside another word.
    """
    words = _NOT_WORD.sub(" ", fold("\n".join(part for part in parts if part))).strip()
    return f" {words} " if words else " "


def search_terms(query: str) -> list[str]:
    """Return the folded words of a query, no doubles, in order; bounded in number and length."""
    words = (word[:MAX_TERM_LENGTH] for word in search_text(query[:2000] if query else "").split())
    return list(dict.fromkeys(words))[:MAX_TERMS]


def long_date(value: datetime | date | None, precision: str) -> str:
    """Return `Thứ sáu, 10/7/2020, 16:30 (GMT+7)`, without the hour for DAY, "" for NONE."""
    if value is None or precision == NONE:
        return ""
    local = _local(value)
    day = f"{_WEEKDAYS[local.weekday()]}, {_day(local)}"
    return f"{day}, {local:%H:%M} (GMT+7)" if _has_hour(local, precision) else day


def short_date(value: datetime | date | None, precision: str) -> str:
    """Return `10/7/2020, 16:30`, without the hour for DAY, "" for NONE."""
    if value is None or precision == NONE:
        return ""
    local = _local(value)
    return f"{_day(local)}, {local:%H:%M}" if _has_hour(local, precision) else _day(local)


def _local(value: datetime | date) -> datetime | date:
    return value.astimezone(ZONE) if isinstance(value, datetime) else value


def _has_hour(value: datetime | date, precision: str) -> bool:
    return precision == TIME and isinstance(value, datetime)


def _day(value: date) -> str:
    return f"{value.day}/{value.month}/{value.year}"
