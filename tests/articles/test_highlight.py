"""Which words of a text a search met."""

import time

from articles.highlight import SNIPPET_WORDS, marked, snippet, spellings


def met(pieces):
    return [text for text, hit in pieces if hit]


def whole(pieces):
    return "".join(text for text, _hit in pieces)


def test_words_are_met_whatever_their_accents():
    pieces = marked("Cụm Thi đua, thì đưa", ["thi", "dua"])
    assert met(pieces) == ["Thi đua", "thì đưa"]
    assert whole(pieces) == "Cụm Thi đua, thì đưa"


def test_only_whole_words_are_met():
    assert met(marked("Thị trường", ["thi", "truon"])) == ["Thị"]


def test_without_terms_nothing_is_met():
    assert marked("Chữ", []) == [("Chữ", False)]
    assert marked("", ["a"]) == []


def test_a_snippet_is_the_stretch_that_meets_most_terms():
    filler = "không có gì ở đây cả " * 30
    text = f"đất {filler} giữ đất thi đua ở đây {filler}"
    pieces = snippet(text, ["dat", "thi", "dua"])
    assert met(pieces) == ["đất thi đua"]
    assert whole(pieces).startswith("… ")
    assert whole(pieces).endswith(" …")
    assert len(whole(pieces).split()) <= SNIPPET_WORDS + 2


def test_a_short_text_is_its_own_snippet():
    assert whole(snippet("Đất đai ở quê", ["dat"])) == "Đất đai ở quê"


def test_no_snippet_where_nothing_is_met():
    assert snippet("Đất đai", ["lua"]) == []


def test_spellings_name_what_was_not_typed_frequent_first():
    lines = [marked("Đất đai và đất đai, dat dai", ["dat", "dai"])]
    assert spellings(lines, "dat dai") == ["đất đai"]


def test_a_long_text_full_of_hits_takes_no_time():
    start = time.process_time()
    snippet("đất " * 20_000, ["dat"])
    assert time.process_time() - start < 2
