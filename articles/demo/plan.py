"""What the demo file says, with its days counted back from today. Touches no database."""

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsroom import vietnamese

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo"
PICTURES = FOLDER / "pictures"
CROSSHEAD, QUOTE, PICTURE = "## ", "> ", "photo:"

_SINCE = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?")
_DAY = re.compile(r"\{d([+-]\d+)?\}")


def load() -> dict[str, Any]:
    """The whole plan: site, accounts, sections, authors, clusters, articles, comments."""
    return json.loads((FOLDER / "newsroom.json").read_text(encoding="utf-8"))


def span(text: str) -> dt.timedelta:
    """Read "2h10m", "35m" or "30h"; raises ValueError on anything else."""
    found = _SINCE.fullmatch(text)
    if not found or not text:
        raise ValueError(text)
    return dt.timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def published_at(article: dict[str, Any], now: dt.datetime) -> tuple[dt.datetime, str]:
    """When the article went out and how much of that its page shows.

    "day" is a fixed day without an hour, "ago" either a span before `now` or "3 16:20": that
    hour three days ago. An article without either never went out and gets `now`.
    """
    if day := article.get("day"):
        midnight = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), vietnamese.ZONE)
        return midnight, vietnamese.DAY
    days, _space, hour = article.get("ago", "0m").rpartition(" ")
    if not days:
        return now - span(hour), vietnamese.TIME
    date = now.astimezone(vietnamese.ZONE).date() - dt.timedelta(days=int(days))
    clock = dt.time.fromisoformat(hour)
    return dt.datetime.combine(date, clock, vietnamese.ZONE), vietnamese.TIME


def dated(text: str, at: dt.datetime) -> str:
    """Put the article's own day for {d} and days around it for {d-1}, {d+3}, as 10/7."""
    today = at.astimezone(vietnamese.ZONE).date()

    def day(mark: re.Match) -> str:
        date = today + dt.timedelta(days=int(mark[1] or 0))
        return f"{date.day}/{date.month}"

    return _DAY.sub(day, text)


def body(paragraphs: list[str], at: dt.datetime, picture: Callable[[str], str]) -> str:
    """The paragraphs as HTML; `picture` turns "file|alt|caption|credit" into its token."""
    return "\n".join(_block(dated(text, at), picture) for text in paragraphs)


def _block(text: str, picture: Callable[[str], str]) -> str:
    if text.startswith(PICTURE):
        return f"<p>{picture(text.removeprefix(PICTURE))}</p>"
    if text.startswith(CROSSHEAD):
        return f"<h2>{html.escape(text.removeprefix(CROSSHEAD), quote=False)}</h2>"
    if text.startswith(QUOTE):
        quoted = html.escape(text.removeprefix(QUOTE), quote=False)
        return f"<blockquote><p>{quoted}</p></blockquote>"
    return f"<p>{html.escape(text, quote=False)}</p>"
