"""The addresses that are asked for, found in the archive before anything is measured."""

import datetime as dt
import random
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.utils import timezone

from articles.models import Article, Province, Section
from articles.paging import OLDER, PAGE_SIZE
from newsroom import stamps, vietnamese
from newsroom.keyset import Key

from . import discussing, stories, texts

DEEP = 500


@dataclass(frozen=True)
class Size:
    """How much one round holds."""

    cold: int  # requests of a cold case
    lists: int  # of each kind
    queries: int  # of each kind
    waves: int  # times that lists are made cold, and the front page
    home: int
    warm: int  # requests that are not measured: each thread of each worker answers some


@dataclass(frozen=True)
class Pages:
    """Addresses by what they show, and the stamps of those that are lists."""

    hot: str
    many: tuple[str, ...]  # articles with discussing.MANY comments; behind `cold` those to warm up
    usual: tuple[str, ...]  # so too
    sections: tuple[str, ...]
    deep: tuple[str, ...]  # the same lists, page `deep_page`
    deep_page: int
    tags: tuple[str, ...]
    rare: tuple[str, ...]
    common: tuple[str, ...]
    searches: tuple[str, ...]  # to warm up
    forms: tuple[str, ...]
    section_stamps: frozenset[str]
    tag_stamps: frozenset[str]


def find(articles: int, size: Size, seed: int) -> Pages:
    """Return addresses of pages, the same ones for the same seed."""
    chance = random.Random(seed)
    with_many = [pk for pk in range(2, articles + 1) if discussing.has_many(pk)]
    others = [pk for pk in range(2, articles + 1) if _is_usual(pk, articles)]
    sections, tags = list(Section.objects.order_by("position")), _largest_tags(size.lists)
    deep_page, sections = _deep_page(sections), sections[: size.lists]
    number = size.cold + size.warm
    usual = chance.sample(others, min(number, len(others)))
    return Pages(
        hot=_addresses([1])[0],
        many=_addresses(chance.sample(with_many, min(number, len(with_many)))),
        usual=_addresses(usual),
        sections=tuple(section.get_absolute_url() for section in sections),
        deep=tuple(_page(section, deep_page) for section in sections),
        deep_page=deep_page,
        tags=tuple(tag.get_absolute_url() for tag in tags),
        rare=tuple(_search(vietnamese.fold(phrase)) for phrase in texts.RARE[: size.queries]),
        common=tuple(_search(" ".join(pair)) for pair in _frequent_pairs(size.queries)),
        searches=tuple(map(_search, texts.SELDOM[: size.warm])),
        forms=tuple(f"/binh-luan/{pk}/" for pk in usual),
        section_stamps=frozenset(stamps.section(section.pk) for section in sections),
        tag_stamps=frozenset(stamps.tag(tag.pk) for tag in tags),
    )


def _is_usual(article: int, articles: int) -> bool:
    """Whether it has a few comments, and a text as long as in an archive of any size."""
    return stories.is_long(article, articles) and not discussing.has_many(article)


def _addresses(numbers: list[int]) -> tuple[str, ...]:
    found = Article.objects.select_related("section").in_bulk(numbers)
    return tuple(found[pk].get_absolute_url() for pk in numbers)


def _largest_tags(number: int) -> list[Province]:
    counted = Province.objects.annotate(size=Count("taggings")).order_by("-size", "pk")
    return list(counted[:number])


def _deep_page(sections: list[Section]) -> int:
    """Return the number of the deepest page that is full in each section, DEEP at most."""
    least = min(section.articles.count() for section in sections)
    return max(2, min(DEEP, least // PAGE_SIZE))


def _page(section: Section, number: int) -> str:
    """Return the address of a page, as the button of the page before has it."""
    at: dt.datetime = timezone.now()
    rows = Article.objects.public(at).filter(section=section).order_by("-first_public_at", "-pk")
    before = max(0, min((number - 1) * PAGE_SIZE, rows.count()) - 1)
    key = Key(*rows.values_list("first_public_at", "pk")[before])
    return f"{section.get_absolute_url()}?{urlencode({OLDER: key.spelt()})}"


def _search(query: str) -> str:
    return f"/tim-kiem/?{urlencode({'q': query})}"


def _frequent_pairs(number: int) -> list[tuple[str, str]]:
    frequent = texts.COMMON[: number + 1]
    return list(zip(frequent, frequent[1:], strict=False))
