"""Measure the search: what a query costs in archives of any size, and what is found.

python -m tests.bench.search [--sizes 2000,20000,200000] [--engine sqlite|postgresql]

Costs are CPU milliseconds of this process and of the database, medians over frequent pairs of
words; the page is the whole answer of /tim-kiem/. Needs the real articles of SAMPLE_DATA_DIR.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median

ENGINES = ("sqlite", "postgresql")
REPEATS = 5


def main() -> int:
    """Measure one engine, or each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--sizes", default="2000")
    parser.add_argument("--engine", choices=ENGINES)
    chosen = parser.parse_args()
    if not os.environ.get("SAMPLE_DATA_DIR"):
        print("NOT RUN: the search is measured on real articles; set SAMPLE_DATA_DIR.")
        return 0
    if chosen.engine is None:
        command = [sys.executable, "-m", "tests.bench.search", "--sizes", chosen.sizes]
        return max(subprocess.call([*command, "--engine", engine]) for engine in ENGINES)
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        prepare(chosen.engine, Path(folder))
        run([int(size) for size in chosen.sizes.split(",")])
    return 0


def prepare(engine: str, folder: Path) -> None:
    """Set up an empty site of our own."""
    from tests import postgres

    url = postgres.start() if engine == "postgresql" else f"sqlite:///{folder}/site.sqlite3"
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "testserver",
        "SITE_URL": "http://testserver",
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(folder / "media"),
    }
    import django
    from django.core.management import call_command

    from newsroom import static_files

    django.setup()
    call_command("migrate", verbosity=0)
    static_files.collect()


def run(sizes: list[int]) -> None:
    """Print what is found among the real articles, then what queries cost in larger archives."""
    from django.db import connection

    from tests import archive

    folder = Path(os.environ["SAMPLE_DATA_DIR"])
    real = archive.real(folder)
    print(f"\nSearch, {connection.vendor}; CPU ms, medians of {REPEATS} runs a query", flush=True)
    found(real)
    queries = archive.frequent(real)
    print(f"{'articles':>10}{'frequent':>10}{'rare':>10}{'newest':>10}{'page':>10}")
    rows, stored = archive.made(folder), 0
    for size in sizes:
        archive.store(islice(rows, size - stored))
        stored = size
        settle()
        print(f"{size:>10,}", *(f"{cost * 1000:>9.1f}" for cost in costs(queries)), flush=True)


def found(real: list) -> None:
    """Print how well headlines typed without accents are found; leave the database empty."""
    from django.db import transaction
    from django.utils import timezone

    from articles.search import finding, typed
    from newsroom import vietnamese
    from tests import archive

    with transaction.atomic():
        names = {pk: name for name, pk in archive.store(real).items()}
        ranks = []
        for story in real:
            read = typed.read(vietnamese.fold(story.headline))
            hits, _total = finding.ranked_and_counted(read, timezone.now())
            first = [names[hit.article_id] for hit in hits[:10]]
            ranks.append(first.index(story.source_id) + 1 if story.source_id in first else 0)
        transaction.set_rollback(True)
    recall = sum(map(bool, ranks)) / len(ranks)
    mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
    print(f"{len(real):,} headlines: recall@10 {recall:.4f}, mean reciprocal rank {mean:.4f}")


def costs(queries: list[str]) -> list[float]:
    """Return the medians: frequent words, words that never met, newest first, the whole page."""
    from django.test import Client
    from django.utils import timezone

    from articles.search import finding, typed

    client, at = Client(), timezone.now()

    def ranked(query: str) -> None:
        read = typed.read(query)
        finding.ranked_and_counted(read, at)
        finding.count(read, at)

    rare = [f"{one} {other}" for one, other in zip(queries, reversed(queries), strict=True)]
    cases: list[tuple[Callable, list[str]]] = [
        (ranked, queries),
        (ranked, rare),
        (lambda query: finding.newest(typed.read(query), at, 21), queries),
        (lambda query: client.get("/tim-kiem/", {"q": query}), queries),
    ]
    return [median(cost(ask, query) for query in texts) for ask, texts in cases]


def cost(ask: Callable[[str], object], query: str) -> float:
    """Return the CPU seconds of one query, here and in the database."""
    ask(query)
    before = time.process_time() + database_seconds()
    for _ in range(REPEATS):
        ask(query)
    return (time.process_time() + database_seconds() - before) / REPEATS


def database_seconds() -> float:
    """Return the CPU time of the server's process that answers us; SQLite runs in ours."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    with open(f"/proc/{connection.connection.info.backend_pid}/schedstat") as file:
        return int(file.read().split()[0]) / 1e9


def settle() -> None:
    """Bring the database into the state it has when nobody has just filled it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
