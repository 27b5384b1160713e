"""R31: what reads text takes no more than twice as long for twice as much, and never long.

Measured at what a form takes of it at most. An article's body is the exception: of its 400,000
characters, ten of the longest articles together, MARKUP_SECONDS may be spent.
"""

import time
from contextlib import suppress

import pytest

from articles import highlight, typography
from articles.search import typed
from comments import shown
from comments.models import MAX_TEXT
from comments.spam import weighing
from newsroom import rich_text, vietnamese
from newsroom.fields import MAX_TYPED

SECONDS = 0.05
MARKUP_SECONDS = 2.5
RATIO = 2.5
TOO_SHORT = 0.02  # seconds that say nothing about how they grow

PIECES = [
    *(
        "Nước",
        "a",
        "A",
        "đồng",
        "\u0323\u0301",
        "a\u0323\u0302\u0301",
        "\u200b",
        " ",
        "\r\n",
        " \n",
    ),
    *("-", '"', '"-a ', "<", "&", "(", "a.b", "http://", "09", "Côm ", "®", "\xadA", "\ud800", "İ"),
    *("👩\u200d", "\ufdfa", "ẞ", "…", "=", "0 1 ", "d i t ", "t.e.x.t ", "1/1/", "_", "ạ", "\xa0"),
    *("a@b.vn ", "\ufdd1"),
]
MARKUP = [
    *("<p>a</p>", "<a href='/x'>", "<br>", "[[photo:1]]", "<li>", "<b>", "®", "\xa0é"),
    *(
        "&amp;",
        "&a",
        "&x ",
        "&x;",
        "&ampx",
        "&AMP;",
        "&#38;",
        "&#x26;",
        "&copy;",
        "&copy ",
        "&nbsp;",
    ),
    *(
        "&#169;",
        "<a title='&&&'>b</a>",
        "<a ",
        '<a "',
        '<a ="',
        "<a ='x>",
        f'<a ="x>{"&" * 9_000}">',
    ),
]

QUERY = highlight.Query.of(typed.read('nước "sông hồng" a'))
PLAIN = {
    "clean": (vietnamese.clean, MAX_TYPED),
    "lines": (lambda text: vietnamese.clean(text, multiline=True), MAX_TYPED),
    "has_text": (vietnamese.has_text, MAX_TYPED),
    "old_encoding": (vietnamese.old_encoding, MAX_TYPED),
    "fold": (vietnamese.fold, 5_000),
    "slug": (vietnamese.slug, 5_000),
    "search_text": (vietnamese.search_text, 5_000),
    "words": (vietnamese.words, 5_000),
    "sort_key": (vietnamese.sort_key, 300),
    "person_sort_key": (vietnamese.person_sort_key, 300),
    "read_date": (vietnamese.read_date, 300),
    "query": (typed.read, MAX_TYPED),
    "search_terms": (vietnamese.search_terms, MAX_TYPED),
    "marked": (lambda text: highlight.marked(text, highlight.sought(QUERY, text)), 300),
    "snippet": (lambda text: highlight.snippet(text, highlight.sought(QUERY, text)), 5_000),
    "tied": (typography.tied, 300),
    "headline_parts": (lambda text: typography.headline_parts(text, ["Hà Nội"]), 300),
    "rules on the text": (lambda text: list(weighing._of_text(text)), MAX_TEXT),
    "rules on typing": (lambda text: list(weighing._of_typing(text)), MAX_TYPED),
    "paragraphs": (shown.paragraphs, MAX_TEXT),
}


def took(function, text):
    """The best of three times: other programs only ever add to one."""
    times = []
    for _try in range(3):
        before = time.process_time()
        with suppress(ValueError):  # A refusal is an answer too.
            function(text)
        times.append(time.process_time() - before)
    return min(times)


def slow(function, cap, pieces, seconds):
    """The pieces of which a full text takes too long, or out of proportion to half of it."""
    found = []
    for piece in pieces:
        text = (piece * (cap // len(piece) + 1))[:cap]
        spent = took(function, text)
        if spent > seconds:
            found.append((piece, f"{spent:.3f} s"))
        elif spent > TOO_SHORT and (half := took(function, text[: cap // 2])) * RATIO < spent:
            found.append((piece, f"{spent:.3f} s, half {half:.3f} s"))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", PLAIN)
def test_plain_text(name):
    function, cap = PLAIN[name]
    took(function, "Nước sông Hồng")
    assert slow(function, cap, PIECES, SECONDS) == []


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("function", [rich_text.sanitise, rich_text.photo_ids])
def test_markup(function):
    assert slow(function, rich_text.MAX_BODY_CHARS - 10, PIECES + MARKUP, MARKUP_SECONDS) == []


def test_signs_that_share_a_byte_with_nbsp_are_no_slower():
    text = "®" * (rich_text.MAX_BODY_CHARS - 10)
    assert took(rich_text.sanitise, text) < 1
    assert rich_text.sanitise("<p>«Bắc»\xa0½\ufdd1 °</p>") == "<p>«Bắc» ½ °</p>"


def test_long_words_fill_no_memory():
    """What is remembered of words is bounded in letters, not in words alone."""
    from newsroom.vietnamese import search_words, syllables

    remembered = syllables._is_syllable.cache_info().currsize
    vietnamese.old_encoding(" ".join("é" * (1_000 + n) for n in range(20)))
    assert syllables._is_syllable.cache_info().currsize == remembered
    search_words._word.cache_clear()
    vietnamese.words(" ".join("x" * (1_000 + n) for n in range(20)))
    assert search_words._word.cache_info().currsize == 1
