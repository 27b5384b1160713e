"""What a rule notices, what it is told, and what all rules together say."""

from dataclasses import asdict, dataclass
from typing import Any

SUSPECT = 30  # from this score on a comment stands in the queue of the suspect
HIGHEST = 100


@dataclass(frozen=True)
class Circumstances:
    """How a comment was sent: what the form noticed beside its cleaned texts."""

    seconds: float | None = None  # from the form to its sending
    trapped: bool = False  # the field nobody sees was filled in
    raw: str = ""  # name and text as they came, before invisible characters were cleaned away


@dataclass(frozen=True)
class Hit:
    """One thing a rule noticed: its points and, in the text as stored, where (code points)."""

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
