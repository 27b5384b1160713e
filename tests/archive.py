"""Archives to search in: real articles, or any number made of their sentences."""

import datetime as dt
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from django.db import transaction

from articles.importing import lines, loading
from articles.models import Article, Publication, Revision, Section
from articles.search import indexing
from newsroom import vietnamese

SAMPLE = "news_vi_sample.jsonl.gz"
NEWEST = dt.datetime(2026, 6, 1, tzinfo=vietnamese.ZONE)
APART = dt.timedelta(minutes=47)
SENTENCES = 8
BATCH = 500

_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Story:
    """One article to be stored; `body` are plain paragraphs."""

    headline: str
    standfirst: str
    body: tuple[str, ...]
    at: dt.datetime
    source_id: str | None = None

    @property
    def text(self) -> str:
        """All that is searched."""
        return "\n".join((self.headline, self.standfirst, *self.body))


def real(folder: Path, every: int = 1, named: Collection[str] = ()) -> list[Story]:
    """Return the real articles, or every so-manieth and those that are `named` by source_id.

    What has no date is older than all the rest.
    """
    stories = []
    with gzip.open(folder / SAMPLE) as file:
        for number, line in enumerate(file):
            if number % every and json.loads(line)["source_id"] not in named:
                continue
            item = lines.parse(line)
            at = item.published_at or loading.UNDATED_FROM + number * dt.timedelta(seconds=1)
            stories.append(
                Story(item.headline, item.standfirst, item.paragraphs, at, item.source_id)
            )
    return stories


def made(folder: Path, seed: int = 1) -> Iterable[Story]:
    """Yield articles without end, each older than the one before, of sentences of real ones."""
    chance = random.Random(seed)
    stories = real(folder)
    sentences = [line for story in stories for part in story.body for line in _END.split(part)]
    sentences = [line for line in sentences if len(line) > 20]
    at = NEWEST
    while True:
        standfirst, *body = chance.choices(sentences, k=SENTENCES)
        yield Story(chance.choice(stories).headline, standfirst[:500], tuple(body), at)
        at -= APART


def store(stories: Iterable[Story]) -> dict[str, int]:
    """Publish stories, past the verbs, which would take their time; index them as these do.

    Return the numbers of the articles by source_id.
    """
    stories = list(stories)
    section, _new = Section.objects.get_or_create(
        slug="tin", defaults={"name": "Tin", "position": 1}
    )
    found = {}
    for start in range(0, len(stories), BATCH):
        batch = stories[start : start + BATCH]
        articles = _store(batch, section)
        found |= {each.source_id: article.pk for each, article in zip(batch, articles, strict=True)}
    return found


@transaction.atomic
def _store(stories: list[Story], section: Section) -> list[Article]:
    articles = Article.objects.bulk_create(
        Article(section=section, slug="bai", first_public_at=story.at, source_id=story.source_id)
        for story in stories
    )
    revisions = Revision.objects.bulk_create(map(_revision, articles, stories))
    for article, revision in zip(articles, revisions, strict=True):
        article.newest_revision = revision
    Article.objects.bulk_update(articles, ["newest_revision"])
    Publication.objects.bulk_create(
        Publication(article=each.article, revision=each, starts_at=each.saved_at)
        for each in revisions
    )
    indexing.index(article.pk for article in articles)
    return articles


def _revision(article: Article, story: Story) -> Revision:
    return Revision(
        article=article,
        number=1,
        headline=story.headline,
        standfirst=story.standfirst,
        body=loading.body(story.body),
        state=Revision.State.APPROVED,
        saved_at=story.at,
    )


def frequent(stories: Iterable[Story], number: int = 30) -> list[str]:
    """Return the most frequent pairs of words, as they are typed."""
    seen: Counter[str] = Counter()
    for story in stories:
        spelt = re.findall(r"[^\W\d_]+", vietnamese.normalise(story.text).lower())
        seen.update(" ".join(pair) for pair in pairwise(spelt))
    return [pair for pair, _times in seen.most_common(number)]
