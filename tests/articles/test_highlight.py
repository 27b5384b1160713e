"""Which words of a text a search met."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from articles import highlight
from articles.highlight import SNIPPET_WORDS, Query, Sought, spellings
from articles.search import typed


def sought(query, *texts):
    return highlight.sought(Query.of(typed.read(query)), *texts)


def marked(text, query):
    return highlight.marked(text, sought(query, text))


def snippet(text, query, headline=""):
    return highlight.snippet(text, sought(query, headline, text))


def met(pieces):
    return [text for text, hit in pieces if hit]


def whole(pieces):
    return "".join(text for text, _hit in pieces)


class TestMarks:
    def test_without_accents_typed_words_are_met_whatever_theirs(self):
        pieces = marked("Cụm Thi công, thì đưa", "dua thi")
        assert met(pieces) == ["Thi", "thì đưa"]
        assert whole(pieces) == "Cụm Thi công, thì đưa"

    def test_accents_typed_count_where_the_text_has_them(self):
        assert met(marked("Con bò của bộ", "bò")) == ["bò"]
        assert met(marked("Văn phòng bộ", "bò")) == ["bộ"]

    def test_the_accents_of_the_text_count_for_the_headline_too(self):
        query = sought("bò", "Bộ Y tế", "Đàn bò sữa")
        assert met(highlight.marked("Bộ Y tế", query)) == []

    def test_both_styles_of_tones_are_the_same_accents(self):
        assert met(marked("Xã Hoà Bình", "hòa bình")) == ["Hoà Bình"]

    def test_where_the_words_stand_in_a_row_they_are_met_only_there(self):
        assert met(marked("Kỳ thi và thi đua trên đường đua", "thi đua")) == ["thi đua"]
        assert met(marked("Kỳ thi trên đường đua", "thi đua")) == ["thi", "đua"]

    def test_a_quotation_is_met_as_a_whole(self):
        assert met(marked("Kỳ thi, thi đua rồi đất", '"thi đua" đất')) == ["thi đua", "đất"]
        assert met(marked("Kỳ thi trên đường đua", '"thi đua"')) == []

    def test_numbers_of_documents_are_marked_whole(self):
        assert met(marked("Nghị quyết 18-NQ/TW ngày 18", "18-nq/tw")) == ["18-NQ/TW"]

    def test_what_is_not_wanted_is_never_marked(self):
        assert met(marked("Đất lúa, đất rừng", "đất -lúa")) == ["Đất", "đất"]

    def test_only_whole_words_are_met(self):
        assert met(marked("Thị trường", "thi truon")) == ["Thị"]

    def test_without_words_nothing_is_met(self):
        assert marked("Chữ", "...") == [("Chữ", False)]
        assert highlight.marked("", Sought()) == []


@pytest.fixture
def switching():
    """Threads take turns as often as can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


class TestSnippet:
    def test_it_is_the_sentence_that_holds_the_words_in_a_row(self):
        text = "Kỳ thi trên đường đua.\nAi cũng lo. Phong trào thi đua yêu nước! Hết."
        assert whole(snippet(text, "thi đua")) == "Phong trào thi đua yêu nước!"

    def test_the_accents_typed_come_first(self):
        text = "Nói thì đưa ra. Rồi thi đua thật."
        assert whole(snippet(text, "thi đua")) == "Rồi thi đua thật."
        assert whole(snippet(text, "thi dua")) == "Nói thì đưa ra."

    def test_else_the_sentence_that_meets_most_words(self):
        text = "Đất ở đây. Thi cử về đất? Đất nữa và đất."
        assert whole(snippet(text, "đất thi")) == "Thi cử về đất?"

    def test_initials_and_abbreviations_end_no_sentence(self):
        text = "Ông Nguyễn V. An ở TP. Hồ Chí Minh trồng 18.000 cây lúa. Hết."
        assert whole(snippet(text, "lúa")) == text.removesuffix(" Hết.")

    def test_a_long_sentence_is_cut_around_what_is_met(self):
        filler = "không có gì ở đây cả " * 30
        pieces = snippet(f"đất {filler} giữ đất rồi thi đua ở đây {filler}.", "dat thi dua")
        assert met(pieces) == ["đất", "thi đua"]
        assert whole(pieces).startswith("… ")
        assert whole(pieces).endswith(" …")
        assert len(whole(pieces).split()) <= SNIPPET_WORDS + 2

    def test_the_end_of_a_long_sentence_is_not_cut(self):
        pieces = snippet("không có gì ở đây cả " * 10 + "rồi đất.", "đất")
        assert whole(pieces).endswith("rồi đất.")
        assert len(whole(pieces).split()) == SNIPPET_WORDS + 1

    def test_a_phrase_over_the_end_of_a_sentence_is_marked_in_both(self):
        text = "Mở đầu. Hết kỳ thi.\nĐua xe bắt đầu. Thi công."
        for query in ("thi đua", '"thi đua"'):
            pieces = snippet(text, query)
            assert met(pieces) == ["thi. Đua"]
            assert whole(pieces) == "Hết kỳ thi. Đua xe bắt đầu."

    def test_a_phrase_longer_than_the_snippet_is_marked_as_far_as_it_goes(self):
        phrase = " ".join(f"chữ{number}" for number in range(28))
        pieces = snippet(f"một hai ba bốn năm sáu bảy {phrase} rồi hết. Xong", f'"{phrase}"')
        (marked,) = met(pieces)
        assert phrase.startswith(marked)
        assert len(marked.split()) == SNIPPET_WORDS - highlight.LEAD_WORDS

    def test_none_where_nothing_is_met(self):
        assert snippet("Đất đai", "lúa") == []
        assert snippet("", "lúa") == []

    def test_it_is_the_same_for_readers_who_ask_at_once(self, switching):
        query = Query.of(typed.read("thi đua"))
        for number in range(150):
            text = "".join(f"Câu {each} thi. " for each in range(200)) + f"Câu {number} thi, đua."
            sought = highlight.sought(query, text)  # read, but for its sentences
            with ThreadPoolExecutor(3) as readers:
                asked = [readers.submit(highlight.snippet, text, sought) for _reader in range(3)]
            assert {whole(each.result()) for each in asked} == {f"Câu {number} thi, đua."}

    def test_a_long_text_full_of_hits_takes_no_time(self):
        start = time.process_time()
        snippet("đất đai. " * 10_000, "đất đai " * 16)
        snippet("đất " * 20_000, "đất")
        snippet("Họ tên " + "." * 90_000 + "đất", "đất")
        assert time.process_time() - start < 2


def test_spellings_name_what_was_not_typed_frequent_first():
    lines = [marked("Đất đai và đất đai, dat dai", "dat dai")]
    assert spellings(lines, "dat dai") == ["đất đai"]
