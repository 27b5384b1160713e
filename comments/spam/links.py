"""Ways out of the page: links, plain and hidden, and where a reader is told to write or call."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings

from .hits import Hit

MOST = 12  # hits of one rule: more say nothing new
LINK, MANY = 15, 3
HIDDEN_LINK = HANDLE = PHONE = 30
ADDRESS = 20

# What a bare domain ends in; words of everyday language among them only count before a path.
_ENDINGS = (
    "com|net|org|info|biz|vn|xyz|top|club|online|site|shop|store|link|vip|pro|bet|win|app|icu|"
    "tv|io|casino|asia|mobi|website|click"
)
_WITH_PATH = "me|ly|cc|gg|to|be|co|live|fun|life|work|world|space"
_LABEL = "[a-z0-9][a-z0-9-]{0,62}"
_REST = r"[^\s<>\"”]{0,300}"
_BARE = rf"(?<![@\w./-])(?:{_LABEL}\.){{1,5}}"
_LINK = re.compile(
    rf"(?<!\w)(?:https?://|www\.)[^\s<>\"”]{{3,300}}"
    rf"|{_BARE}(?:{_ENDINGS})(?![\w-]|\.\w)(?:[:/?#]{_REST})?"
    rf"|{_BARE}(?:{_WITH_PATH})/{_REST}",
    re.IGNORECASE,
)

# "abc . com", "abc [chấm] com", "abc chấm com", "abc. com"
_DOT = (
    r"(?:\s{1,3}\.\s{0,3}|\s{0,3}[\[({<]\s?(?:\.|d[oô]t|ch[aấ]m)\s?[\])}>]\s{0,3}"
    r"|\s{1,3}(?:dot|ch[aấ]m)\s{1,3}|\.\s{1,3}(?=com\b))"
)
_HIDDEN = re.compile(
    r"(?<!\w)h(?:xx|\*\*)ps?\s?(?:\[:\]|:)\s?/{1,2}\s?\S{1,300}"
    r"|(?<!\w)https?\s{0,2}(?:\[:\]|:)\s{0,2}/\s{0,2}/\s{0,2}(?<=[\s\]/])(?<!://)\S{1,300}"
    rf"|(?<![\w.-])[\w-]{{1,63}}{_DOT}(?:com|net|org|info|xyz|top|club|vip|vn|bet|win|app|shop)"
    rf"(?!\w)(?:{_DOT}vn(?!\w))?(?:/{_REST})?"
    rf"|(?<!\w)(?:https?://)?(?:[\w-]{{1,63}}\.){{0,4}}xn--[a-z0-9-]{{1,60}}(?:\.[\w-]{{2,60}}){{0,3}}"
    rf"(?:[:/?#]{_REST})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|[\[(]\s?(?:at|a còng)\s?[\])])\s?"
    r"(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
_APPS = "tele|telegram|telegr[aâ]m|zalo|za lô|viber|skype|wechat|whatsapp"
_HANDLE = re.compile(
    r"(?<![\w.])(?:https?://)?(?:t|telegram|zalo|wa|m)\.me/[\w+./-]{1,100}"
    rf"|(?<!\w)(?:{_APPS})\s{{0,2}}(?:[:：=]\s{{0,2}}@?|@)[a-z0-9_.]{{5,32}}(?![^\W_])"
    rf"|(?<!\w)(?:{_APPS})\s{{1,2}}(?=[a-z_.]{{0,31}}[0-9])[a-z0-9_.]{{5,32}}(?![^\W_])",
    re.IGNORECASE,
)

_GAP = r"[\s.\-–_()·]{0,3}"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:\(?\+?84|\(?[0o])(?:{_GAP}[0-9oli]){{8,11}}(?!\w)", re.IGNORECASE
)
_CALLABLE = re.compile(r"(?:0|84|840)(?:[35789][0-9]{8}|2[0-9]{8,9})")
_DATE = re.compile(r"[0-9]{1,2}([.\-])[0-9]{1,2}\1[0-9]{4}")
_AS_DIGITS = str.maketrans("oOlLiI", "001111")
_MIN_DIGITS = 6  # true ones; the rest may be letters
_NUMERAL = (
    "không|khong|zero|một|mốt|mot|hai|ba|bốn|bon|tư|tu|năm|nam|lăm|lam|sáu|sau|bảy|bẩy|bay|"
    "tám|tam|chín|chin|[0-9]"
)
_SPELT = re.compile(
    rf"(?<!\w)(?:không|khong|zero|0)(?:[\s.,\-–]{{1,3}}(?:{_NUMERAL})(?!\w)){{9,10}}", re.IGNORECASE
)


def links(text: str) -> Iterator[Hit]:
    """Notice where a text leads: each rule its own, no place counted twice."""
    taken: list[tuple[int, int]] = []
    for find in (_handles, _hidden, _addresses, _plain, _phones):
        for hit in find(text):
            if not any(hit.start < end and start < hit.end for start, end in taken):
                taken.append((hit.start, hit.end))
                yield hit


def _handles(text: str) -> Iterator[Hit]:
    return _each("handle", HANDLE, _HANDLE, text)


def _hidden(text: str) -> Iterator[Hit]:
    return _each("hidden_link", HIDDEN_LINK, _HIDDEN, text)


def _addresses(text: str) -> Iterator[Hit]:
    return _each("email", ADDRESS, _ADDRESS, text)


def _plain(text: str) -> Iterator[Hit]:
    return _each("link", LINK, _LINK, text, counts=lambda found: not _is_ours(found), most=MANY)


def _phones(text: str) -> Iterator[Hit]:
    yield from _each("phone", PHONE, _NUMBER, text, counts=_is_phone)
    yield from _each("phone", PHONE, _SPELT, text)


def _each(
    rule: str,
    points: int,
    pattern: re.Pattern,
    text: str,
    counts: Callable[[str], bool] = bool,
    most: int = 1,
) -> Iterator[Hit]:
    """Yield every place, the first `most` with points: a second number is no second offence."""
    number = 0
    for match in pattern.finditer(text):
        if number < MOST and counts(match[0]):
            number += 1
            given = points if number <= most else 0
            yield Hit(rule, given, match[0][:80], *match.span())


def _is_ours(link: str) -> bool:
    """Whether a link leads to our own pages, which a reader may well quote."""
    try:
        host = urlsplit(link if "://" in link else f"//{link}").hostname or ""
    except ValueError:
        return False
    own = urlsplit(settings.SITE_URL).hostname or ""
    return host.removeprefix("www.") == own.removeprefix("www.")


def _is_phone(typed: str) -> bool:
    digits = "".join(filter(str.isalnum, typed)).translate(_AS_DIGITS)
    enough = sum(map(str.isdecimal, typed)) >= _MIN_DIGITS
    return enough and bool(_CALLABLE.fullmatch(digits)) and not _DATE.match(typed)
