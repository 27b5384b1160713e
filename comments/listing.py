"""The lists readers see of comments, in three orders, by keyset."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from newsroom import freshness, keyset, stamps
from newsroom.keyset import Key
from newsroom.prepared import prepared

from .models import Comment, Discussion

PAGE_SIZE = 20
FIRST_REPLIES = 3  # of each thread in a list; the others stand on its own page
PICKS = 3  # how many of those the newsroom chose stand before all others
AFTER, BEFORE = "sau", "truoc"

_MAX_LIKES = 2_147_483_647


@dataclass(frozen=True)
class Order:
    """One order of comments, walked along its index; those that are equal by their number."""

    column: str
    falling: bool

    def columns(self, back: bool = False) -> tuple[str, str]:
        """Return what rows are sorted by, or by which they are gone through backwards."""
        sign = "-" if self.falling != back else ""
        return f"{sign}{self.column}", f"{sign}pk"

    def past(self, *key: Any, back: bool = False) -> Q:
        """Return the condition for what lies behind a key, or before it; all for none."""
        if not key:
            return Q()
        return keyset.behind(self.column, *key, falling=self.falling != back)

    def spelt(self, comment: "Row") -> str:
        """Return the comment's key as a cursor in an address."""
        return Key(getattr(comment, self.column), comment.pk).spelt()

    def read(self, text: str) -> Key | None:
        """Return the key `text` spells, None for anything that is not one; never raises."""
        if self.column != "likes":
            return keyset.read_moment(text)
        key = keyset.read(text)
        if key is None or key.value < 0:
            return None
        return key._replace(value=min(key.value, _MAX_LIKES))


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
        self, order: Order, limit: int, beyond: Key | None = None, back: bool = False
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
    return _after(rows, order, Key(since.submitted_at, since.pk - 1))


def _replies(thread_id: int) -> QuerySet[Comment]:
    return Comment.objects.replies_to(thread_id)


@prepared
def _picks(article_id: int) -> QuerySet[Comment]:
    chosen = _threads_of(article_id).public().filter(picked_at__isnull=False)
    return _columns(chosen.order_by("-picked_at", "-pk")[:PICKS])


def paged(rows: Rows, order: Order, query: Mapping[str, str], first: int = PAGE_SIZE) -> Page:
    """Return the page the parameters ask for; the first one, of `first` rows, when in doubt."""
    if key := order.read(query.get(AFTER, "")):
        return _after(rows, order, key)
    if key := order.read(query.get(BEFORE, "")):
        found = rows.walk(order, PAGE_SIZE + 1, key, back=True)
        if len(found) > PAGE_SIZE:
            shown = found[:PAGE_SIZE][::-1]
            return Page(shown, order.spelt(shown[0]), order.spelt(shown[-1]), is_first=False)
    found = rows.walk(order, first + 1)
    return Page(found[:first], after=order.spelt(found[first - 1]) if len(found) > first else "")


def _after(rows: Rows, order: Order, key: Key) -> Page:
    found = rows.walk(order, PAGE_SIZE + 1, key)
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
