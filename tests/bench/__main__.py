"""Measure the pages; see the package."""

import argparse
import os
import random
import secrets
import socket
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HELLO, BARE, AGAIN = "hello world", "bare Django view", "bare Django view again"
HOT, COLD = "article, hot", "article, cold"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each hot case in each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="show that it runs, measure nothing")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.articles, chosen.rounds, chosen.seconds = 40, 1, 0.5
    return chosen


def prepare(folder: Path) -> tuple[str, int]:
    """Point the settings to a site of our own in `folder`; return the address it will have."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": host,
        "SITE_URL": f"http://{host}:{port}",
        "HOST": host,
        "PORT": str(port),
        "WORKERS": "2",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "BENCH_PAGE": str(folder / "page.html"),
    }
    return host, port


def run(chosen: argparse.Namespace, folder: Path) -> None:
    """Build the site, measure every case in every round, print the table."""
    address = prepare(folder)
    import django

    django.setup()
    from . import measuring, server, site

    print(f"Making {chosen.articles} articles …", flush=True)
    hot, warm_up, *others = site.build(folder, chosen.articles, chosen.seed)
    (folder / "page.html").write_bytes(site.page(hot))
    random.Random(chosen.seed).shuffle(others)
    cases = [
        measuring.Case(HELLO, "tests.bench.hello:application", (hot,)),
        measuring.Case(BARE, "tests.bench.bare:application", (hot,)),
        measuring.Case(HOT, server.SITE, (hot,)),
        measuring.Case(AGAIN, "tests.bench.bare:application", (hot,)),
        measuring.Case(COLD, server.SITE, tuple(others), once=True),
    ]
    samples = defaultdict(list)
    for number in range(1, chosen.rounds + 1):
        print(f"Round {number} of {chosen.rounds} …", flush=True)
        for case in cases:
            sample = measuring.measure(case, address, chosen.seconds, warm_up)
            samples[case.name].append(sample)
    report(chosen, cases, samples, (folder / "page.html").stat().st_size)


def report(chosen: argparse.Namespace, cases: list, samples: dict, page_bytes: int) -> None:
    """Print what was measured, under which conditions, and how far two equal runs lie apart."""
    from . import measuring, site

    print(
        f"\n{chosen.articles} articles, SQLite, 2 workers, {os.cpu_count()} cores, seed "
        f"{chosen.seed}, {chosen.rounds} rounds.\nThe hot article has {site.COMMENTS} comments "
        f"and {page_bytes:,} bytes; hello world and bare view answer the same bytes.\n"
    )
    print("\n".join(measuring.table(cases, samples, bare=BARE, hello=HELLO)))
    least, most = measuring.spread(samples[BARE], samples[AGAIN])
    print(f"\nA/A pair (bare view again : bare view): {least:.2f} to {most:.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as name:
        sys.exit(run(arguments(), Path(name)))
