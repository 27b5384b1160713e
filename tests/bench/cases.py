"""What is measured: bare servers, and the pages of the product beside them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from newsroom import stamps

from .answers import Answer
from .asking import Address, Ask
from .furnishing import SECRETARY
from .pages import Pages, Size
from .server import SITE
from .visitors import cookie_of, filled_forms

HELLO_APP, BARE_APP = "tests.bench.hello:application", "tests.bench.bare:application"
NGINX = "nginx"
HELLO, BARE, AGAIN = "hello world", "bare Django view", "bare Django view again"
FILE = "nginx, from a file"
HOT, HOT_GZIP, HOT_304 = "article, hot", "article, hot, gzip", "article, hot, 304"
# The kinds of the hot answer, with what a browser sends to get them.
PAGE, GZIP, UNCHANGED = "page", "gzip", "304"
TWIN = {HOT: HELLO, HOT_GZIP: f"{HELLO}, gzip", HOT_304: f"{HELLO}, 304"}
ADMIN = "/admin/articles/article/?state=all"


@dataclass(frozen=True)
class Case:
    """What is asked of which application, `answer` being the kind of answer a bare one gives.

    `again`: one request over and over; else each in turn `waves` times, before each wave the
    `stamps` are bumped, so that no page can be an old one. `warm` is asked first and not measured,
    in `warm_waves` of the same kind: a page that nobody has asked for is cold, not the threads that
    make it. `rested`: before a wave the servers had nothing to do. `prepare` makes the requests
    where they are good for one time only.
    """

    name: str
    application: str
    asks: tuple[Ask, ...] = ()
    answer: str = PAGE
    again: bool = False
    waves: int = 1
    stamps: frozenset[str] = frozenset()
    rested: bool = False
    warm: tuple[Ask, ...] = ()
    warm_waves: int = 1
    prepare: Callable[[], list[Ask]] | None = None


def hot_asks(path: str, answers: dict[str, Answer]) -> dict[str, Ask]:
    """Return the requests for the kinds of the hot answer that there are."""
    asks = {PAGE: Ask(path), GZIP: Ask(path, (("Accept-Encoding", "gzip"),))}
    if etag := answers[PAGE].header("ETag"):
        asks[UNCHANGED] = Ask(path, (("If-None-Match", etag),), status=304)
    return asks


def bare(asks: dict[str, Ask], with_nginx: bool) -> list[Case]:
    """Return the cases without the product that come first in each round."""
    hello = {PAGE: HELLO, GZIP: TWIN[HOT_GZIP], UNCHANGED: TWIN[HOT_304]}
    found = [Case(FILE, NGINX, (asks[PAGE],), again=True)] if with_nginx else []
    found.append(Case(BARE, BARE_APP, (asks[PAGE],), again=True))
    found += (Case(hello[kind], HELLO_APP, (ask,), kind, again=True) for kind, ask in asks.items())
    return found


def again(asks: dict[str, Ask]) -> Case:
    """Return the second half of the A/A pair."""
    return Case(AGAIN, BARE_APP, (asks[PAGE],), again=True)


def product(asks: dict[str, Ask], pages: Pages, size: Size, address: Address) -> list[Case]:
    """Return the cases of the product."""
    names = {PAGE: HOT, GZIP: HOT_GZIP, UNCHANGED: HOT_304}
    hot = [Case(names[kind], SITE, (ask,), again=True) for kind, ask in asks.items()]
    return [
        *hot,
        *_articles(pages, size),
        *_lists(pages, size),
        *_searches(pages, size),
        *_forms(pages, size, address),
    ]


def _articles(pages: Pages, size: Size) -> list[Case]:
    (many, warm_many), (usual, warm_usual) = (
        (_asks(paths[: size.cold]), _asks(paths[size.cold :]))
        for paths in (pages.many, pages.usual)
    )
    return [
        Case("article, cold, 50 comments", SITE, many, warm=warm_many),
        Case("article, cold, usual", SITE, usual, warm=warm_usual),
    ]


def _lists(pages: Pages, size: Size) -> list[Case]:
    front, deep = frozenset({stamps.FRONT}), f"section, cold, page {pages.deep_page}"
    lists = front | pages.section_stamps
    one_goes_out = front | set(sorted(pages.section_stamps)[:1])
    shelves = (
        ("home, cold", ("/",), size.home, one_goes_out),
        ("section, cold, page 1", pages.sections, size.waves, lists),
        (deep, pages.deep, size.waves, lists),
        ("place, cold", pages.tags, size.waves, front | pages.tag_stamps),
    )
    home, *others = (_list(*shelf, size) for shelf in shelves)
    return [home, replace(home, name=f"{home.name}, after a rest", rested=True), *others]


def _list(
    name: str, paths: tuple[str, ...], waves: int, bumped: frozenset[str], size: Size
) -> Case:
    asks, warm_waves = _asks(paths), -(-size.warm // max(len(paths), 4))
    return Case(name, SITE, asks, waves=waves, stamps=bumped, warm=asks, warm_waves=warm_waves)


def _searches(pages: Pages, size: Size) -> list[Case]:
    warm = _asks(pages.searches)
    return [
        Case("search, rare", SITE, _asks(pages.rare), warm=warm),
        Case("search, common", SITE, _asks(pages.common), warm=warm),
    ]


def _forms(pages: Pages, size: Size, address: Address) -> list[Case]:
    chance, paths = random.Random(size.cold), pages.forms[: size.cold]
    desk = Ask(ADMIN, (("Cookie", cookie_of(SECRETARY)),))
    return [
        Case("comment form", SITE, _asks(paths), warm=_some(pages.forms, size)),
        Case("comment sent", SITE, prepare=lambda: filled_forms(address, paths, chance)),
        Case("admin, all articles", SITE, (desk,) * (size.cold // 2), warm=(desk,) * size.warm),
    ]


def _asks(paths: tuple[str, ...]) -> tuple[Ask, ...]:
    return tuple(map(Ask, paths))


def _some(paths: tuple[str, ...], size: Size) -> tuple[Ask, ...]:
    return _asks((paths * size.warm)[: size.warm])
