"""What readers and search get from the rules for Vietnamese text."""

import re
import time
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom import vietnamese as vi
from newsroom.vietnamese import cleaning

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)

PROVINCES = """An Giang|Bà Rịa - Vũng Tàu|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương
Bình Định|Bình Phước|Bình Thuận|Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai
Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hồ Chí Minh
Huế|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lạng Sơn|Lào Cai|Lâm Đồng|Long An|Nam Định
Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị
Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|Tiền Giang|Trà Vinh
Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái"""


def nfd(text):
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (nfd("Hà Nội"), "Hà Nội"),
        ("  Hà\u00a0\u00a0Nội \n ", "Hà Nội"),
        ("Thi\u00ad đ\u200bua\ufeff", "Thi đua"),
        ("an\u202eninh\u2069", "anninh"),
        (
            "\u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("a\ufe0fb\u200dc \U0001f600\u200d!", "abc \U0001f600!"),
        ("a\x00b\ud800c\U000e0041", "abc"),
        ("“Tít” – ‘xen’…", "“Tít” – ‘xen’…"),
        ("hoà hòa thuỷ", "hoà hòa thuỷ"),
        ("a\u0301\u0323\u0302\u0308\u0308\u0308", "ậ\u0301"),
        (None, ""),
    ],
)
def test_clean(typed, kept):
    assert vi.clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "letter"),
    [
        ("e\u0302\u0323", "ệ"),  # Windows-1258: the tone behind the letter
        ("ê\u0323", "ệ"),
        ("ẹ\u0302", "ệ"),  # the tone typed first
        ("é\u0302", "ế"),
        ("e\u0301\u0302", "ế"),
        ("a\u0300\u0306", "ằ"),
        ("O\u0309\u031b", "Ở"),
        ("u\u0301\u031b", "ứ"),
        ("ế\u0301", "ế"),  # the same mark twice
        ("ê\u0302", "ê"),
        ("A\u0340", "À"),  # tone marks of older Unicode
        ("A\u0341", "Á"),
    ],
)
def test_marks_in_any_order_make_one_letter(typed, letter):
    assert vi.clean(f"Vi{typed}t") == f"Vi{letter}t"
    assert vi.fold(typed) == vi.fold(letter)
    assert vi.sort_key(typed) == vi.sort_key(letter)


def test_letters_that_are_passed_by_are_those_of_which_nothing_is_cleaned():
    passed = [char for char in map(chr, range(0x11000)) if not cleaning._NOT_PLAIN.search(char)]
    assert set("aàằỵĐơư09 \n.,;“”–…%&<€₫") <= set(passed)
    assert "".join(passed) == cleaning._normalised("".join(passed))
    assert [char for char in passed if cleaning.is_mark(char)] == []
    assert [char for char in passed if char.isspace()] == ["\n", " "]


def test_clean_keeps_paragraphs_where_asked():
    assert vi.clean(" a \r\n\r\n\r\n\r\nb\u2028c\td ", multiline=True) == "a\n\nb\nc d"


@pytest.mark.parametrize(
    "text", ["\u3164", "\u2800 \u200b", "\u115f\u1160\uffa0", "", "\u0301", None]
)
def test_invisible_text_is_no_text(text):
    assert not vi.has_text(text)


@pytest.mark.parametrize("text", ["a", "!", "€", "7", "😀", "đ\u200b"])
def test_visible_text_is_text(text):
    assert vi.has_text(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐƯỜNG Điện Biên Phủ", "duong dien bien phu"),
        ("Ðắk Lắk", "dak lak"),
        ("hoà", "hoa"),
        ("Uỷ Ủy", "uy uy"),
        (nfd("khoẻ"), "khoe"),
        ("18-NQ/TW", "18-nq/tw"),
    ],
)
def test_fold(text, folded):
    assert vi.fold(text) == folded


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("18-NQ/TW", "18-nq-tw"),
        ("TP.HCM", "tp-hcm"),
        ("Đường Điện Biên Phủ", "duong-dien-bien-phu"),
        (nfd("Đắk Lắk"), "dak-lak"),
        ("Bộ Tài nguyên & Môi trường", "bo-tai-nguyen-moi-truong"),
        ("“Tít” – 1.000 đồng…", "tit-1-000-dong"),
        ("Đ", "d"),
        ("!!!", "bai"),
        ("", "bai"),
        ("中文", "bai"),
    ],
)
def test_slug(text, slug):
    assert vi.slug(text) == slug


def test_slug_is_cut_at_a_syllable():
    assert vi.slug("cụm thi đua số một", 12) == "cum-thi-dua"
    assert vi.slug("cụm thi đua số một", 11) == "cum-thi-dua"
    assert vi.slug("n" * 200) == "n" * 80


def test_all_provinces_in_dictionary_order():
    right = re.split(r"[|\n]", PROVINCES)
    assert len(right) == 64  # 63 units, Huế under both its names
    assert sorted(set(right), key=vi.sort_key) == right


def test_letters_before_tones_before_case():
    right = ["ba", "Ba", "bà", "bả", "bã", "bá", "bạ", "ba ba", "bà mạ", "ban", "băm", "bâm", "bbm"]
    assert sorted(set(right), key=vi.sort_key) == right
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(set(alphabet), key=vi.sort_key) == alphabet


def test_signs_before_numbers_before_letters():
    right = ["Cụm – Bộ A", "Cụm 2 – Bộ A", "Cụm 9", "Cụm 10", "Cụm 0123", "Cụm 1234567", "Cụm a"]
    assert sorted(set(right), key=vi.sort_key) == right
    assert vi.sort_key("9" * 300) < vi.sort_key("1" + "0" * 300)


def test_people_are_listed_by_their_given_names():
    right = ["Trần Ái", "Lê Văn An", "Nguyễn An", "Nguyễn Văn An (CTV)", "Ân", "Đỗ Bình", "Lê Hạ"]
    assert sorted(set(right), key=vi.person_sort_key) == right
    assert vi.person_sort_key("Bùi Hà") < vi.person_sort_key("An Hạ")
    assert vi.person_sort_key("(CTV)") == vi.person_sort_key(" (CTV) ")
    assert isinstance(vi.person_sort_key(None), bytes)


def test_search_text_holds_whole_syllables():
    text = vi.search_text("Cụm thi đua", None, "“Hoà Bình”, số_1")
    assert text == " cum thi dua hoa binh so 1 "
    assert " thi dua " in text
    assert vi.search_text("", "…") == " "


def test_search_terms_are_folded_and_bounded():
    assert vi.search_terms("Thi ĐUA thi (18-NQ/TW)") == ["thi", "dua", "18", "nq", "tw"]
    many = vi.search_terms(" ".join(f"t{n}" for n in range(500)) + "x" * 9000)
    assert len(many) == 12
    assert all(len(term) <= 40 for term in vi.search_terms("x" * 9000))
    assert vi.search_terms(None) == []


def test_dates_as_newspapers_print_them():
    at = datetime(2020, 7, 10, 9, 30, tzinfo=UTC)
    assert vi.long_date(at, "time") == "Thứ sáu, 10/7/2020, 16:30 (GMT+7)"
    assert vi.long_date(at, "day") == "Thứ sáu, 10/7/2020"
    assert vi.long_date(at, "none") == ""
    assert vi.short_date(at, "time") == "10/7/2020, 16:30"
    assert vi.short_date(at, "day") == "10/7/2020"
    assert (
        vi.short_date(at, "none") == vi.short_date(None, "time") == vi.long_date(None, "day") == ""
    )


def test_the_day_is_the_one_in_vietnam():
    assert vi.long_date(datetime(2026, 1, 3, 17, 0, tzinfo=UTC), "day") == "Chủ nhật, 4/1/2026"
    assert vi.long_date(date(2026, 1, 5), "time") == "Thứ hai, 5/1/2026"


@pytest.mark.parametrize(
    "typed",
    [
        "10/7/2020",
        "10-07-2020",
        "10.7.2020",
        "10/7/20",
        " 10/07/2020 ",
        "Thứ sáu, 10/7/2020",
        "2020-07-10",
    ],
)
def test_the_day_is_typed_first(typed):
    assert vi.read_date(typed) == (datetime(2020, 7, 10, tzinfo=vi.ZONE), vi.DAY)


@pytest.mark.parametrize(
    "typed",
    [
        "10/07/2020 16:30",
        "10/7/20 16h30",
        "10-7-2020, 16:30:05",
        "thứ sáu, 10/7/2020, 16:30 (GMT+7)",
        "2020-07-10 16:30",
        "2020-07-10T09:30Z",
    ],
)
def test_an_hour_may_stand_behind_the_day(typed):
    moment, precision = vi.read_date(typed)
    assert moment.replace(second=0) == datetime(2020, 7, 10, 9, 30, tzinfo=UTC)
    assert precision == vi.TIME


def test_two_digits_are_a_year_near_ours():
    assert [vi.read_date(f"1/2/{year}")[0].year for year in ("68", "98")] == [2068, 1998]


@pytest.mark.parametrize(
    "typed", ["", "7/2020", "31/2/2020", "13/25/2020", "10/7-2020", "10/7/2020 25:00", "hôm qua"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError):
        vi.read_date(typed)


@given(ANY_TEXT)
def test_clean_and_fold_are_idempotent(text):
    for once in (vi.clean(text), vi.clean(text, multiline=True)):
        assert unicodedata.is_normalized("NFC", once)
    assert vi.clean(vi.clean(text)) == vi.clean(text)
    lines = vi.clean(text, multiline=True)
    assert vi.clean(lines, multiline=True) == lines
    assert vi.fold(vi.fold(text)) == vi.fold(text)


@given(ANY_TEXT, st.integers(1, 90))
def test_slugs_hold_only_their_alphabet(text, length):
    slug = vi.slug(text, length)
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= length


@given(ANY_TEXT, st.text("aăâàáạảãđdĐDeê oơớ", max_size=8))
def test_sort_keys_exist_for_any_text_in_any_form(text, viet):
    assert isinstance(vi.sort_key(text), bytes)
    assert vi.sort_key(viet) == vi.sort_key(nfd(viet))
    assert vi.search_text(viet) == vi.search_text(nfd(viet))


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + "\u0301\u0323" * 100_000,
        "\u0301" * 200_000,
        "\u3164" * 200_000,
        "\n \n" * 70_000,
        " " * 200_000,
        "-" * 200_000,
        "\u200b" * 200_000,
    ],
    ids=["stacked marks", "marks", "fillers", "lines", "spaces", "hyphens", "zero width"],
)
@pytest.mark.parametrize(
    "function",
    [vi.clean, vi.fold, vi.slug, vi.search_text, vi.has_text, vi.old_encoding, vi.person_sort_key],
)
def test_hostile_text_costs_no_time(function, hostile):
    before = time.process_time()
    function(hostile)
    assert time.process_time() - before < 1.5
