"""Where a line may not break."""

import pytest

from articles.typography import MAX_TOGETHER, NO_BREAK, headline_parts, tied


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Cụm thi đua số 1", "Cụm thi đua số~1"),
        ("ngày 5/7, tháng 6, Kỳ 2", "ngày~5/7, tháng~6, Kỳ~2"),
        ("dài 12 km, 60 ha, 5 %", "dài 12~km, 60~ha, 5~%"),
        ("12 kmở", "12 kmở"),
        ("số nhà", "số nhà"),
        ("bên số 7", "bên số~7"),
        ("Về Bắc Ninh và Bà Rịa - Vũng Tàu", "Về Bắc~Ninh và Bà~Rịa~-~Vũng~Tàu"),
        ("Hải Dương Xanh, Hải Dương", "Hải~Dương Xanh, Hải~Dương"),
        ("", ""),
    ],
)
def test_what_belongs_together_stays_together(typed, printed):
    assert tied(typed) == printed.replace("~", NO_BREAK)


def test_nothing_but_spaces_changes():
    text = "Kỳ họp thứ 5, ngày 5/7: Bắc Ninh chi 12 tỷ đồng cho 60 ha"
    assert tied(text).replace(NO_BREAK, " ") == text


def test_a_short_owner_of_a_cluster_stays_on_one_line():
    owner = "Bộ Tài nguyên & Môi trường"
    assert len(owner) == MAX_TOGETHER
    parts = headline_parts(f"Cụm – {owner} sơ kết", [owner])
    assert parts == [("Cụm – ", False), (owner, True), (" sơ kết", False)]


def test_a_long_owner_may_break():
    owner = "Bộ Tài nguyên và Môi trường cũ"
    assert headline_parts(f"Cụm – {owner}", [owner]) == [(f"Cụm – {owner}", False)]


def test_without_owners_the_headline_is_one_piece():
    assert headline_parts("Tít", []) == headline_parts("Tít", [""]) == [("Tít", False)]
