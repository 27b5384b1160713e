"""The table that a run prints, and the words below it."""

from collections.abc import Iterator
from statistics import median

from .results import Results

BUSY = 0.9  # of a core: a load generator that busy is what held the rate down
_HEAD = "CPU ms|D|req/s|p50 ms|p99 ms|bytes|PSS MiB".split("|")
_WIDTHS = (9, 8, 9, 9, 9, 9, 9)


def lines(results: Results) -> list[str]:
    """Return the whole report."""
    return [
        _conditions(results),
        "",
        " " * 28 + "".join(f"{name:>{width}}" for name, width in zip(_HEAD, _WIDTHS, strict=True)),
        *(_row(results, name) for name in results.samples),
        "",
        *_pairs(results),
        *_notes(results),
    ]


def _conditions(results: Results) -> str:
    told = results.conditions
    writes = f", {told['writes']} writes/s beside" if told["writes"] else ""
    return (
        f"{told['engine']}, {told['articles']:,} articles, {told['comments']:,} comments, seed "
        f"{told['seed']}; {told['workers']} workers, {told['page_cache_mb']} MB of finished "
        f"pages each, {told['cores']} cores; medians of {told['rounds']} rounds; load from "
        f"{told['generator']}{writes}."
    )


def _row(results: Results, name: str) -> str:
    found = results.median(name)
    figures = (
        f"{found.cpu * 1000:.3f}",
        f"{results.in_d(name):.2f}",
        f"{found.rate:,.0f}{'*' if found.load > BUSY else ''}",
        f"{found.p50 * 1000:.2f}",
        f"{found.p99 * 1000:.2f}",
        f"{found.bytes:,.0f}",
        f"{found.pss:.0f}",
    )
    aligned = (f"{figure:>{width}}" for figure, width in zip(figures, _WIDTHS, strict=True))
    return f"{name:<28}{''.join(aligned)}"


def _pairs(results: Results) -> Iterator[str]:
    for one, pair in results.as_json()["pairs"].items():
        rate, cpu = pair["rate"], pair["cpu"]
        yield (
            f"{one} : {pair['beside']}, round by round: req/s {_ratios(rate)}, CPU {_ratios(cpu)}"
        )


def _notes(results: Results) -> Iterator[str]:
    least, most = results.spread
    yield f"A/A pair ({results.again} : {results.bare}), CPU: {least:.2f} to {most:.2f}"
    yield from results.conditions["missing"]
    if any(results.median(name).load > BUSY for name in results.samples):
        yield "* the load generator was the limit: trust the CPU time, not the requests a second"
    share = f"others used {results.elsewhere:.0%} of the machine"
    yield f"VOID: {share}; nothing here counts." if results.is_void else f"Valid: {share}."


def _ratios(ordered: list[float]) -> str:
    return f"{median(ordered):.3g} ({ordered[0]:.3g} to {ordered[-1]:.3g})"
