"""What is found among 2,000 real articles: the same on both engines."""

import random
import re
import unicodedata
from pathlib import Path

import pytest
from django.utils import timezone

from articles.search import finding, typed
from newsroom import vietnamese
from tests import archive

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).with_name("search_golden.tsv")


def rows():
    """Each row as (query, rule, value)."""
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [*line.split("\t"), ""][:3]


def words(text):
    """Words with their accents, in one tone style, a space on either side."""
    return f" {' '.join(word.exact for word in vietnamese.words(text))} "


class Archive:
    """Real articles, searched: all, or the golden ones among every so-manieth of the rest."""

    def __init__(self, folder, every=1):
        golden = {name for _query, _rule, value in rows() for name in value.split()}
        kept = archive.real(folder, every, golden)
        self.stories = {story.source_id: story for story in kept}
        self.names = {pk: name for name, pk in archive.store(self.stories.values()).items()}
        self.spelt = {name: words(story.text) for name, story in self.stories.items()}

    def find(self, query):
        """The source_ids that are found, in order."""
        hits, _total = finding.ranked_and_counted(typed.read(query), timezone.now())
        return [self.names[hit.article_id] for hit in hits]

    def obeys(self, query, rule, value):
        """Whether a golden row is true."""
        found, wanted = self.find(query), value.split()
        match rule:
            case "first":
                return found[:1] == wanted
            case "top":
                return set(wanted) <= set(found[:10])
            case "alone":
                return sorted(found) == sorted(wanted)
            case "never":
                return bool(found) and not set(wanted) & set(found)
            case "none":
                return not found
            case "holds":
                number, text = value.split(" ", 1)
                holders = sum(self.holds(name, text) for name in self.stories)
                top = found[: min(int(number), holders)]
                return bool(top) and all(self.holds(each, text) for each in top)
        raise AssertionError(rule)

    def holds(self, name, text):
        """Whether an article holds these very words one behind the other."""
        return words(text) in self.spelt[name]


@pytest.fixture
def real(sample_data):
    """All of the archive in the database."""
    return Archive(sample_data)


def check_golden_rows(archived):
    golden = list(rows())
    assert len(golden) >= 60
    assert [row for row in golden if not archived.obeys(*row)] == []


def test_golden_rows(sample_data):
    few = Archive(sample_data, every=80)
    check_golden_rows(few)
    check_phrases(few, number=10)
    check_headlines(few, every=10)


@pytest.mark.long
def test_golden_rows_among_all(real):
    check_golden_rows(real)
    decomposed = [(unicodedata.normalize("NFD", query), *rest) for query, *rest in rows()]
    assert [row for row in decomposed if not real.obeys(*row)] == []


@pytest.mark.long
def test_500_phrases_of_bodies(real):
    check_phrases(real, number=500)


@pytest.mark.long
def test_2000_headlines_typed_without_accents(real):
    check_headlines(real, every=1)


def check_phrases(real, number):
    """In quotes: nothing without the phrase. Without: whatever holds it stands above the rest."""
    for phrase in phrases(real, number):
        holders = {name for name in real.stories if real.holds(name, phrase)}
        assert set(real.find(f'"{phrase}"')) == holders, phrase
        found = real.find(phrase)
        assert set(found[: len(holders)]) == holders, phrase


def phrases(real, number):
    """Five words in a row with at least one accent, from bodies chosen at random."""
    chance = random.Random(4)
    names = sorted(real.stories)
    while number:
        body = " ".join(real.stories[chance.choice(names)].body)
        spelt = re.findall(r"[^\W_]+", body)
        if len(spelt) < 5:
            continue
        start = chance.randrange(len(spelt) - 4)
        phrase = " ".join(spelt[start : start + 5])
        if not phrase.isascii():
            number -= 1
            yield phrase


def check_headlines(real, every):
    """Recall among the first ten, and the mean of 1/rank."""
    names = sorted(real.stories)[::every]
    ranks = [rank(real, name) for name in names]
    recall = sum(1 for each in ranks if each) / len(ranks)
    mean = sum(1 / each for each in ranks if each) / len(ranks)
    print(f"recall@10 {recall:.4f}, mean reciprocal rank {mean:.4f}, {len(ranks)} headlines")
    assert recall >= 0.98
    assert mean >= 0.9


def rank(real, name):
    """At which place of the first ten an article stands, 0 if at none."""
    found = real.find(vietnamese.fold(real.stories[name].headline))[:10]
    return found.index(name) + 1 if name in found else 0
