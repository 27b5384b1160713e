"""What the rules notice in a text: ways out of the page, and how it is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import spam
from comments.spam import links, style
from newsroom import vietnamese


def noticed(text):
    """The rules that give points, in order, with what a moderator sees highlighted."""
    return [(hit.rule, text[hit.start : hit.end]) for hit in links.links(text) if hit.points]


def rules(hits):
    return [hit.rule for hit in hits]


@pytest.mark.attack(21)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xem ở https://vidu.example/a?b=1 nhé", [("link", "https://vidu.example/a?b=1")]),
        ("vào www.vidu.com đi", [("link", "www.vidu.com")]),
        ("vào vidu.com.vn đi", [("link", "vidu.com.vn")]),
        ("vào VIDU.COM/abc đi", [("link", "VIDU.COM/abc")]),
        ("bit.ly/2x3y nè", [("link", "bit.ly/2x3y")]),
        ("vào vidu . com đi", [("hidden_link", "vidu . com")]),
        ("vào vidu [chấm] com đi", [("hidden_link", "vidu [chấm] com")]),
        ("vào vidu chấm com đi", [("hidden_link", "vidu chấm com")]),
        ("vào vidu(dot)net đi", [("hidden_link", "vidu(dot)net")]),
        ("vào vidu. com đi", [("hidden_link", "vidu. com")]),
        ("hxxp://vidu.com/a", [("hidden_link", "hxxp://vidu.com/a")]),
        ("hxxps[:]//vidu.com", [("hidden_link", "hxxps[:]//vidu.com")]),
        ("http : // vidu.com", [("hidden_link", "http : // vidu.com")]),
        ("xn--bo-hja.vn đây", [("hidden_link", "xn--bo-hja.vn")]),
        ("https://xn--bo-hja.vn/x", [("hidden_link", "https://xn--bo-hja.vn/x")]),
        ("t.me/nhomkin", [("handle", "t.me/nhomkin")]),
        ("https://zalo.me/0912345678", [("handle", "https://zalo.me/0912345678")]),
        ("Zalo: hung_vay99 nhé", [("handle", "Zalo: hung_vay99")]),
        ("telegram @soikeovip", [("handle", "telegram @soikeovip")]),
        ("viết về toi.la@vidu.com.vn nhé", [("email", "toi.la@vidu.com.vn")]),
        ("toi.la [at] vidu.com", [("email", "toi.la [at] vidu.com")]),
        ("gọi 0912345678 nhé", [("phone", "0912345678")]),
        ("gọi 0912 345 678 nhé", [("phone", "0912 345 678")]),
        ("gọi 09.12.34.56.78 nhé", [("phone", "09.12.34.56.78")]),
        ("gọi +84 912-345-678 nhé", [("phone", "+84 912-345-678")]),
        ("gọi (024) 3825 1234 nhé", [("phone", "(024) 3825 1234")]),
        ("gọi O9l2 345 678 nhé", [("phone", "O9l2 345 678")]),
        (
            "không chín một hai ba bốn năm sáu bảy tám",
            [("phone", "không chín một hai ba bốn năm sáu bảy tám")],
        ),
        ("khong chin 1 2 ba 4 nam sau 7 8", [("phone", "khong chin 1 2 ba 4 nam sau 7 8")]),
    ],
)
def test_ways_out_of_the_page(text, found):
    assert noticed(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 03.07.2026 12 giờ, 12/08/2025 và 2020-2025, giá 1.250.000 đồng/m2.",
        "Tuyến số 09, khoảng 091 hộ; quyết định số 0345/QĐ-UBND ngày 12.3.2024.",
        "Tổng đài 1900 6017 và 113, 114, 115.",
        "Ở TP.HCM và v.v. Có gì đâu.Com mua rồi. Tôi dùng Zalo cho tiện, nhóm zalo mình vui.",
        "@Nguyễn Văn An: tôi đồng ý. Kính gửi tòa soạn...",
        "một hai ba bốn năm sáu bảy tám chín mười",
        "Xem thêm tại http://testserver/tin/bai-12.html",  # our own page
    ],
)
def test_what_is_none(text):
    assert noticed(text) == []


@pytest.mark.attack(21)
def test_one_link_is_noted_and_three_are_suspect():
    assert not spam.Verdict(tuple(links.links("xem a.com"))).suspect
    assert spam.Verdict(tuple(links.links("a.com, b.com và c.com"))).suspect


@pytest.mark.parametrize(
    "text", ["vidu . com", "hxxp://vidu.com", "xn--bo-hja.vn", "t.me/nhom", "0912 345 678"]
)
def test_each_hidden_way_alone_is_suspect(text):
    assert spam.Verdict(tuple(links.links(text))).suspect


def test_shouting():
    assert rules(style.capitals("ĐƯỜNG SÁ GÌ MÀ NGẬP SUỐT THẾ NÀY")) == ["capitals"]
    assert rules(style.capitals("UBND TP.HCM và Bộ GTVT nói gì về việc này?")) == []
    assert rules(style.capitals("HAY QUÁ")) == []


def test_without_accents():
    assert rules(style.no_accents("duong nay ngap suot ma khong ai lam gi ca")) == ["no_accents"]
    assert rules(style.no_accents("Đường này ngập suốt mà không ai làm gì")) == []
    assert rules(style.no_accents("This street is flooded whenever there are heavy rains")) == []
    assert rules(style.no_accents("hay qua")) == []


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("đồ ng\u200bu", "U+200B"),
        ("abc\u202edef", "U+202E"),
        ("\u2066abc\u2069", "U+2066, U+2069"),
        ("chào\U000e0041\U000e0042 bạn", "U+E0041, U+E0042"),
        ("Chào bạn\u200b nhé", None),  # comes along with copied text
        ("\ufeffChào bạn", None),
        ("Vui quá \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f", None),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
    ],
)
def test_what_nobody_sees(typed, found):
    assert [hit.found for hit in style.unseen(typed)] == ([found] if found else [])


@pytest.mark.attack(13)
def test_marks_are_capped_and_noticed():
    typed = "a" + "\u0301\u0316\u033d" * 200 + " Z" + "\u0308" * 500
    kept = vietnamese.clean(typed, multiline=True)
    assert len(kept) <= 2 * (1 + vietnamese.MAX_MARKS) + 1
    assert rules(style.stacked(typed)) == rules(style.stacked(kept)) == ["stacked"]
    assert rules(style.stacked("Tiếng Việt gõ tổ hợp: tie\u0302\u0301ng Vie\u0302\u0323t")) == []


class TestWords:
    """What the moderator reads."""

    def test_each_rule_has_its_words(self):
        assert spam.describe(spam.Hit("phone", 30, "0912")) != "phone (+30)"
        assert "+30" in spam.describe(spam.Hit("phone", 30, "0912"))
        assert "đồ ngu" in spam.describe({"rule": "word", "points": 0, "found": "đồ ngu"})

    def test_what_is_not_known_any_more_is_named(self):
        assert spam.describe({"rule": "of-old", "points": 3}).startswith("of-old")

    def test_a_text_is_cut_where_something_was_noticed(self):
        rows = [
            {"rule": "link", "points": 15, "found": "", "start": 4, "end": 9},
            {"rule": "word", "points": 15, "found": "ngu", "start": 6, "end": 12},
            {"rule": "fast", "points": 20, "found": "", "start": None, "end": None},
            {"rule": "phone", "points": 20, "found": "", "start": 90, "end": 99},
        ]
        pieces = spam.pieces("vào abcde fghi", rows)
        assert [piece.text for piece in pieces] == ["vào ", "ab", "cde", " fg", "hi"]
        assert [len(piece.notes) for piece in pieces] == [0, 1, 2, 1, 0]

    def test_an_empty_text_has_no_pieces(self):
        assert spam.pieces("", [{"rule": "link", "points": 15, "start": 0, "end": 4}]) == []


SIGNS = st.sampled_from(list("09a.: /@-[]()hwtps") + ["http://", "chấm", " . com", "xn--", "zalo "])
TEXTS = st.lists(st.one_of(SIGNS, st.characters(codec="utf-8")), max_size=60).map("".join)


@given(TEXTS)
def test_every_place_lies_in_the_text(text):
    hits = [*links.links(text), *style.capitals(text), *style.no_accents(text)]
    hits += [*style.unseen(text), *style.stacked(text)]
    for hit in hits:
        assert hit.start is None or 0 <= hit.start < hit.end <= len(text)
    rows = list(spam.Verdict(tuple(hits)).rows)
    assert "".join(piece.text for piece in spam.pieces(text, rows)) == text


def seconds(text):
    """What the rules cost this process."""
    start = time.process_time()
    for rule in (links.links, style.no_accents, style.unseen, style.stacked):
        list(rule(text))
    return time.process_time() - start


@pytest.mark.parametrize(
    "part", ["a.", "a . ", "http://", "0912 ", "xn--", "zalo ", "a@", "không ", "a-", "[", "\u0301"]
)
def test_hostile_text_costs_time_in_proportion_to_its_length(part):
    short, long = part * (10_000 // len(part)), part * (100_000 // len(part))
    seconds(short)
    assert seconds(long) <= 40 * max(seconds(short), 0.001)
