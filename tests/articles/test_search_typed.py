"""What somebody typed, read: nothing typed is an error."""

import time

import pytest

from articles.search import typed
from articles.search.typed import Lack


def parts(query):
    """What is wanted and what is not, folded, phrases in quotation marks."""
    read = typed.read(query)
    shown = [" ".join(word.folded for word in part.words) for part in read.wanted]
    quoted = [part.quoted for part in read.wanted]
    wanted = [f'"{text}"' if mark else text for text, mark in zip(shown, quoted, strict=True)]
    return wanted, [" ".join(word.folded for word in part.words) for part in read.unwanted]


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("Thi Đua", ["thi", "dua"], []),
        ('"thi đua" họp', ['"thi dua"', "hop"], []),
        ("“thi đua”", ['"thi dua"'], []),
        ("«thi đua»", ['"thi dua"'], []),
        ('họp "thi đua', ["hop", '"thi dua"'], []),
        ('thi" đua', ["thi", '"dua"'], []),
        ('""', [], []),
        ("họp -thi", ["hop"], ["thi"]),
        ('họp -"thi đua"', ["hop"], ["thi dua"]),
        ("họp - thi", ["hop", "thi"], []),
        ("giảm -5 độ", ["giam", "5", "do"], []),
        ("Nội-Hải", ["noi hai"], []),
        ("18-NQ/TW", ["18 nq tw"], []),
        ("TN&MT, TP.HCM", ["tn mt", "tp hcm"], []),
        ("Nguyễn V.A.", ["nguyen", "v a"], []),
        ("ho\u0300a bi\u0300nh", ["hoa", "binh"], []),
        ("ÐỒNG NAI", ["dong", "nai"], []),
        ("thi\u200b đua\u00ad", ["thi", "dua"], []),
        ("NEAR(a b) OR col:x* ^y", ["near a", "b", "or", "col x", "y"], []),
        ("'; DROP TABLE x; --", ["drop", "table", "x"], []),
        ("a_b", ["a b"], []),
    ],
)
def test_words_phrases_and_what_is_not_wanted(query, wanted, unwanted):
    assert parts(query) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("query", "lack"),
    [
        (None, Lack.EMPTY),
        ("", Lack.EMPTY),
        (" \u200b ", Lack.EMPTY),
        ("\x00", Lack.EMPTY),
        ("...", Lack.WORDLESS),
        ('"" -', Lack.WORDLESS),
        ("😀", Lack.WORDLESS),
        ("-bóng", Lack.ONLY_UNWANTED),
        ('-"bóng đá" -"', Lack.ONLY_UNWANTED),
        ("bóng", None),
    ],
)
def test_what_is_missing_for_a_search(query, lack):
    assert typed.read(query).lacks == lack


def test_a_long_query_is_cut_and_says_so():
    assert not typed.read("chữ " * 32).cut
    read = typed.read("chữ " * 33)
    assert read.cut
    assert len(read.words) == 32
    assert len(typed.read("dài" * 200).text) == typed.MAX_CHARS
    assert typed.read("dài" * 200).cut


@pytest.mark.parametrize("part", ["cau ", '"', '-"', "-a ", "\u0301", "a-", '"a" ', "a\u0301" * 9])
def test_a_megabyte_is_read_at_once(part):
    start = time.process_time()
    read = typed.read(part * (1_000_000 // len(part)))
    assert time.process_time() - start < 0.2
    assert read.cut
    assert len(read.text) <= typed.MAX_CHARS


def test_a_quotation_with_accents_means_these_and_without_any():
    with_accents, without = typed.read('"thi đua" "thi dua"').wanted
    assert with_accents.condition.exact
    assert with_accents.condition.words == ("thi", "đua")
    assert not without.condition.exact
    assert without.condition.words == ("thi", "dua")
