"""The score of one comment: the sum of what its rules noticed."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from newsroom import vietnamese

from ..models import Comment

SUSPECT = 30  # from this score on a comment stands in the queue of the suspect
HIGHEST = 100
JUDGED = ("score", "hits", "suspect", "text_hash")
TOO_FAST = 3.0  # seconds in which nobody reads a form, writes and types a code


@dataclass(frozen=True)
class Circumstances:
    """How a comment was sent: what the form noticed beside its texts."""

    seconds: float | None = None  # from the form to its sending
    trapped: bool = False  # the field nobody sees was filled in


@dataclass(frozen=True)
class Hit:
    """One thing a rule noticed: its points and, in the text, where."""

    rule: str
    points: int
    found: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Verdict:
    """All that was noticed about one comment."""

    hits: tuple[Hit, ...] = ()

    @property
    def score(self) -> int:
        """The sum of the points, at most HIGHEST."""
        return min(sum(hit.points for hit in self.hits), HIGHEST)

    @property
    def suspect(self) -> bool:
        """Whether the comment waits among the suspect."""
        return self.score >= SUSPECT

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The hits as they are stored with the comment."""
        return [asdict(hit) for hit in self.hits]


def weigh(comment: Comment, circumstances: Circumstances) -> Verdict:
    """Return what the rules notice about a comment. Reads the database, writes nothing."""
    return Verdict(tuple(_hits(comment, circumstances)))


def judge(comment: Comment, circumstances: Circumstances) -> None:
    """Put into the instance, unsaved, what is noticed about it: the columns of JUDGED."""
    verdict = weigh(comment, circumstances)
    comment.score, comment.hits, comment.suspect = verdict.score, verdict.rows, verdict.suspect
    comment.text_hash = text_hash(comment.text)


def text_hash(text: str) -> str:
    """Return the same 32 digits for texts that differ in accents, case, spaces and signs alone."""
    folded = " ".join(vietnamese.fold(text).split())
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


def remember(comment: Comment) -> None:
    """Keep what later comments are compared with. Writes rows beside the stored comment."""


def _hits(comment: Comment, circumstances: Circumstances) -> Iterator[Hit]:
    if circumstances.trapped:
        yield Hit("trap", 20)
    if circumstances.seconds is not None and circumstances.seconds < TOO_FAST:
        yield Hit("fast", 20)
