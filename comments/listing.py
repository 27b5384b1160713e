"""The lists readers see of comments, in three orders, by keyset: a deep page costs what the first
does.

A cursor names the comment a page goes on from: what it is sorted by, and its number.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from newsroom import freshness, stamps
from newsroom.prepared import prepared

from .models import Comment, Discussion

PAGE_SIZE = 20
FIRST_REPLIES = 3  # of each thread in a list; the others stand on its own page
PICKS = 3  # how many of those the newsroom chose stand before all others
AFTER, BEFORE = "sau", "truoc"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CURSOR = re.compile(r"([0-9]{1,17})_([0-9]{1,18})", re.ASCII)
_MAX_LIKES = 2_147_483_647


class Place(NamedTuple):
    """Where one comment stands in an order."""

    value: dt.datetime | int
    pk: int


@dataclass(frozen=True)
class Order:
    """One order of comments, walked along its index; those that are equal by their number."""

    column: str
    falling: bool

    def columns(self, back: bool = False) -> tuple[str, str]:
        """Return what rows are sorted by, or by which they are gone through backwards."""
        sign = "-" if self.falling != back else ""
        return f"{sign}{self.column}", f"{sign}pk"

    def past(self, *place: Any, back: bool = False) -> Q:
        """Return the condition for what lies behind a place, or before it; all for none."""
        if not place:
            return Q()
        (value, pk), side = place, "lt" if self.falling != back else "gt"
        # The first condition alone can be answered by the index; the second is its tie-breaker.
        return Q(**{f"{self.column}__{side}e": value}) & (
            Q(**{f"{self.column}__{side}": value}) | Q(**{f"pk__{side}": pk})
        )

    def place(self, comment: "Comment | Row") -> Place:
        """Return where the comment stands."""
        return Place(getattr(comment, self.column), comment.pk)

    def spelt(self, comment: "Comment | Row") -> str:
        """Return the comment's place as a cursor in an address."""
        value, pk = self.place(comment)
        number = (value - _EPOCH) // dt.timedelta(microseconds=1) if self._is_time else value
        return f"{number}_{pk}"

    def read(self, text: str) -> Place | None:
        """Return the place `text` spells, None for anything that is not one; never raises."""
        match = _CURSOR.fullmatch(text or "")
        if not match:
            return None
        number = int(match[1])
        if not self._is_time:
            return Place(min(number, _MAX_LIKES), int(match[2]))
        try:
            return Place(_EPOCH + dt.timedelta(microseconds=number), int(match[2]))
        except OverflowError:
            return None

    @property
    def _is_time(self) -> bool:
        return self.column != "likes"


MOST_LIKED, NEWEST, OLDEST = "quan-tam", "moi", "cu"
ORDERS = {
    MOST_LIKED: Order("likes", falling=True),
    NEWEST: Order("submitted_at", falling=True),
    OLDEST: Order("submitted_at", falling=False),
}
# Readers know it from the papers they read: a list that opens with what others found good. Where
# nobody has pressed yet it is the newest first, so that a late comment has its chance too.
DEFAULT = MOST_LIKED


class Answered(NamedTuple):
    """What is told of the comment that a reply answers."""

    name: str
    state: str


class Row(NamedTuple):
    """A comment in a list, with the columns readers see. A model has four times as many."""

    pk: int
    article_id: int
    thread_id: int | None
    answered_id: int | None
    name: str
    text: str
    submitted_at: dt.datetime
    state: str
    likes: int
    picked_at: dt.datetime | None
    redacted_at: dt.datetime | None
    desk: str
    answered_name: str | None
    answered_state: str | None
    first_reply: int | None = None

    @property
    def answered(self) -> Answered:
        """The comment that this one answers; only for a reply."""
        return Answered(self.answered_name or "", self.answered_state or "")


# What readers do not see of a comment is never even asked for on their pages.
_COLUMNS = (*Row._fields[:12], "answered__name", "answered__state")


@dataclass(frozen=True)
class Page:
    """One page of comments and the cursors of its neighbours; "" where there is none."""

    rows: list[Row] = field(default_factory=list)
    before: str = ""
    after: str = ""
    is_first: bool = True


@dataclass(frozen=True)
class Rows:
    """What a list shows: a function of `values` that returns comments."""

    make: Callable[..., QuerySet]
    values: tuple[Any, ...]

    def walk(
        self, order: Order, limit: int, beyond: Place | None = None, back: bool = False
    ) -> list[Row]:
        """Return up to `limit` comments on the far side of `beyond`, or back from there."""
        how = (self.make, len(self.values), order, limit, back)
        return [Row(*row) for row in _walked(*self.values, *(beyond or ()), how=how)]


@prepared
def _walked(
    *values: Any, how: tuple[Callable[..., QuerySet], int, Order, int, bool]
) -> QuerySet[Comment]:
    make, number, order, limit, back = how
    rows = make(*values[:number]).filter(order.past(*values[number:], back=back))
    return _columns(rows.order_by(*order.columns(back))[:limit])


def _columns(rows: QuerySet) -> QuerySet:
    """Return the rows as `Row` takes them; only threads have a first reply."""
    return rows.values_list(*_COLUMNS, *rows.query.annotations)


def count(article_id: int) -> int:
    """Return how many comments readers see under an article; kept, never counted."""
    freshness.shows(stamps.comments(article_id))
    return next(iter(_count(article_id)), 0)


@prepared
def _count(article_id: int) -> QuerySet:
    return Discussion.objects.filter(article=article_id).values_list("approved", flat=True)


def threads(article_id: int, order: str, query: Mapping[str, str] | None = None) -> Page:
    """Return the page of an article's threads that the parameters ask for, else the first one.

    The order by likes begins with what the newsroom chose. Two queries there, else one; one more
    for who walks back to the top.
    """
    freshness.shows(stamps.comments(article_id))
    chosen = [Row(*row) for row in _picks(article_id)] if order == MOST_LIKED else []
    rows = Rows(_threads, (article_id, [pick.pk for pick in chosen]))
    page = paged(rows, ORDERS[order], query or {}, PAGE_SIZE - len(chosen))
    return Page(chosen + page.rows, after=page.after) if page.is_first else page


def _threads(article_id: int, without: list[int]) -> QuerySet[Comment]:
    return _threads_of(article_id).exclude(pk__in=without)


def _threads_of(article_id: int) -> QuerySet[Comment]:
    """The threads under an article; of each, the first reply there is."""
    replies = Comment.objects.public().filter(thread=OuterRef("pk")).oldest_first()
    # As EXISTS it would have PostgreSQL read every reply there is into a table of its own.
    first = Subquery(replies.values("pk")[:1])
    return Comment.objects.threads_of(article_id).annotate(first_reply=first)


def replies(thread: Comment, query: Mapping[str, str], since: Comment | None = None) -> Page:
    """Return a page of the thread's replies, oldest first; one that begins `since` a reply."""
    rows, order = Rows(_replies, (thread.pk,)), ORDERS[OLDEST]
    if since is None or {AFTER, BEFORE} & set(query):
        return paged(rows, order, query)
    return _after(rows, order, Place(since.submitted_at, since.pk - 1))


def _replies(thread_id: int) -> QuerySet[Comment]:
    return Comment.objects.replies_to(thread_id)


@prepared
def _picks(article_id: int) -> QuerySet[Comment]:
    chosen = _threads_of(article_id).public().filter(picked_at__isnull=False)
    return _columns(chosen.order_by("-picked_at", "-pk")[:PICKS])


def paged(rows: Rows, order: Order, query: Mapping[str, str], first: int = PAGE_SIZE) -> Page:
    """Return the page the parameters ask for; the first one, of `first` rows, when in doubt."""
    if place := order.read(query.get(AFTER, "")):
        return _after(rows, order, place)
    if place := order.read(query.get(BEFORE, "")):
        found = rows.walk(order, PAGE_SIZE + 1, place, back=True)
        if len(found) > PAGE_SIZE:
            shown = found[:PAGE_SIZE][::-1]
            return Page(shown, order.spelt(shown[0]), order.spelt(shown[-1]), is_first=False)
    found = rows.walk(order, first + 1)
    return Page(found[:first], after=order.spelt(found[first - 1]) if len(found) > first else "")


def _after(rows: Rows, order: Order, place: Place) -> Page:
    found = rows.walk(order, PAGE_SIZE + 1, place)
    shown = found[:PAGE_SIZE]
    return Page(
        shown,
        before=order.spelt(shown[0]) if shown else "",
        after=order.spelt(shown[-1]) if len(found) > PAGE_SIZE else "",
        is_first=False,
    )


def first_replies(threads: list[Row]) -> dict[int, list[Row]]:
    """Return the first replies of each thread and one more where there are more; one query at most.

    However many there are: each thread's are a walk along the index that ends after a few.
    """
    found: dict[int, list[Row]] = {}
    for row in _first_replies([thread.pk for thread in threads if thread.first_reply]):
        reply = Row(*row)
        found.setdefault(reply.thread_id, []).append(reply)
    return found


@prepared
def _first_replies(threads: list[int]) -> QuerySet[Comment]:
    if not threads:
        return Comment.objects.none()
    rows = Comment.objects.filter(pk__in=_first_numbers(threads))
    return _columns(rows.order_by("submitted_at", "pk"))


def _first_numbers(threads: list[int]) -> RawSQL:
    """Return a subquery of the replies' numbers: SQLite knows a limit inside a union only so."""
    table = connection.ops.quote_name(Comment._meta.db_table)
    part = (
        f"SELECT id FROM (SELECT id FROM {table} WHERE thread_id = %s AND state = %s "
        "ORDER BY submitted_at, id LIMIT %s) AS part"
    )
    parameters = [
        value for thread in threads for value in (thread, Comment.State.APPROVED, FIRST_REPLIES + 1)
    ]
    return RawSQL(" UNION ALL ".join([part] * len(threads)), parameters)
