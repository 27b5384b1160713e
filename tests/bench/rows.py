"""The rows of articles: what the verbs would have written of texts made by `texts`.

Articles are numbered from the oldest. Every tenth has an older version that readers saw for two
hours; two of three have a photo. Of the log there is the line that the desk's list shows.
"""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db.models import Model

from articles.models import Article, ArticleTag, Byline, Publication, Revision
from articles.workflow.placing import MAX_SLUG_CHARS
from newsroom import stamps, vietnamese
from newsroom.models import Event

from . import texts
from .bulk import Row

FIRST_VERSION_LASTED = dt.timedelta(hours=2)
EVERY = 10  # so manieth article has two versions
Tables = dict[type[Model], list[Row]]


@dataclass(frozen=True)
class Archive:
    """What articles are spread over; all of it numbers of rows that are there already."""

    newest: dt.datetime
    apart: dt.timedelta
    sections: list[int]
    provinces: list[int]
    clusters: list[int]
    topics: list[int]
    authors: list[tuple[int, str]]
    photos: list[Any]
    writers: list[int]
    moderator: int
    consent: int


@dataclass
class Making:
    """Where numbering stands, and how often each stamp would have been bumped."""

    archive: Archive
    chance: random.Random
    revisions: Iterable[int] = field(default_factory=lambda: count(1))
    publications: Iterable[int] = field(default_factory=lambda: count(1))
    comments: Iterable[int] = field(default_factory=lambda: count(1))
    bumped: Counter = field(default_factory=Counter)


def articles(making: Making, first: int, end: int, total: int) -> Tables:
    """Return the rows of the articles from number `first` until before `end`, of so many in all."""
    tables: Tables = defaultdict(list)
    for number in range(first, end):
        at = making.archive.newest - (total - number) * making.archive.apart
        _article(making, tables, number, at)
    return tables


def _article(making: Making, tables: Tables, number: int, at: dt.datetime) -> None:
    chance, archive = making.chance, making.archive
    section, writer = chance.choice(archive.sections), chance.choice(archive.writers)
    title, tags = texts.headline(chance), _tags(chance, archive)
    versions = 2 if number % EVERY == 0 else 1
    numbers = [next(making.revisions) for _version in range(versions)]
    signed = chance.sample(archive.authors, chance.randint(1, 2))
    tables[Article].append(_identity(number, section, title, writer, numbers[-1], at))
    for version, pk in enumerate(numbers, 1):
        tables[Revision].append(_revision(making, number, version, pk, title, writer, at))
        tables[Byline] += _bylines(pk, signed)
    tables[Publication] += _publications(making, number, numbers, writer, at)
    tables[ArticleTag] += _taggings(number, tags, at)
    tables[Event].append(_event(number, title, writer, at))
    making.bumped.update([stamps.FRONT, stamps.article(number), stamps.section(section)])
    making.bumped.update(stamps.tag(tag) for tag in tags)
    making.bumped.update(stamps.author(pk) for pk, _name in signed)


def _identity(
    number: int, section: int, title: str, writer: int, newest: int, at: dt.datetime
) -> Row:
    return {
        "id": number,
        "section_id": section,
        "slug": vietnamese.slug(title, MAX_SLUG_CHARS),
        "created_by_id": writer,
        "created_at": at,
        "newest_revision_id": newest,
        "first_public_at": at,
        "source_id": f"bench-{number}",
    }


def _taggings(article: int, tags: list[int], at: dt.datetime) -> Iterable[Row]:
    for tag in tags:
        yield {"article_id": article, "tag_id": tag, "first_public_at": at}


def _revision(
    making: Making, article: int, version: int, pk: int, title: str, writer: int, at: dt.datetime
) -> Row:
    chance = making.chance
    row = {
        "id": pk,
        "article_id": article,
        "number": version,
        "headline": title,
        "standfirst": texts.sentence(chance, 25, 40),
        "body": texts.body(chance),
        "state": Revision.State.APPROVED,
        "saved_by_id": writer,
        "saved_at": at + (version - 1) * FIRST_VERSION_LASTED,
    }
    if article % 3:
        photo = chance.choice(making.archive.photos)
        words = {"alt": photo.alt, "caption": photo.caption, "credit": photo.credit}
        row |= {"photo_id": photo.pk} | {f"photo_{name}": text for name, text in words.items()}
    return row


def _bylines(revision: int, signed: list[tuple[int, str]]) -> Iterable[Row]:
    for position, (author, name) in enumerate(signed):
        yield {"revision_id": revision, "author_id": author, "name": name, "position": position}


def _publications(
    making: Making, article: int, revisions: list[int], writer: int, at: dt.datetime
) -> Iterable[Row]:
    for place, revision in enumerate(revisions):
        starts_at = at + place * FIRST_VERSION_LASTED
        is_last = place == len(revisions) - 1
        yield {
            "id": next(making.publications),
            "article_id": article,
            "revision_id": revision,
            "starts_at": starts_at,
            "ends_at": None if is_last else starts_at + FIRST_VERSION_LASTED,
            "signed_by_id": writer,
        }


def _tags(chance: random.Random, archive: Archive) -> list[int]:
    """One to three places, the first ones more often; a topic; seldom a cluster."""
    places = {
        min(chance.choice(archive.provinces), chance.choice(archive.provinces))
        for _place in range(chance.randint(1, 3))
    }
    found = [*sorted(places), chance.choice(archive.topics)]
    return [*found, chance.choice(archive.clusters)] if chance.random() < 0.05 else found


def _event(article: int, title: str, writer: int, at: dt.datetime) -> Row:
    return {
        "at": at,
        "actor_id": writer,
        "verb": "publish",
        "object_type": "article",
        "object_id": article,
        "object_label": title,
        "from_state": "draft",
        "to_state": "published",
        "data": {"revision": 1, "starts_at": at.isoformat()},
    }
