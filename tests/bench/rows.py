"""The rows of articles: what the verbs would have written of texts taken from the pool.

Articles are numbered from the oldest. Every tenth has an older version that readers saw for two
hours; two of three have a photo. Of the log there is the line that the desk's list shows.
"""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db.models import Model

from articles.models import Article, ArticleTag, Byline, Publication, Revision, SearchEntry
from articles.search import indexing
from articles.search.entries import place_of
from articles.workflow.placing import MAX_SLUG_CHARS
from newsroom import stamps, vietnamese
from newsroom.models import Event, Stamp

from . import texts
from .bulk import Row
from .searching import Text
from .stories import Pool

FIRST_VERSION_LASTED = dt.timedelta(hours=2)
EVERY = 10  # so manieth article has two versions
AT_HOME = 0.3  # so many articles come from the first place, where the newsroom sits
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
    """Where numbering stands, and how often each stamp of many articles would have been bumped."""

    archive: Archive
    pool: Pool
    chance: random.Random
    revisions: Iterator[int] = field(default_factory=lambda: count(1))
    publications: Iterator[int] = field(default_factory=lambda: count(1))
    comments: Iterator[int] = field(default_factory=lambda: count(1))
    bumped: Counter = field(default_factory=Counter)


@dataclass(frozen=True)
class Placed:
    """An article, with what all of its versions have in common."""

    number: int
    at: dt.datetime
    section: int
    headline: str
    writer: int
    signed: list[tuple[int, str]]
    tags: list[int]

    def facets(self) -> list[str]:
        """Return what the search narrows to."""
        authors = [indexing.author(pk) for pk, _name in self.signed]
        place = [indexing.section(self.section), indexing.DATED]
        return [*authors, *place, *map(indexing.tag, self.tags), indexing.SHOWN]

    def stamps(self) -> Iterator[str]:
        """Yield the stamps that others bump too."""
        yield from (stamps.FRONT, stamps.section(self.section))
        yield from map(stamps.tag, self.tags)
        yield from (stamps.author(pk) for pk, _name in self.signed)


def articles(making: Making, first: int, end: int) -> tuple[Tables, list[Text]]:
    """Return the rows of the articles from number `first` until before `end`, and their texts."""
    tables: Tables = defaultdict(list)
    found: list[Text] = []
    for number in range(first, end):
        article = _placed(making, number)
        found += _article(making, tables, article)
        making.bumped.update(article.stamps())
    return tables, found


def _placed(making: Making, number: int) -> Placed:
    chance, archive = making.chance, making.archive
    return Placed(
        number,
        at=archive.newest - (making.pool.total - number) * archive.apart,
        section=chance.choice(archive.sections),
        headline=texts.headline(chance),
        writer=chance.choice(archive.writers),
        signed=chance.sample(archive.authors, chance.randint(1, 2)),
        tags=_tags(chance, archive),
    )


def _article(making: Making, tables: Tables, article: Placed) -> Iterator[Text]:
    versions = 2 if article.number % EVERY == 0 else 1
    numbers = [next(making.revisions) for _version in range(versions)]
    tables[Article].append(_identity(article, numbers[-1]))
    tables[Publication] += _publications(making, article, numbers)
    tables[ArticleTag] += _taggings(article)
    tables[Event].append(_event(article))
    tables[Stamp].append({"key": stamps.article(article.number)})
    for version, pk in enumerate(numbers, 1):
        story = making.pool.story(article.number, making.chance)
        ending = making.pool.ending(making.chance)
        row = _revision(making, article, version, pk)
        row |= {"standfirst": story.standfirst, "body": story.body + ending.html}
        tables[Revision].append(row)
        tables[Byline] += _bylines(pk, article)
        place = place_of(article.at, pk)
        tables[SearchEntry].append({"revision_id": pk, "place": place})
        names = [name for _pk, name in article.signed]
        yield Text(place, article.headline, story, ending, names, article.facets())


def _identity(article: Placed, newest: int) -> Row:
    return {
        "id": article.number,
        "section_id": article.section,
        "slug": vietnamese.slug(article.headline, MAX_SLUG_CHARS),
        "created_by_id": article.writer,
        "created_at": article.at,
        "newest_revision_id": newest,
        "first_public_at": article.at,
        "source_id": f"bench-{article.number}",
    }


def _taggings(article: Placed) -> Iterator[Row]:
    for tag in article.tags:
        yield {"article_id": article.number, "tag_id": tag, "first_public_at": article.at}


def _revision(making: Making, article: Placed, version: int, pk: int) -> Row:
    row = {
        "id": pk,
        "article_id": article.number,
        "number": version,
        "headline": article.headline,
        "state": Revision.State.APPROVED,
        "saved_by_id": article.writer,
        "saved_at": article.at + (version - 1) * FIRST_VERSION_LASTED,
    }
    if article.number % 3:
        photo = making.chance.choice(making.archive.photos)
        words = {"alt": photo.alt, "caption": photo.caption, "credit": photo.credit}
        row |= {"photo_id": photo.pk} | {f"photo_{name}": text for name, text in words.items()}
    return row


def _bylines(revision: int, article: Placed) -> Iterator[Row]:
    for position, (author, name) in enumerate(article.signed):
        yield {
            "revision_id": revision,
            "article_id": article.number,
            "author_id": author,
            "name": name,
            "position": position,
            "first_public_at": article.at,
        }


def _publications(making: Making, article: Placed, revisions: list[int]) -> Iterator[Row]:
    for place, revision in enumerate(revisions):
        starts_at = article.at + place * FIRST_VERSION_LASTED
        is_last = place == len(revisions) - 1
        yield {
            "id": next(making.publications),
            "article_id": article.number,
            "revision_id": revision,
            "starts_at": starts_at,
            "ends_at": None if is_last else starts_at + FIRST_VERSION_LASTED,
            "signed_by_id": article.writer,
        }


def _tags(chance: random.Random, archive: Archive) -> list[int]:
    """One to three places, the first ones more often; a topic; seldom a cluster."""
    places = {
        min(chance.choice(archive.provinces), chance.choice(archive.provinces))
        for _place in range(chance.randint(1, 3))
    }
    if chance.random() < AT_HOME:
        places.add(archive.provinces[0])
    found = [*sorted(places), chance.choice(archive.topics)]
    found += [chance.choice(archive.clusters)] if chance.random() < 0.05 else []
    return sorted(found)


def _event(article: Placed) -> Row:
    return {
        "at": article.at,
        "actor_id": article.writer,
        "verb": "publish",
        "object_type": "article",
        "object_id": article.number,
        "object_label": article.headline,
        "from_state": "draft",
        "to_state": "published",
        "data": {"revision": 1, "starts_at": article.at.isoformat()},
    }
