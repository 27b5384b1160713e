"""One line of an import file: what becomes an item, and why the rest is refused."""

import datetime as dt
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.importing import bylines, lines
from newsroom import vietnamese

GOOD = {
    "source_id": "a-1",
    "title": "Cầu mới thông xe",
    "lead": "Hai xã gần nhau hơn.",
    "body_paragraphs": ["Đoạn một.", "Đoạn hai."],
}


def item(**changes):
    return lines.parse(json.dumps({**GOOD, **changes}).encode())


def test_a_plain_line_becomes_an_item():
    found = item()
    assert (found.source_id, found.headline) == ("a-1", "Cầu mới thông xe")
    assert found.paragraphs == ("Đoạn một.", "Đoạn hai.")
    assert (found.published_at, found.date_precision) == (None, vietnamese.NONE)


@pytest.mark.parametrize("name", ["title", "lead", "body_paragraphs"])
def test_an_old_encoding_is_refused_and_named(name):
    text = "Côm thi ®ua sè 1 - Bé Tµi nguyªn"
    with pytest.raises(lines.Refused, match=rf"{name}.*TCVN3 \(ABC\).*UniKey"):
        item(**{name: ["Đoạn một.", text] if name == "body_paragraphs" else text})


def test_text_is_cleaned_and_empty_paragraphs_fall_away():
    found = item(title=" Ha\u0300 Nội\u200b ", body_paragraphs=["  ", "\u200b", "Một\x00 hai"])
    assert found.headline == "Hà Nội"
    assert found.paragraphs == ("Một hai",)


@pytest.mark.parametrize(
    ("given_date", "precision", "expected"),
    [
        ("2020-07-10", vietnamese.DAY, "2020-07-10T00:00:00+07:00"),
        ("2020-07-10T16:30:00+07:00", vietnamese.TIME, "2020-07-10T16:30:00+07:00"),
        ("2020-07-10T09:30:00Z", vietnamese.TIME, "2020-07-10T16:30:00+07:00"),
        ("2020-07-10T16:30", vietnamese.TIME, "2020-07-10T16:30:00+07:00"),
        ("2020-07-10 16:30:05", vietnamese.TIME, "2020-07-10T16:30:05+07:00"),
        ("2020-07-10T00:00:00+07:00", vietnamese.TIME, "2020-07-10T00:00:00+07:00"),
        ("10/7/2020", vietnamese.DAY, "2020-07-10T00:00:00+07:00"),
        ("10/7/2020 16:30", vietnamese.TIME, "2020-07-10T16:30:00+07:00"),
    ],
)
def test_a_date_keeps_what_it_says(given_date, precision, expected):
    found = item(published_at=given_date)
    assert found.date_precision == precision
    assert found.published_at == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "bad",
    [
        "13/25/2020",
        "2020-13-01",
        "0001-01-01",
        "9999-12-31T23:59:59-12:00",
        "1899-05-05",
        "hôm qua",
    ],
)
def test_a_bad_date_is_refused_and_named(bad):
    with pytest.raises(lines.Refused, match="published_at"):
        item(published_at=bad)


def test_a_date_in_the_future_is_refused():
    tomorrow = dt.datetime.now(vietnamese.ZONE) + dt.timedelta(days=1)
    with pytest.raises(lines.Refused, match="published_at"):
        item(published_at=tomorrow.isoformat())


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None},
        {"title": " \u200b "},
        {"title": 5},
        {"title": "dài " * 200},
        {"source_id": None},
        {"source_id": True},
        {"source_id": ["x"]},
        {"lead": 7},
        {"lead": {"a": 1}},
        {"body_paragraphs": "một đoạn"},
        {"body_paragraphs": ["một", None]},
        {"body_paragraphs": {"0": "một"}},
        {"body_paragraphs": ["x"] * 6000},
        {"lead": "", "body_paragraphs": []},
        {"section": 3},
        {"byline": ["Trung Kiên"]},
        {"published_at": 20200710},
        {"published_at": ["2020-07-10"]},
        {"tags": []},
        {"tags": {"province": "Hà Nội"}},
        {"tags": {"cluster": [{"number": 1}]}},
        {"tags": {"cluster": [{"number": "1", "owner": "Bộ"}]}},
        {"tags": {"cluster": [{"number": True, "owner": "Bộ"}]}},
        {"tags": {"cluster": [{"number": -1, "owner": "Bộ"}]}},
        {"tags": {"cluster": ["Cụm 1"]}},
    ],
)
def test_a_wrong_line_is_refused_with_a_reason(changes):
    with pytest.raises(lines.Refused) as refusal:
        item(**changes)
    assert str(refusal.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b"1" * 5000,
        None,
    ],
)
def test_what_is_no_object_is_refused(raw):
    with pytest.raises(lines.Refused):
        lines.parse(raw)


def test_a_lone_surrogate_and_a_null_byte_do_no_harm():
    raw = b'{"source_id": "a\\u0000", "title": "T\\ud800it", "lead": "x", "body_paragraphs": null}'
    found = lines.parse(raw)
    assert (found.source_id, found.headline) == ("a", "Tit")


def test_tags_are_read():
    cluster = {"form": "cụm", "number": 1, "number_printed": "I", "owner": "Bộ A"}
    found = item(tags={"province": ["Hà Nội", "Hà Nội"], "cluster": [cluster], "topic": ["Đất"]})
    assert found.provinces == ("Hà Nội",)
    assert found.topics == ("Đất",)
    assert found.clusters == (lines.ClusterName("cụm", 1, "I", "Bộ A"),)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_value_in_any_field_is_an_item_or_a_refusal(value):
    for name in (
        "source_id",
        "title",
        "lead",
        "body_paragraphs",
        "section",
        "byline",
        "tags",
    ):
        try:
            lines.parse(json.dumps({**GOOD, name: value}).encode())
        except lines.Refused as refusal:
            assert str(refusal)


def test_plain_and_packed_files_read_the_same(tmp_path):
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_bytes(b"\xef\xbb\xbfmot\nhai")
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbfmot\nhai"))
    assert list(lines.read(plain)) == list(lines.read(packed)) == [(1, b"mot\n"), (2, b"hai")]


def test_an_endless_line_is_skipped_and_the_next_one_read(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 10)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * 35 + b"\nngan\n" + b"y" * 11 + b"\n0123456789\nhet")
    assert list(lines.read(path)) == [
        (1, None),
        (2, b"ngan\n"),
        (3, None),
        (4, None),
        (5, b"het"),
    ]


def test_a_packed_file_that_breaks_off_gives_what_it_has(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"n": %d}\n' % n for n in range(20_000)))
    path.write_bytes(whole[: len(whole) // 2])
    found = list(lines.read(path))
    assert len(found) > 1
    assert found[-1][1] is None


T, P, V, C = bylines.TEXT, bylines.PHOTO, bylines.CAMERA, bylines.COMPILED


@pytest.mark.parametrize(
    ("printed", "credits", "source"),
    [
        ("Trung Kiên – Bá Phúc", [("Trung Kiên", T), ("Bá Phúc", T)], ""),
        ("Trung Kiên - Bá Phúc", [("Trung Kiên", T), ("Bá Phúc", T)], ""),
        ("A & B, C và D; E", [(name, T) for name in "ABCDE"], ""),
        ("Hoàng-Hà", [("Hoàng-Hà", T)], ""),
        ("H.Long", [("H.Long", T)], ""),
        ("Nguyễn V.A.", [("Nguyễn V.A.", T)], ""),
        ("Mộc Miên (Tổng hợp)", [("Mộc Miên", C)], ""),
        ("Lan – Mai (tổng hợp)", [("Lan", C), ("Mai", C)], ""),
        ("Thanh Hương (t / h)", [("Thanh Hương", C)], ""),
        ("Huyền Lê (Theo AFP, SCMP)", [("Huyền Lê", T)], "Theo AFP, SCMP"),
        ("Nhật Linh Theo CNBC", [("Nhật Linh", T)], "Theo CNBC"),
        ("Theo TTXVN", [], "Theo TTXVN"),
        ("Nguồn video: Liveleak", [], "Nguồn video: Liveleak"),
        ("Phương Vũ (Video: Mirror)", [("Phương Vũ", T)], "Video: Mirror"),
        ("Thiết kế: Nguyễn Yến", [], "Thiết kế: Nguyễn Yến"),
        ("Ảnh: Thành Đạt, Minh Tâm", [("Thành Đạt", P), ("Minh Tâm", P)], ""),
        ("Bài: Trung Kiên – Ảnh: Bá Phúc", [("Trung Kiên", T), ("Bá Phúc", P)], ""),
        ("Bài, ảnh: Lan; Quay phim: Mai", [("Lan", T), ("Mai", V)], ""),
        ("Lan – lan – LAN", [("Lan", T)], ""),
        ("", [], ""),
        (" – ", [], ""),
    ],
)
def test_a_printed_byline_is_understood(printed, credits, source):
    found = bylines.split(printed)
    assert [(credit.name, credit.part) for credit in found.credits] == credits
    assert found.source_line == source


def test_what_is_no_name_is_kept_as_the_source():
    sentence = "Mọi thông tin xin gửi về hòm thư của tòa soạn trong giờ hành chính"
    assert bylines.split(sentence) == bylines.Byline((), sentence)


@given(st.text(max_size=300))
def test_any_byline_gives_names_within_bounds(printed):
    found = bylines.split(printed)
    assert all(0 < len(credit.name) <= bylines.MAX_NAME_CHARS for credit in found.credits)
    assert len(found.source_line) <= bylines.MAX_SOURCE_CHARS
