"""One run: what is measured under which conditions. Needs the settings of the measured site."""

import argparse
import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from comments.models import Discussion
from newsroom import static_files

from . import cases, measuring, nginx, pages, rounds, writes, wrk
from .answers import Answer
from .asking import Address, Ask
from .cases import GZIP, HOT_304, PAGE, UNCHANGED, Case
from .pages import Size
from .results import Results
from .rounds import Stand
from .server import SITE

FULL = Size(cold=40, lists=10, queries=20, waves=2, home=10, warm=120)
QUICK = Size(cold=2, lists=1, queries=1, waves=1, home=1, warm=1)


def run(
    chosen: argparse.Namespace, database: int | None, address: Address, scratch: Path
) -> Results:
    """Measure every case in every round. `database` is the first process of its server."""
    static_files.collect()
    size = QUICK if chosen.quick else FULL
    found = pages.find(chosen.articles, size, chosen.seed)
    plain = Stand(address, scratch, {})
    answers = _answers(plain, found.hot)
    asks = cases.hot_asks(found.hot, answers)
    with writes.going_on(chosen.writes) as writers:
        aside = (*measuring.own_backend(), *writers)
        stand = Stand(address, scratch, answers, database, aside, chosen.seconds)
        samples = rounds.run(stand, _cases(chosen, asks, found, size, address), chosen.rounds)
    return Results(_conditions(chosen, answers), samples, cases.BARE, cases.AGAIN, cases.TWIN)


def _answers(stand: Stand, path: str) -> dict[str, Answer]:
    """Return what the product answers to the kinds of hot requests it knows."""
    with rounds.served(stand, Case("", SITE)):
        answers = {PAGE: Answer.to(stand.address, Ask(path))}
        asks = cases.hot_asks(path, answers)
        return {kind: Answer.to(stand.address, ask) for kind, ask in asks.items()}


def _cases(
    chosen: argparse.Namespace,
    asks: dict[str, Ask],
    found: pages.Pages,
    size: Size,
    address: Address,
) -> list[Case]:
    product = cases.product(asks, found, size, address)
    wanted = [case for case in product if chosen.only in case.name]
    twins = {cases.TWIN[case.name]: case for case in wanted if case.name in cases.TWIN}
    others = [case for case in wanted if case.name not in cases.TWIN]
    # What is compared is measured one behind the other: a machine changes its speed meanwhile.
    first = [(case, twins.get(case.name)) for case in cases.bare(asks, nginx.is_installed())]
    return [*(case for pair in first for case in pair if case), *others, cases.again(asks)]


def _conditions(chosen: argparse.Namespace, answers: dict[str, Answer]) -> dict:
    return {
        "engine": connection.vendor,
        "articles": chosen.articles,
        "comments": Discussion.objects.aggregate(all=Sum("approved"))["all"] or 0,
        "seed": chosen.seed,
        "rounds": chosen.rounds,
        "seconds": chosen.seconds,
        "writes": chosen.writes,
        "workers": settings.WORKERS,
        "page_cache_mb": settings.PAGE_CACHE_MB,
        "cores": os.cpu_count(),
        "generator": "wrk" if wrk.is_fit_for(chosen.seconds) else "tests.bench.load",
        "missing": _missing(answers),
    }


def _missing(answers: dict[str, Answer]) -> list[str]:
    """Return what there was no way to measure."""
    found = [] if nginx.is_installed() else [f"{cases.FILE}: not installed"]
    if UNCHANGED not in answers:
        found.append(f"{HOT_304}: the page has no ETag")
    if answers[GZIP].header("Content-Encoding") != "gzip":
        found.append(f"{cases.HOT_GZIP}: the page came as it is")
    return found
