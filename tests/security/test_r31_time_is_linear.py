"""R31: what reads text takes no more than twice as long for twice as much, and never long.

Each function is timed by the processor, with nothing remembered of other texts, at the most it is
ever given and at half of that, on each nasty shape of text. The ratio is at most RATIO wherever
the time can be measured.

What any visitor may send, a comment or a query, and whatever is typed into a plain field takes
SECONDS at most. The issue means its 50 ms for that. Of an article, which an editor wrote, a search
reads 100,000 characters in FOUND_SECONDS at most, each time a visitor asks. The 400,000 characters
of an article's body, ten of the longest articles together, are an editor's and are read once at
each save: BODY_SECONDS for what reads them, MARKUP_SECONDS for what cleans them.
"""

import gc
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from itertools import count
from types import ModuleType
from typing import NamedTuple

import pytest
from django.utils.safestring import SafeString

import articles.search
import comments.spam
from articles import highlight, spotting, typography
from articles.search import entries, suggesting, typed
from comments import shown
from comments.models import MAX_EMAIL, MAX_NAME, MAX_TEXT, Comment
from comments.spam import (
    doubles,
    links,
    lookalikes,
    marking,
    origin,
    phrases,
    style,
    tokens,
    watched,
    weighing,
)
from newsroom import rich_text, vietnamese
from newsroom.fields import MAX_TYPED
from newsroom.rich_text import blocks, nesting, stand_ins
from newsroom.vietnamese import cleaning, syllables
from tests.security.once import once

SECONDS = 0.05
FOUND_SECONDS = 0.1
BODY_SECONDS = 1.0
MARKUP_SECONDS = 2.5
RATIO = 2.5
TRIES, AGAIN = 2, 3
MEASURABLE, WELL_MEASURABLE, MOST_CALLS = 0.002, 0.05, 200
TOO_SHORT = 0.02  # seconds that say nothing about how they grow where others have the machine

MAX_LINE, MAX_PARAGRAPH = 300, 5_000  # of a headline, of a standfirst
MAX_BODY = rich_text.MAX_BODY_CHARS - 10

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
    *("a@b.vn ", "\ufdd1", "\U000e0041", "a\U000e0041a", "a\u200b", "ngu ", "đ ồ n g u ", "n*u "),
    *("a ", "a. ", "a.\n", "nước ", "nước sông hồng ", "sông hồng. ", "½ nước ", "e\u0301\u0302 "),
    *("0123456789", "zalo ", "abc . com ", "không một ", "@$€", "x!"),
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
    *("<p>[[photo:1]]</p>", "<p>nước </p>", "<h2>[[photo:1]]</h2>", "<td>", "<p><br>"),
    *("<strong><em><s>a</s></em></strong>", f'<a href="/{"x" * 1_900}">a</a>'),
    f"<p>{'<strong><em>' * 12}[[photo:1]]{'</em></strong>' * 12}</p>",
]
# What begins and never ends, and what says something else each time.
BEGUN = [
    "<a",
    "<a ",
    "<a x='",
    "</p",
    "&#",
    "&#x",
    "&",
    "[[photo:",
    "<!--",
    "http://a",
    "0",
    "h**p",
]
FILLED = ["a", "9", "x ", "<a"]


def _digits(number: int) -> str:
    """Return a number as a word of letters, with a mark."""
    return "ế" + "".join("aăbcdđeêgh"[int(digit)] for digit in str(number))


def _all_different(write: Callable[[int], str]) -> Callable[[int], str]:
    def text(length: int) -> str:
        words, size, numbers = [], 0, count(length)
        while size < length:
            words.append(write(next(numbers)))
            size += len(words[-1]) + 1
        return " ".join(words)[:length]

    return text


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def _begun(head: str, filling: str) -> Callable[[int], str]:
    return lambda length: (head + _repeated(filling)(length))[:length]


SHAPES = {repr(piece)[:40]: _repeated(piece) for piece in PIECES}
SHAPES |= {
    "words, all different": _all_different(_digits),
    "numbers, all different": _all_different(str),
    "long words, all different": _all_different(lambda number: _digits(number) * 9),
    "sentences, all different": _all_different(lambda number: f"Nước {_digits(number)}."),
}
SHAPES |= {f"{head!r} and many {fill!r}": _begun(head, fill) for head in BEGUN for fill in FILLED}
BODIES = SHAPES | {repr(piece)[:40]: _repeated(piece) for piece in MARKUP}
BODIES["a long link around photos"] = _begun(f'<p><a href="/{"x" * 1_900}">', "[[photo:1]]")

QUERY = highlight.Query.of(typed.read('nước "sông hồng" a'))
LISTED = [phrases.Phrase(text, 20) for text in ("đồ ngu", "dit", "a a a", "ngu", "Nước", "a ế")]
PHRASES = phrases.Phrases(LISTED)
FIGURE = SafeString("<figure><img src='/anh/x-264.webp' alt='x'></figure>")


class Reader(NamedTuple):
    """A function that reads text, the most it is given, and how it is asked."""

    reads: Callable
    cap: int
    call: Callable[[str], object] | None = None
    seconds: float = SECONDS

    def __call__(self, text: str) -> object:
        return (self.call or self.reads)(text)

    @property
    def name(self) -> str:
        return _name(self.reads)


def _name(function: Callable) -> str:
    function = inspect.unwrap(function)
    return f"{function.__module__}.{function.__qualname__}"


def _weighed(text: str) -> object:
    comment = Comment(name=text[:MAX_NAME], text=text[:MAX_TEXT])
    return weighing.weigh(comment, weighing.Circumstances(raw=text))


def _snippet(text: str) -> object:
    return highlight.snippet(text, highlight.sought(QUERY, text))


def _pieces_of(text: str) -> object:
    return [("Nước", True), (text, True)]


ASKED = highlight.Sought(None, highlight.sought(QUERY, "").parts)
PLAIN = [
    Reader(cleaning.clean, MAX_TYPED),
    Reader(cleaning.clean, MAX_TYPED, lambda text: vietnamese.clean(text, multiline=True)),
    Reader(cleaning.normalise, MAX_TYPED),
    Reader(cleaning.has_text, MAX_TYPED),
    Reader(vietnamese.old_encoding, MAX_TYPED),
    Reader(vietnamese.fold, MAX_PARAGRAPH),
    Reader(vietnamese.slug, MAX_PARAGRAPH),
    Reader(vietnamese.search_text, MAX_PARAGRAPH),
    Reader(vietnamese.words, MAX_PARAGRAPH),
    Reader(syllables.is_syllable, MAX_TYPED),
    Reader(vietnamese.sort_key, MAX_LINE),
    Reader(vietnamese.person_sort_key, MAX_LINE),
    Reader(vietnamese.read_date, MAX_LINE),
    Reader(vietnamese.search_terms, MAX_TYPED),
    Reader(typed.read, MAX_TYPED),
    Reader(highlight.marked, MAX_LINE, lambda text: highlight.marked(text, ASKED)),
    Reader(
        highlight.sought,
        highlight.MAX_SCANNED_CHARS,
        lambda text: highlight.sought(QUERY, text),
        FOUND_SECONDS,
    ),
    Reader(highlight.snippet, highlight.MAX_SCANNED_CHARS, _snippet, FOUND_SECONDS),
    Reader(
        highlight.spellings, MAX_LINE, lambda text: highlight.spellings([_pieces_of(text)], text)
    ),
    Reader(
        spotting.sentence,
        highlight.MAX_SCANNED_CHARS,
        lambda text: spotting.sentence(text, len(text) // 2, 0),
    ),
    Reader(typography.tied, MAX_PARAGRAPH),
    Reader(
        typography.headline_parts,
        MAX_LINE,
        lambda text: typography.headline_parts(text, ["Hà Nội"]),
    ),
    Reader(shown.paragraphs, MAX_TEXT),
    Reader(weighing.weigh, MAX_TYPED, _weighed),
    Reader(weighing.weigh_text, MAX_TEXT),
    Reader(doubles.text_hash, MAX_TEXT),
    Reader(
        doubles.bands,
        MAX_TEXT,
        lambda text: doubles.bands(doubles._pairs(vietnamese.search_text(text).split())),
    ),
    Reader(links.links, MAX_TEXT),
    Reader(style.capitals, MAX_TEXT),
    Reader(style.no_accents, MAX_TEXT),
    Reader(style.unseen, MAX_TYPED),
    Reader(style.stacked, MAX_TYPED),
    Reader(tokens.tokens, MAX_TEXT),
    Reader(tokens.read, MAX_TEXT),
    Reader(tokens.masked, tokens.MAX_WORD),
    Reader(tokens.squeezed, tokens.MAX_WORD),
    Reader(lookalikes.plain, tokens.MAX_WORD),
    Reader(lookalikes.unsigned, tokens.MAX_WORD),
    Reader(phrases.Phrases.find, MAX_TEXT, PHRASES.find),
    Reader(watched.words, MAX_TEXT, lambda text: list(watched.words(text[:MAX_NAME], text))),
    Reader(watched.has_words, MAX_LINE),
    Reader(
        marking.pieces, MAX_TEXT, lambda text: marking.pieces(text, weighing.weigh_text(text).rows)
    ),
    Reader(origin.email_hash, MAX_EMAIL),
]
# Of what is typed into the editor, as it came.
TYPED_BODIES = [
    Reader(rich_text.sanitise, MAX_BODY, seconds=MARKUP_SECONDS),
    Reader(nesting.exceeds, MAX_BODY, lambda text: nesting.exceeds(text, 30, 100), BODY_SECONDS),
    Reader(stand_ins.hide, MAX_BODY, seconds=BODY_SECONDS),
    Reader(stand_ins.show, MAX_BODY, seconds=BODY_SECONDS),
    Reader(rich_text.photo_ids, MAX_BODY, seconds=BODY_SECONDS),
    Reader(rich_text.plain_text, MAX_BODY, seconds=BODY_SECONDS),
]
# Of what was stored.
STORED_BODIES = [
    Reader(rich_text.plain_text, MAX_BODY, seconds=BODY_SECONDS),
    Reader(rich_text.rough_text, MAX_BODY, seconds=BODY_SECONDS),
    Reader(blocks.arrange, MAX_BODY, seconds=BODY_SECONDS),
    Reader(rich_text.photo_ids, MAX_BODY, seconds=BODY_SECONDS),
    Reader(
        rich_text.render,
        MAX_BODY,
        lambda text: rich_text.render(text, lambda _number: FIGURE),
        BODY_SECONDS,
    ),
    Reader(
        rich_text.render,
        MAX_BODY,
        lambda text: rich_text.render(text, lambda _number: ""),
        BODY_SECONDS,
    ),
]
# Of the words of what was stored.
WORDS_OF_BODIES = [
    Reader(
        cleaning.clean, MAX_BODY, lambda text: vietnamese.clean(text, multiline=True), BODY_SECONDS
    ),
    Reader(cleaning.normalise, MAX_BODY, seconds=BODY_SECONDS),
    Reader(vietnamese.words, MAX_BODY, seconds=BODY_SECONDS),
    Reader(vietnamese.old_encoding, MAX_BODY, seconds=BODY_SECONDS),
    Reader(
        entries.entry, MAX_BODY, lambda text: entries.entry(1, "a", [text], [], []), BODY_SECONDS
    ),
    Reader(
        suggesting._printed,
        MAX_BODY,
        lambda text: suggesting._printed(text, ["a", "zz"]),
        BODY_SECONDS,
    ),
]
EVERY = [*PLAIN, *TYPED_BODIES, *STORED_BODIES, *WORDS_OF_BODIES]

LOOKED_THROUGH = (
    vietnamese,
    rich_text,
    highlight,
    spotting,
    typography,
    articles.search,
    comments.spam,
)
_DATABASE = "asks the database; the text it takes is read by what is timed"
_NO_TEXT = "what is passed is no text: a name, a character, a word of our own"
NOT_TIMED = {
    "articles.search.desk.at_desk": _DATABASE,
    "articles.search.doubles.alike": _DATABASE,
    "articles.search.filters.read": _DATABASE,
    "articles.search.fts5.headed": "words that were read already",
    "articles.search.fts5.near": _DATABASE,
    "articles.search.tsearch.near": _DATABASE,
    "comments.spam.describing.describe": "a rule's name and what it found, 80 characters",
    "newsroom.rich_text.editor.EditorWidget.get_context": _NO_TEXT,
    "newsroom.rich_text.rendering.safe": "marks, and reads nothing",
    "newsroom.vietnamese.cleaning.is_mark": _NO_TEXT,
    "newsroom.vietnamese.dates.long_date": _NO_TEXT,
    "newsroom.vietnamese.dates.short_date": _NO_TEXT,
}


def _modules() -> Iterator[ModuleType]:
    for one in LOOKED_THROUGH:
        yield one
        for found in pkgutil.iter_modules(getattr(one, "__path__", [])):
            yield import_module(f"{one.__name__}.{found.name}")


def _public(holder: object, module: str) -> Iterator[Callable]:
    """Yield the functions and methods without an underscore that were written in a module."""
    for name, found in vars(holder).items():
        if name.startswith("_") or inspect.isbuiltin(found):
            continue
        found = inspect.unwrap(getattr(found, "__func__", found))
        if inspect.isclass(found) and found.__module__ == module:
            yield from _public(found, module)
        elif inspect.isfunction(found) and found.__module__ == module:
            yield found


def _takes_text(function: Callable) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any("str" in str(each.annotation) for each in parameters)


def test_every_public_function_that_takes_text_is_timed():
    found = {
        _name(function)
        for module in _modules()
        for function in _public(module, module.__name__)
        if _takes_text(function)
    }
    timed = {reader.name for reader in EVERY}
    assert found - timed - NOT_TIMED.keys() == set()
    assert NOT_TIMED.keys() - found == set(), "no longer there"
    assert NOT_TIMED.keys() & timed == set()


@cache
def _remembering() -> list[Callable]:
    """Return what remembers a bounded number of texts or words; what is made once is not."""
    found = [one for module in _modules() for one in vars(module).values()]
    found = [one for one in found if hasattr(one, "cache_parameters")]
    return [one for one in found if one.cache_parameters()["maxsize"] is not None]


def one_call(function: Callable, text: str) -> float:
    """Return the seconds of the processor that one call takes, nothing being remembered.

    Without Python's search for cycles: it goes through all the program holds, now and then.
    """
    for remembering in _remembering():
        remembering.cache_clear()
    gc.disable()
    before = time.thread_time()
    with suppress(ValueError):  # A refusal is an answer too.
        made = function(text)
        if isinstance(made, Iterator):
            list(made)
    spent = time.thread_time() - before
    gc.enable()
    return spent


def took(function: Callable, text: str, least: float = MEASURABLE) -> float:
    """Return the same of several tries, the best: other programs only ever add to one.

    What is too short to be measured is done many times over.
    """
    best = float("inf")
    for _try in range(TRIES):
        total = calls = 0
        while total < least and calls < MOST_CALLS:
            total += one_call(function, text)
            calls += 1
        best = min(best, total / calls)
    return best


class Timed(NamedTuple):
    """The longest a function took, on which shape; the highest ratio; and what was too much."""

    seconds: float = 0.0
    shape: str = ""
    ratio: float = 0.0
    wrong: tuple[str, ...] = ()

    def and_at(self, shape: str, whole: float, half: float, limit: float) -> "Timed":
        """Return the same with another measurement."""
        # Of what is done in two thousandths of a second, the memory's own steps are most.
        ratio = whole / half if whole >= MEASURABLE else 0.0
        wrong = list(self.wrong)
        if whole > limit:
            wrong.append(f"{shape}: {whole:.3f} s")
        if ratio > RATIO:
            wrong.append(f"{shape}: {whole * 1000:.2f} ms, of half {half * 1000:.2f} ms")
        slower = (whole, shape) if whole > self.seconds else (self.seconds, self.shape)
        return Timed(*slower, max(ratio, self.ratio), tuple(wrong))


def measured(reader: Reader, whole: str, half: str) -> tuple[float, float]:
    """Return what a text and half of it take; what is too much is asked again, for longer."""
    seconds, of_half = took(reader, whole), took(reader, half)
    for _again in range(AGAIN):
        if seconds <= min(RATIO * of_half, reader.seconds):
            break
        seconds = took(reader, whole, WELL_MEASURABLE)
        of_half = took(reader, half, WELL_MEASURABLE)
    return seconds, of_half


def _warm(reader: Reader) -> None:
    """Let what is made once be made before anything is timed."""
    one_call(reader, "Nước sông Hồng ½ http://a.vn")


def _told(reader: Reader, timed: Timed) -> str:
    where = reader.name.removeprefix("newsroom.")
    spent = f"{timed.seconds * 1000:.1f} ms of {reader.cap:,} characters ({timed.shape})"
    return f"{where}: {spent}, twice the text {timed.ratio:.2f} times as long"


def _ids(reader: Reader) -> str:
    return reader.name.rpartition("newsroom.")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("reader", PLAIN, ids=_ids)
def test_plain_text(reader):
    """At the most it is given; others may have the machine, so how it grows is asked below."""
    _warm(reader)
    slow = []
    for shape, write in SHAPES.items():
        text = write(reader.cap)
        if all(one_call(reader, text) > reader.seconds for _try in range(TRIES)):
            slow.append(shape)
        elif one_call(reader, text) > TOO_SHORT:
            whole, half = measured(reader, text, text[: reader.cap // 2])
            slow += [shape] if whole > RATIO * half else []
    assert slow == []


@pytest.mark.django_db
@once
@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("reader", PLAIN, ids=_ids)
def test_plain_text_grows_in_line(reader, record_property):
    _warm(reader)
    timed = Timed()
    for shape, write in SHAPES.items():
        whole, half = measured(reader, write(reader.cap), write(reader.cap)[: reader.cap // 2])
        timed = timed.and_at(shape, whole, half, reader.seconds)
    record_property("measured", _told(reader, timed))
    assert timed.wrong == ()


def stored(write: Callable[[int], str]) -> tuple[str, str]:
    """Return a body as it is stored, as long as one can be, and one of half as much."""
    with suppress(rich_text.BadBody):
        growth = max(len(rich_text.sanitise(write(2_000))) / 2_000, 1)
        for room in (1.02, 1.2, 2, 5):
            length = int(MAX_BODY / growth / room)
            with suppress(rich_text.BodyTooLong):
                return rich_text.sanitise(write(length)), rich_text.sanitise(write(length // 2))
    return "", ""


@once
@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("kind", ["typed", "stored", "words"])
def test_bodies(kind, record_property):
    readers = {"typed": TYPED_BODIES, "stored": STORED_BODIES, "words": WORDS_OF_BODIES}[kind]
    timed = {reader: Timed() for reader in readers}
    for reader in readers:
        _warm(reader)
    for shape, write in BODIES.items():
        texts = _texts(kind, write)
        for reader in readers:
            taken = measured(reader, *texts)
            timed[reader] = timed[reader].and_at(shape, *taken, reader.seconds)
    for reader, found in timed.items():
        record_property("measured", f"of bodies {kind}: {_told(reader, found)}")
    assert [(reader.name, found.wrong) for reader, found in timed.items() if found.wrong] == []


def _texts(kind: str, write: Callable[[int], str]) -> tuple[str, str]:
    if kind == "stored":
        return stored(write)
    texts = write(MAX_BODY), write(MAX_BODY // 2)
    if kind == "typed":
        return texts
    return tuple(vietnamese.clean(text, multiline=True) for text in texts)


def test_signs_that_share_a_byte_with_nbsp_are_no_slower():
    text = "®" * (rich_text.MAX_BODY_CHARS - 10)
    assert one_call(rich_text.sanitise, text) < 1
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
