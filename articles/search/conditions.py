"""What is asked of the index, in words that every engine understands."""

from dataclasses import dataclass

GAP = 6  # words at most between two that stand near each other


@dataclass(frozen=True)
class Phrase:
    """Words one behind the other; one alone is a phrase too.

    `exact` words carry their accents, others are folded. `headline` looks nowhere else.
    """

    words: tuple[str, ...]
    exact: bool = False
    headline: bool = False


@dataclass(frozen=True)
class Facet:
    """What a text belongs to: "s3" a section, "t5" a tag, "a7" an author …"""

    name: str


@dataclass(frozen=True)
class All:
    """Every part holds; at least one part."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Any:
    """One part holds at least; at least one part."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Without:
    """The first holds and none of the others does."""

    wanted: "Condition"
    unwanted: tuple["Condition", ...]


Condition = Phrase | Facet | All | Any | Without
