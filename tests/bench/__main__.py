"""Measure the pages; see the package."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from . import databases, environment, keeping
from .databases import COPY, ENGINES, KEPT, Database

HUGE = 200_000  # articles, of which no copy is made: the archive itself is measured


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each hot case in each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--writes", type=float, default=0, help="a second, beside all cases")
    parser.add_argument("--only", default="", help="cases of the product with this in their name")
    parser.add_argument("--memory", type=float, help="weigh the server for so many minutes instead")
    parser.add_argument("--quick", action="store_true", help="show that it runs, measure nothing")
    parser.add_argument("--folder", type=Path, help="for archives and results, not var/bench")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.articles, chosen.rounds, chosen.seconds, chosen.workers = 60, 1, 0.1, 1
    return chosen


def main(chosen: argparse.Namespace) -> None:
    """Have the archive, serve a copy of it, measure, print the table, write the file."""
    home = keeping.folder_of(chosen.engine, chosen.articles, chosen.folder)
    keeping.ensure(chosen.engine, home, chosen.articles, chosen.seed)
    with databases.opened(chosen.engine, home) as database:
        name = KEPT if chosen.articles > HUGE else COPY
        address = environment.prepare(database.url(name), home / "media", chosen.workers)
        if name == COPY:
            database.copy()
        try:
            measure(chosen, database, address)
        finally:
            database.drop_copy()


def measure(chosen: argparse.Namespace, database: Database, address: environment.Address) -> None:
    """Measure the site of the settings and report."""
    import django

    django.setup()
    from . import memory, run, table

    if chosen.memory is not None:
        sys.exit(0 if memory.weigh(address, chosen.memory, chosen.seed) else 1)

    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as scratch:
        results = run.run(chosen, database.pid, address, Path(scratch))
    print("\n" + "\n".join(table.lines(results)), flush=True)
    name = f"{chosen.engine}-{chosen.articles}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    path = (chosen.folder or keeping.HOME) / name
    results.write(path)
    print(f"Written to {os.path.relpath(path)}")


if __name__ == "__main__":
    # Whoever ends us ends the servers too: what stands in "finally" is done.
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))
    sys.exit(main(arguments()))
