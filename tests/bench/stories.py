"""The pool that a large archive is composed of: each text is made, cleaned and read for the search
once and comes again under other headlines.

Up to LARGE articles all texts are long, as in a newsroom. Above, nine of ten are short notices:
the search takes PostgreSQL fifty bytes a word and a million long texts would not fit on a disk.
"""

import random
from dataclasses import dataclass
from functools import cached_property

from newsroom import rich_text, vietnamese
from newsroom.vietnamese import Word

from . import texts

STORIES = 2_000  # of each length, at most
SENTENCES = 20_000  # of comments, at most
LARGE = 200_000
LONG, SHORT = (7, 11), (1, 1)  # paragraphs
EVERY = 10  # so manieth text of a large archive is long


@dataclass(frozen=True)
class Story:
    """A text below a headline; `words` are those of all of it, as the search reads them."""

    number: int
    standfirst: str
    body: str
    words: tuple[Word, ...]

    @cached_property
    def folded(self) -> str:
        """The words without accents, one space between them."""
        return " ".join(word.folded for word in self.words)

    @cached_property
    def exact(self) -> str:
        """The words with their accents, one space between them."""
        return " ".join(word.exact for word in self.words)


@dataclass(frozen=True)
class Ending:
    """What one text has below a story: a paragraph with a rare phrase, or nothing."""

    html: str = ""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sentence of a comment, and its words without accents, one space between them."""

    text: str
    folded: str


@dataclass(frozen=True)
class Pool:
    """What an archive of `total` articles is composed of."""

    total: int
    long: list[Story]
    short: list[Story]
    sentences: list[Sentence]
    rare: list[Ending]

    @property
    def stories(self) -> list[Story]:
        """All of them; each stands at its number."""
        return [*self.long, *self.short]

    def story(self, article: int, chance: random.Random) -> Story:
        """Return a text for the article of that number."""
        return chance.choice(self.long if is_long(article, self.total) else self.short)

    def ending(self, chance: random.Random) -> Ending:
        """Return a rare phrase, mostly nothing."""
        wanted = chance.random() < len(self.rare) * texts.rarity(self.total)
        return chance.choice(self.rare) if wanted else Ending()


def is_long(article: int, total: int) -> bool:
    """Whether the article of that number has a long text; those with many comments have."""
    return total <= LARGE or article % EVERY == 1


def pool(total: int, chance: random.Random) -> Pool:
    """Make the texts of an archive of so many articles."""
    number = min(STORIES, total)
    number_of_short = number if total > LARGE else 0
    return Pool(
        total,
        long=[_story(place, LONG, chance) for place in range(number)],
        short=[_story(number + place, SHORT, chance) for place in range(number_of_short)],
        sentences=[_sentence(chance) for _ in range(min(SENTENCES, 10 * total))],
        rare=[_ending(phrase) for phrase in texts.RARE],
    )


def _story(number: int, paragraphs: tuple[int, int], chance: random.Random) -> Story:
    standfirst, body = texts.sentence(chance, 25, 40), texts.body(chance, *paragraphs)
    words = vietnamese.words(f"{standfirst}\n{rich_text.plain_text(body)}")
    return Story(number, standfirst, body, tuple(words))


def _sentence(chance: random.Random) -> Sentence:
    text = texts.sentence(chance, 6, 18)
    return Sentence(text, vietnamese.search_text(text).strip())


def _ending(phrase: str) -> Ending:
    html = texts.rare_paragraph(phrase)
    return Ending(f"\n{html}", tuple(vietnamese.words(rich_text.plain_text(html))))
