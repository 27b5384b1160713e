"""Where in the queues a moderator stands: a tab, narrowed or not, and what lies beside."""

import datetime as dt
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from articles.admin.desk_numbers import LATE, waited
from articles.permissions import moderated
from newsroom import events, keyset, vietnamese
from newsroom.keyset import Key

from .. import moderation
from ..models import Comment, Decision
from ..querysets import in_words
from .narrowing import Narrowing
from .tabs import FIRST, TABS, Tab, tab_of

LIST = "admin:comments_comment_changelist"
NEXT = 20  # tried one after the other, should colleagues take them meanwhile


class Place:
    """One tab as one person sees it: only what he may moderate, the queue's own order."""

    def __init__(self, request: HttpRequest):
        self.actor = request.user
        self.now = timezone.now()
        self.tab = tab_of(request.GET)
        self.narrowing = Narrowing.of(request.GET)

    @property
    def query(self) -> str:
        """What an address carries to stay here, with its question mark."""
        return self.query_of(self.tab)

    def query_of(self, tab: Tab, **more: Any) -> str:
        """Return the query of another tab, narrowed alike."""
        state = {} if tab is FIRST else {"state": tab.code}
        parts = state | dict(self.narrowing.asked) | more
        return f"?{urlencode(parts)}" if parts else ""

    def without(self, name: str) -> str:
        """Return the query that widens the list by one part."""
        state = {} if self.tab is FIRST else {"state": self.tab.code}
        rest = {part: value for part, value in self.narrowing.asked.items() if part != name}
        return f"?{urlencode(state | rest)}"

    def url(self, pk: int, page: str = "change", **more: Any) -> str:
        """Return the address of a comment's page that leads back here."""
        address = reverse(f"admin:comments_comment_{page}", args=[pk])
        return address + self.query_of(self.tab, **more)

    def list_url(self, **more: Any) -> str:
        """Return the address of the list."""
        return reverse(LIST) + self.query_of(self.tab, **more)

    @cached_property
    def mine_to_see(self) -> QuerySet[Comment]:
        """Every comment of the sections the person moderates."""
        return Comment.objects.filter(moderated(self.actor))

    def sees(self, comment: Comment) -> bool:
        """Whether the comment stands in one of these sections."""
        return self.mine_to_see.filter(pk=comment.pk).exists()

    @cached_property
    def narrowed(self) -> QuerySet[Comment]:
        """Those of them that are looked at, whichever tab they stand in."""
        return self.narrowing.within(self.mine_to_see)

    def rows(self, tab: Tab | None = None) -> QuerySet[Comment]:
        """Return a tab's comments in its order."""
        tab = tab or self.tab
        back = "-" if tab.newest_first else ""
        kept = self.narrowed.filter(tab.kept(self.actor, self.now))
        return kept.order_by(f"{back}{tab.key}", f"{back}pk")

    def free(self) -> QuerySet[Comment]:
        """Return those of the tab nobody else has open."""
        return self.rows().filter(moderation.unclaimed_for(self.actor, self.now))

    def key_of(self, comment: Comment) -> Key:
        """Return where a comment stands in the tab's order; by no moment where it has left it."""
        return Key(getattr(comment, self.tab.key), comment.pk)

    def beyond(self, rows: QuerySet[Comment], key: Key) -> QuerySet[Comment]:
        """Return what follows a key in the order; all of it for one without a moment."""
        if key.value is None:
            return rows
        return rows.filter(keyset.behind(self.tab.key, *key, falling=self.tab.newest_first))

    def before(self, comment: Comment) -> Comment | None:
        """Return the free comment before this one."""
        key = self.key_of(comment)
        if key.value is None:
            return None
        nearer = keyset.behind(self.tab.key, *key, falling=not self.tab.newest_first)
        return self.free().filter(nearer).reverse().first()

    def after(self, comment: Comment) -> Comment | None:
        """Return the free comment after this one."""
        return self.beyond(self.free(), self.key_of(comment)).first()

    def take_next(self, key: Key) -> Comment | None:
        """Claim and return the next free comment, from the front again where the tab ends."""
        for rows in (self.beyond(self.free(), key), self.free()):
            candidates = rows.exclude(pk=key.number).select_related("article")[:NEXT]
            if taken := moderation.claim_first(actor=self.actor, comments=candidates):
                return taken
        return None

    def cursor(self, comment: Comment) -> str:
        """Return what an address says to go on behind a comment."""
        key = self.key_of(comment)
        return key.spelt() if key.value else ""

    def behind(self, rows: QuerySet[Comment], cursor: str) -> QuerySet[Comment]:
        """Return what follows a cursor; everything for one that was not made here."""
        key = keyset.read_moment(cursor)
        return self.beyond(rows, key) if key else rows

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """Return the tabs with their numbers, each counted along its index and not to the end."""
        return [
            {
                "label": tab.label,
                "url": reverse(LIST) + (self.query_of(tab) or "?"),
                "current": tab is self.tab,
                "number": self.in_words(tab),
                "urgent": tab.code == "reported",
                "apart": tab.code == Comment.State.APPROVED,
            }
            for tab in TABS.values()
        ]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {}

    def number(self, tab: Tab) -> int:
        """Return how many stand in a tab, counted once and not to the end."""
        if tab.code not in self._numbers:
            self._numbers[tab.code] = self.rows(tab).number()
        return self._numbers[tab.code]

    def in_words(self, tab: Tab) -> str:
        """Return the number of a tab as it stands there; none where nobody waits."""
        number = self.number(tab) if tab.waits else 0
        return in_words(number) if number else ""

    @property
    def left(self) -> str:
        """How many stand in the tab, where somebody waits."""
        return self.in_words(self.tab)

    @property
    def parts(self) -> list[dict[str, str]]:
        """Return what the tab is narrowed to, each with the way back."""
        labels = self.narrowing.labels.items()
        return [{"label": label, "url": self.without(name)} for name, label in labels]

    @cached_property
    def _first_since(self) -> dt.datetime | None:
        rows = self.rows() if self.tab.waits else Comment.objects.none()
        return rows.values_list(self.tab.key, flat=True).first()

    @property
    def longest_wait(self) -> str:
        """How long the first of the tab has waited, where somebody waits."""
        return waited(self._first_since, self.now) if self._first_since else ""

    @property
    def is_late(self) -> bool:
        """Whether that is longer than anybody should wait."""
        return bool(self._first_since) and self.now - self._first_since > LATE

    @property
    def done_today(self) -> dict[str, Any]:
        """How many decisions the person has made today, and since when."""
        midnight = self.now.astimezone(vietnamese.ZONE).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        mine = Decision.objects.filter(actor=self.actor, at__gte=midnight).exclude(verb="undo")
        found = mine.aggregate(number=Count("pk"), first=Min("at"))
        since = events.clock(found["first"]) if found["first"] else ""
        return {"number": found["number"], "since": since}


def place_of(request: HttpRequest) -> Place:
    """Return where the request stands, looked up once: list, page and head ask for it."""
    if not hasattr(request, "_place"):
        request._place = Place(request)
    return request._place


def waiting_number(request: HttpRequest) -> str:
    """Return how many comments wait for the person, as the head of each page says it."""
    place = place_of(request)
    if place.narrowing:
        queues = [place.mine_to_see.in_queue(suspect=suspect) for suspect in (False, True)]
        number = sum(queue.number() for queue in queues)
    else:
        number = sum(place.number(TABS[code]) for code in (FIRST.code, "suspect"))
    return in_words(number) if number else ""
