"""What a run comes to: medians, the unit D, pairs, and whether it is worth anything."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

from .measuring import Sample

# A run is void beyond this part of the machine in the hands of others.
OTHERS = 0.2


@dataclass(frozen=True)
class Results:
    """The samples of all cases with the conditions; `bare` is the unit, `again` measured twice.

    `twins` names for a hot case of the product the bare one it is compared with, round by round.
    """

    conditions: dict[str, Any]
    samples: dict[str, list[Sample]]
    bare: str
    again: str
    twins: dict[str, str]

    def median(self, case: str) -> Sample:
        """Return the median of each figure of a case."""
        rows = self.samples[case]
        return Sample(*(median(getattr(row, each.name) for row in rows) for each in fields(Sample)))

    def in_d(self, case: str) -> float:
        """Return the CPU time of a request in D."""
        return self.median(case).cpu / self.median(self.bare).cpu

    def ratios(self, figure: str, one: str, other: str) -> list[float]:
        """Return a figure of one case over that of another, of each round, the least first."""
        pairs = zip(self.samples[one], self.samples[other], strict=True)
        return sorted(getattr(a, figure) / getattr(b, figure) for a, b in pairs)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest ratio of the CPU time of one case measured twice."""
        ratios = self.ratios("cpu", self.again, self.bare)
        return ratios[0], ratios[-1]

    @property
    def elsewhere(self) -> float:
        """The part of the machine that others used, of all cases the mean."""
        found = [sample.elsewhere for rows in self.samples.values() for sample in rows]
        return sum(found) / len(found) / self.conditions["cores"]

    @property
    def is_void(self) -> bool:
        """Whether others used so much of the machine that nothing here may be relied on."""
        return self.elsewhere > OTHERS

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a file; see `make bench-compare`."""
        return {
            "void": self.is_void,
            "elsewhere": round(self.elsewhere, 3),
            "conditions": self.conditions,
            "spread": self.spread,
            "pairs": {one: self._pair(one, other) for one, other in self._pairs()},
            "cases": {name: self._case(name) for name in self.samples},
        }

    def _pairs(self) -> list[tuple[str, str]]:
        return [(one, other) for one, other in self.twins.items() if one in self.samples]

    def _pair(self, one: str, other: str) -> dict[str, Any]:
        return {
            "beside": other,
            **{figure: self.ratios(figure, one, other) for figure in ("rate", "cpu")},
        }

    def _case(self, name: str) -> dict[str, Any]:
        figures = asdict(self.median(name)) | {"d": self.in_d(name)}
        return figures | {"rounds": [asdict(sample) for sample in self.samples[name]]}

    def write(self, path: Path) -> None:
        """Write the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.as_json(), indent=1, ensure_ascii=False))
