"""How much memory the workers take: begun, with full page caches, through a long mixed load."""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings

from articles.models import Article, Section, Tag
from newsroom import stamps, static_files

from . import load, measuring, processes, server, texts
from .asking import Address, Ask

# What is promised, in MiB: before anything is kept, and the room of the page caches with what
# their bookkeeping adds.
BEGUN, OVERHEAD = 220, 1.2
ENCODINGS = ("", "gzip", "br")
ARTICLES, FORMS = 6_000, 200
CONNECTIONS = 4
BATCH = 200  # requests between two changes of the front page
OF_ARTICLES = 0.7


@dataclass(frozen=True)
class Paths:
    """What readers ask for."""

    articles: list[str]
    others: list[str]

    @classmethod
    def found(cls) -> "Paths":
        """Return the latest articles, all lists, searches and forms of the archive."""
        rows = Article.objects.select_related("section").order_by("-pk")[:ARTICLES]
        lists = [one.get_absolute_url() for model in (Section, Tag) for one in model.objects.all()]
        searches = [f"/tim-kiem/?q={word}" for word in texts.SELDOM]
        forms = [f"/binh-luan/{row.pk}/" for row in rows[:FORMS]]
        return cls([row.get_absolute_url() for row in rows], ["/", *lists, *searches, *forms])

    def mixed(self, chance: random.Random) -> Iterator[Ask]:
        """Yield requests without end."""
        while True:
            paths = self.articles if chance.random() < OF_ARTICLES else self.others
            ask = _ask(chance.choice(paths), chance.choice(ENCODINGS))
            # As by a proxy: of one reader alone so many forms would be refused.
            reader = f"10.{chance.randrange(256)}.{chance.randrange(256)}.1"
            yield Ask(ask.path, (*ask.headers, ("X-Forwarded-For", reader)))


def weigh(address: Address, minutes: float, seed: int) -> bool:
    """Serve the site, print what it takes after each step and minute; True where it fits."""
    static_files.collect()
    paths, chance = Paths.found(), random.Random(seed)
    full = room(settings.WORKERS, settings.PAGE_CACHE_MB)
    environment = {**os.environ, "TRUSTED_PROXIES": address[0]}
    with server.serving(server.SITE, address, environment) as pid:
        load.drive(address, [Ask("/")] * 8, 2 * CONNECTIONS)
        fits = [_told("begun", pid, BEGUN)]
        for encoding in ENCODINGS:
            load.drive(address, [_ask(path, encoding) for path in paths.articles], CONNECTIONS)
            fits.append(_told(f"{len(paths.articles)} articles, {encoding or 'plain'}", pid, full))
        asks, start = paths.mixed(chance), time.monotonic()
        for minute in range(1, round(minutes) + 1):
            while time.monotonic() < start + 60 * minute:
                measuring.make_old(frozenset({stamps.FRONT}))
                load.drive(address, list(islice(asks, BATCH)), CONNECTIONS)
            fits.append(_told(f"minute {minute} of mixed load", pid, full))
    return all(fits)


def room(workers: int, cache_mb: int) -> float:
    """Return what so many workers may take with full page caches, in MiB."""
    return BEGUN + workers * cache_mb * OVERHEAD


def _ask(path: str, encoding: str) -> Ask:
    return Ask(path, (("Accept-Encoding", encoding),) if encoding else ())


def _told(when: str, pid: int, limit: float) -> bool:
    taken = processes.pss_mib(pid)
    print(f"{when:<32} {taken:6.0f} MiB of {limit:.0f}", flush=True)
    return taken <= limit
