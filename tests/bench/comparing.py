"""What moved between two runs: python -m tests.bench.comparing OLD [NEW].

Costs are compared in D, so that the runs may come from different machines. What lies within the
noise, the wider of the two A/A pairs, has not moved. NEW is the latest run if it is not named.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

from .keeping import HOME

WIDTHS = (12, 12, 8)


def main(old: str, new: str = "") -> int:
    """Print what moved; return 1 for a file that is none of ours."""
    try:
        before, after = (json.loads(path.read_text()) for path in (Path(old), _newest(old, new)))
        print("\n".join(lines(before, after)))
    except (OSError, ValueError, KeyError) as error:
        print(f"This cannot be compared: {error}")
        return 1
    return 0


def _newest(old: str, new: str) -> Path:
    if new:
        return Path(new)
    runs = [path for path in HOME.glob("*.json") if path.resolve() != Path(old).resolve()]
    if not runs:
        raise OSError(f"there is no other run in {HOME}")
    return max(runs, key=lambda path: path.stat().st_mtime)


def lines(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the comparison."""
    noise = max(_noise(before), _noise(after))
    head = f"{'':<28}{'old D':>{WIDTHS[0]}}{'new D':>{WIDTHS[1]}}{'ratio':>{WIDTHS[2]}}"
    both = [name for name in after["cases"] if name in before["cases"]]
    rows = [_row(name, before["cases"][name], after["cases"][name], noise) for name in both]
    odd = before["cases"].keys() ^ after["cases"].keys()
    return [
        *_warnings(before, after),
        head,
        *rows,
        *([f"Only in one of the runs: {', '.join(sorted(odd))}"] if odd else []),
        f"Noise of the A/A pairs: up to {math.exp(noise) - 1:.0%}; less has not moved.",
    ]


def _noise(run: dict[str, Any]) -> float:
    return max(abs(math.log(ratio)) for ratio in run["spread"])


def _row(name: str, old: dict[str, Any], new: dict[str, Any], noise: float) -> str:
    ratio = new["d"] / old["d"]
    moved = "" if abs(math.log(ratio)) <= noise else "  dearer" if ratio > 1 else "  cheaper"
    figures = f"{old['d']:>{WIDTHS[0]}.2f}{new['d']:>{WIDTHS[1]}.2f}{ratio:>{WIDTHS[2]}.2f}"
    return f"{name:<28}{figures}{moved}"


def _warnings(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    void = [word for word, run in (("old", before), ("new", after)) if run["void"]]
    found = [f"VOID: others used the machine during the {word} run." for word in void]
    for name in ("engine", "articles", "seed", "writes", "workers", "page_cache_mb"):
        old, new = (run["conditions"].get(name) for run in (before, after))
        if old != new:
            found.append(f"Not alike: {name} {old} and {new}.")
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
