"""Nasty texts, made anew at each call: what keyboards, copied pages and attackers bring.

Each has a name and says which of its words a person means: those must survive every door.
"""

import random
import re
import unicodedata
from functools import cache
from typing import NamedTuple

SEED = 20261126
GOOD = "Nước sông Hồng rút dần, bà con xã ven đê trở lại đồng."
_WORD = "Hồng"

INVISIBLE = {
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "left to right mark": "\u200e",
    "override": "\u202e",
    "isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "Mongolian separator": "\u180e",
    "grapheme joiner": "\u034f",
    "variation": "\ufe0f",
    "tag letter": "\U000e0041",
    "Hangul filler": "\u3164",
    "music": "\U0001d173",
    "NUL": "\x00",
    "escape": "\x1b[31m",
    "bell": "\x07",
    "delete": "\x7f",
    "C1": "\x9b",
    "half a surrogate": "\ud800",
    "other half": "\udfff",
    "no character": "\uffff",
    "annotation": "\ufff9",
}
# What these are within stays in pieces: a signal to a terminal, and bytes that are no letters.
TORN = {"escape", "half a surrogate", "other half"}
BREAKS = {
    "lone CR": "\r",
    "CR LF": "\r\n",
    "form feed": "\f",
    "vertical tab": "\v",
    "NEL": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "tab": "\t",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
    "Ogham space": "\u1680",
    "thousand spaces": " " * 1_000,
    "thousand breaks": "\n" * 1_000,
}
MARKS = {
    "dot below": "\u0323",
    "acute": "\u0301",
    "circle": "\u20dd",
    "Cyrillic": "\u0488",
    "Thai": "\u0e49",
    "Arabic": "\u064b",
    "Devanagari": "\u093c",
    "two in turn": "\u0323\u0301",
}
SCRIPTS = {
    "Arabic": "مرحبا بالعالم",
    "Hebrew": "שלום עולם",
    "Han": "越南河内",
    "Thai": "กรุงเทพมหานคร",
    "Hangul": "하노이",
    "Khmer": "ភ្នំពេញ",
    "Cyrillic doubles": "Тhоng tаn хã",
    "full width": "ＨＡ　ＮＯＩ",
    "mathematical": "𝐇𝐚̀ 𝐍𝐨̣̂𝐢",
    "Greek": "Αθήνα",
    "longest ligature": "\ufdfa" * 300,
    "dotted I": "İıſKÅ" * 200,
    "sharp s": "ẞß" * 500,
    "family": "👩\u200d👩\u200d👧\u200d👦",
    "flags": "🇻🇳" * 50,
    "skins": "👍🏽" * 50,
    "thousand joined": "\u200d".join(["👩"] * 1_000),
    "private use": "\ue000\U000f0000",
    "digits of others": "٣٤٥ ३४५ ៣៤៥",
    "old encoding": "Côm thi ®ua sè 1 n¨m nay ®¹t kÕt qu¶",
}
SYNTAX = {
    "SQL": "'; DROP TABLE articles_article; --",
    "percent": "%s %d %(x)s %%",
    "braces": "{} {0} {x.y} {{ 7|add:7 }}",
    "wildcards": "% _ * ? \\ [a-z]",
    "quotes": "\"'`“”‘’«»",
    "search": 'NEAR(a b) AND OR NOT "a* ^b {c}: -d +e ( (( "',
    "tsquery": "a & | ! <-> :* b' \\ ''",
    "regular expression": "(a+)+$ [[:alpha:]] \\1 (?i)",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "head of a letter": "Chào\r\nBcc: ai@evil.example\r\n\r\nThư khác",
    "path": "../../etc/passwd\x00.jpg",
    "photo": "[[photo:1]] [[photo:99999999999999999999]]",
    "number": "9" * 400,
    "minus": "-1e309",
    "JSON": '{"a":[1,2,{"b":null}]}',
    "XML": "]]><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "dots": "." * 5_000,
    "brackets": "(" * 5_000,
    "ampersands": "&amp;" * 2_000,
    "addresses": "http://" * 2_000,
    "commas": "a," * 3_000,
}


class Nasty(NamedTuple):
    """One text; `kept` is what of it must still stand after any door that takes it."""

    name: str
    text: str
    kept: str = ""


@cache
def corpus() -> list[Nasty]:
    """All of them but the megabytes."""
    made = [Nasty(form, unicodedata.normalize(form, GOOD), GOOD) for form in ("NFD", "NFKD")]
    made.append(Nasty("tone before circumflex", "H\u006f\u0300\u0302ng Ha\u0300", "Hồng Hà"))
    for name, sign in INVISIBLE.items():
        inside = GOOD.replace(_WORD, sign.join(_WORD))
        meant = "" if name in TORN else GOOD
        made.append(Nasty(f"{name} inside words", inside, meant))
        made.append(Nasty(f"{name} alone", sign))
    for name, sign in BREAKS.items():
        made.append(Nasty(name, f"Hồng{sign}Hà", "Hồng"))
    for name, mark in MARKS.items():
        made.append(Nasty(f"40,000 marks, {name}", f"Ha{mark * 40_000} Nội", "Nội"))
        made.append(Nasty(f"marks everywhere, {name}", f"{mark * 9}".join(GOOD), ""))
    made += [Nasty(name, f"{GOOD} {text}", GOOD) for name, text in (SCRIPTS | SYNTAX).items()]
    made.append(Nasty("noise", _noise(2_000)))
    return made


def huge() -> list[Nasty]:
    """Texts of about a megabyte: refused or cut, and never slowly."""
    million = 1_000_000
    chance = random.Random(SEED)
    return [
        Nasty("a million letters", "a" * million),
        Nasty("a million syllables", "đồng " * (million // 5)),
        Nasty("a million marks", "a" + "\u0323\u0301" * (million // 2)),
        Nasty("a million invisible ones", "\u200b" * million),
        Nasty("a million breaks", "\r" * million),
        Nasty("a million spaces", " " * million),
        Nasty("a million brackets", "<" * million),
        Nasty("a million kinds of noise", "".join(chance.choices(_noise(5_000), k=million))),
    ]


def visible(text: str) -> str:
    """Return what a person reads of a text: tags away, in NFC, without what nobody sees."""
    text = re.sub("<[^<>]*>", " ", text)
    for sign in INVISIBLE.values():
        text = text.replace(sign, "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _noise(length: int) -> str:
    chance = random.Random(SEED)
    return "".join(chr(chance.randrange(1, 0x3000)) for _char in range(length))
