"""The pages of what was found: numbered by relevance, by keyset without end newest first."""

import datetime as dt
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from ..paging import Pager
from ..search import finding
from ..search.finding import Scope
from ..search.typed import Typed
from .search_form import NEWEST, SORT, address

PAGE, BEFORE = "trang", "truoc"
RESULTS = 10  # a page


@dataclass(frozen=True)
class Sheet:
    """One page of results and the way to its neighbours; `listed` is how far the list goes.

    `total` is how many are found in all, None where only counting tells.
    """

    article_ids: list[int]
    pager: Pager = Pager()
    label: str = ""
    listed: int = 0
    is_last: bool = False
    newest_url: str = ""
    total: int | None = None


def ranked_sheet(
    typed: Typed, at: dt.datetime, scope: Scope, kept: dict[str, str], number: int
) -> Sheet:
    """Return a page of the most relevant; behind the last one, the last one."""
    hits, total = finding.ranked_and_counted(typed, at, scope)
    last = max(1, ceil(len(hits) / RESULTS))
    number = min(number, last)
    shown = hits[(number - 1) * RESULTS : number * RESULTS]
    pager = Pager(
        newer=address(_numbered(kept, number - 1)) if number > 1 else "",
        older=address(_numbered(kept, number + 1)) if number < last else "",
        newer_label=_("Previous results"),
        older_label=_("More results"),
    )
    return Sheet(
        article_ids=[hit.article_id for hit in shown],
        pager=pager,
        label=_("Page %(number)s of %(last)s") % {"number": number, "last": last},
        listed=len(hits),
        is_last=number == last,
        newest_url=address(kept | {SORT: NEWEST}),
        total=total,
    )


def newest_sheet(
    typed: Typed, at: dt.datetime, scope: Scope, kept: dict[str, str], before: int | None
) -> Sheet:
    """Return the page of the latest behind the place `before`, from the top without it."""
    hits = finding.newest(typed, at, RESULTS + 1, scope, before=before)
    shown = hits[:RESULTS]
    older = kept | {BEFORE: str(shown[-1].place)} if len(hits) > RESULTS else None
    pager = Pager(
        newer=address(kept) if before is not None else "",
        older=address(older) if older else "",
        newer_label=_("To the newest"),
        older_label=_("Older"),
    )
    return Sheet(article_ids=[hit.article_id for hit in shown], pager=pager)


def _numbered(kept: dict[str, str], number: int) -> dict[str, str]:
    return kept | {PAGE: str(number)} if number > 1 else kept
