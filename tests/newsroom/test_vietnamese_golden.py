"""The golden file: what Vietnamese text becomes, row by row, and the order of names.

`form` is "nfd" where the given text comes decomposed; \\u and \\n are escapes. Slugs of places are
those of the timeline. Lists ("sort", "person") stand in their right order: the collation of ICU,
which the browser asks again below.
"""

import csv
import re
import unicodedata
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from newsroom import vietnamese as vi

GOLDEN = Path(__file__).with_name("vietnamese_golden.csv")
TIMELINE = Path(vi.__file__).parents[2] / "articles/data/province_timeline.csv"
FUNCTIONS = {
    "clean": vi.clean,
    "lines": lambda text: vi.clean(text, multiline=True),
    "fold": vi.fold,
    "slug": vi.slug,
}
KEYS = {"sort": vi.sort_key, "person": vi.person_sort_key}

# The same question to ICU: people by given name, then by the names before it.
ICU = """([kind, names]) => {
  const icu = new Intl.Collator('vi', {numeric: true}).compare;
  const parts = name => {
    const words = name.replace(/\\([^()]*\\)/g, ' ').trim().split(/\\s+/);
    return kind === 'person' ? [words.pop(), words.join(' ')] : [name, ''];
  };
  const compare = (a, b) => icu(parts(a)[0], parts(b)[0]) || icu(parts(a)[1], parts(b)[1]);
  return [Intl.Collator.supportedLocalesOf('vi').length, names.sort(compare)];
}"""


def unescaped(cell):
    cell = cell.replace("\\n", "\n")
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), cell)


def golden_rows():
    """(kind, given, expected) of every row."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        given = unescaped(row["given"])
        if row["form"] == "nfd":
            given = unicodedata.normalize("NFD", given)
        yield row["kind"], given, unescaped(row["expected"])


ROWS = list(golden_rows())
TEXTS = [row for row in ROWS if row[0] in FUNCTIONS]
LISTS = {
    name: [given for _kind, given, _name in rows]
    for name, rows in groupby((row for row in ROWS if row[0] in KEYS), lambda row: (row[0], row[2]))
}


def names_valid_on(day):
    with TIMELINE.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if (row["valid_from"] or "0000") <= day <= (row["valid_to"] or "9999")
        ]
    return {row["name"]: row["slug"] for row in rows}


def test_the_file_is_whole():
    assert len(ROWS) == len(TEXTS) + sum(map(len, LISTS.values())) >= 400
    assert len(set(ROWS)) == len(ROWS)
    by_slug = {vi.clean(given).lower(): slug for kind, given, slug in TEXTS if kind == "slug"}
    for day, count in (("2020-07-10", 63), ("2025-07-01", 34)):
        names = names_valid_on(day)
        assert len(names) == count
        assert {vi.clean(name) for name in LISTS["sort", f"{count} provinces"]} == set(names)
        assert {name: by_slug[name.lower()] for name in names} == names


@pytest.mark.parametrize(("kind", "given", "expected"), TEXTS)
def test_what_a_text_becomes(kind, given, expected):
    assert FUNCTIONS[kind](given) == expected


@pytest.mark.parametrize("name", LISTS, ids=" ".join)
def test_a_list_stands_in_its_order(name):
    key = KEYS[name[0]]
    for before, after in pairwise(LISTS[name]):
        assert key(before) < key(after), (before, after)
    for one in LISTS[name]:
        forms = {key(unicodedata.normalize(form, one)) for form in ("NFC", "NFD")}
        assert len(forms) == 1, one


def test_icu_gives_the_same_order(page):
    for name, names in LISTS.items():
        composed = [unicodedata.normalize("NFC", one) for one in names]
        known, sorted_by_icu = page.evaluate(ICU, [name[0], sorted(composed)])
        assert known, "this browser knows no Vietnamese order"
        assert sorted_by_icu == composed, name
