"""Where words stand in a text: by a pattern just where cutting the text finds them."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import spotting
from articles.spotting import Reading, sentence, wanted
from newsroom import vietnamese

SYLLABLES = "thi thì THI đua ðua đưa hoà hòa Hoa m² số_1 50% a' Đ é".split()
GAPS = (" ", ", ", "\n", ". ", "_", "", "-", "\u00a0", " “")
TEXT = st.lists(st.sampled_from([*SYLLABLES, *GAPS]) | st.text(max_size=3), max_size=30)
QUERY = st.lists(st.sampled_from(SYLLABLES) | st.text(max_size=2), min_size=1, max_size=3)
LONG = "a" * 39


def both(text, words, exact):
    """What the pattern meets, if the text has usual letters alone, and what is found by cutting."""
    sought, reading = wanted(tuple(words), exact=exact), Reading(text)
    return reading.find(sought), list(Reading(text)._counted(sought))


@settings(deadline=None, max_examples=300)
@given(TEXT.map("".join), QUERY.map(" ".join), st.booleans())
@example("thi thi thi", "thi thi", False)
@example("thi. Đua, thì đưa", "thi đua", True)
@example(f"{LONG}ab {LONG} {LONG}a", f"{LONG}a", False)
@example("ﬁn ½ Москва thi", "thi", False)
@example("Москва", "москва", True)
@example("smørre thi Ø ø 🎉thi\x7fthi\x00 o", "o", False)
@example("smørre thi Ø ø", "ø", False)
def test_both_ways_find_the_same(text, query, exact):
    if words := vietnamese.words(query):
        met, found = both(text, words, exact)
        assert met == found


def test_texts_as_they_are_printed_are_not_cut():
    text = "Sáng 5/7, Đảng bộ xã Hoà Bình (m²) – “nghị quyết 18‑NQ/TW”… 50% ₫ €\u00a0é"
    assert Reading(text)._bytes
    assert not Reading("Gặp gỡ 北京")._bytes


def test_places_are_those_of_the_words():
    text = "Kỳ thi. Thì đưa; thi-đua"
    spans = Reading(text).find(wanted(tuple(vietnamese.words("thi dua")), exact=False))
    assert [text[start:end] for start, end in spans] == ["Thì đưa", "thi-đua"]


PUNCTUATED = [
    ". ",
    "…” ",
    ".\n",
    "\n  ",
    "\n\n",
    ".\n \n",
    ".)\n",
    "! ",
    "?\t",
    " TP. ",
    " Đ. ",
    ", ",
]


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from([*SYLLABLES, *PUNCTUATED]), max_size=30).map("".join))
@example("thi\n  đua")
@example("thi.\n \nđua. Hoà")
def test_a_sentence_is_the_same_wherever_one_begins_to_read(text):
    ends = [end.end() for end in spotting._SENTENCE_END.finditer(text)]
    begins = [0, *ends]
    for word in spotting.WORD.finditer(text):
        until = [begin for begin in begins if begin <= word.start()]
        right = text[until[-1] : (ends + [len(text)])[len(until) - 1]]
        for since in until:
            start, end = sentence(text, word.start(), since)
            assert text[start:end].strip() == right.strip()
