"""The list of articles by state (the tabs), section, writer, tag and day."""

import datetime as dt
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import row_number
from newsroom.models import User

from ..models import Article, Revision, Section
from .states import LABELS, PUBLISHED, SCHEDULED, WITHDRAWN

State = Revision.State
OPEN, ALL = "open", "all"
UNFINISHED = (State.DRAFT, State.RETURNED, State.IN_REVIEW)
TABS = {
    OPEN: _("In hand"),
    **{state: LABELS[state] for state in (*UNFINISHED, State.APPROVED)},
    SCHEDULED: LABELS[SCHEDULED],
    PUBLISHED: LABELS[PUBLISHED],
    WITHDRAWN: LABELS[WITHDRAWN],
    ALL: _("All"),
}


def in_state(articles: QuerySet[Article], tab: str) -> QuerySet[Article]:
    """Keep the articles of one tab. Open work of a public article stands in both tabs."""
    if tab in UNFINISHED:
        return articles.filter(newest_revision__state=tab)
    if tab == State.APPROVED:
        return articles.filter(has_open_work=True, newest_revision__state=State.APPROVED)
    if tab == SCHEDULED:
        return articles.waiting(timezone.now())
    if tab == PUBLISHED:
        return articles.filter(is_public=True)
    if tab == WITHDRAWN:
        return articles.filter(has_begun=True, is_public=False)
    return articles


class InHand:
    """What is being worked on, by its state: few of the articles, whatever the archive holds.

    Their numbers are asked for once. Nearly every text of an archive is approved: to see which of
    these nobody has placed yet takes longer than all else of the list, and the databases would
    rather walk all texts than these few.
    """

    def __init__(self, articles: QuerySet[Article]):
        self._scheduled = in_state(articles, SCHEDULED).count()
        articles = articles.order_by()
        unfinished = articles.filter(newest_revision__state__in=UNFINISHED)
        self._in_state: dict[str, list[int]] = {state: [] for state in UNFINISHED}
        for state, pk in unfinished.values_list("newest_revision__state", "pk"):
            self._in_state[state].append(pk)
        accepted = in_state(articles, State.APPROVED)
        self._in_state[State.APPROVED] = list(accepted.values_list("pk", flat=True))

    def counts(self) -> dict[str, int]:
        """Return how many articles wait in each tab that is about work to be done."""
        found = {state: len(numbers) for state, numbers in self._in_state.items()}
        return {OPEN: sum(found.values()), SCHEDULED: self._scheduled, **found}

    def numbers(self, tab: str) -> list[int] | None:
        """Return the numbers of the articles of a tab; None for one that may hold any number."""
        if tab == OPEN:
            return [number for numbers in self._in_state.values() for number in numbers]
        return self._in_state.get(tab)


class StateFilter(SimpleListFilter):
    """The tabs over the list; the first is what is in hand."""

    title = _("state")
    parameter_name = "state"
    template = "admin/desk/tabs.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any):
        super().__init__(request, params, model, model_admin)
        self.in_hand = InHand(model_admin.get_queryset(request))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The tabs."""
        return list(TABS.items())

    def value(self) -> str:
        """Return the tab chosen, the first one where none is."""
        chosen = super().value()
        return chosen if chosen in TABS else OPEN

    def choices(self, changelist: Any):
        """Yield each tab with its count."""
        counts = self.in_hand.counts()
        for tab, label in TABS.items():
            yield {
                "selected": self.value() == tab,
                "query_string": changelist.get_query_string({self.parameter_name: tab}, ["p"]),
                "display": label,
                "count": counts.get(tab),
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the tab's articles."""
        numbers = self.in_hand.numbers(self.value())
        if numbers is None:
            return in_state(queryset, self.value())
        return queryset.filter(pk__among=numbers)


class SectionFilter(SimpleListFilter):
    """Articles of a section and its sub-sections."""

    title = _("Section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """The sections in the order of the menu."""
        rows = Section.objects.select_related("parent").order_by("position", "pk")
        tops = [section for section in rows if section.parent_id is None]
        return [
            (section.pk, section.name if section.parent_id is None else f"› {section.name}")
            for top in tops
            for section in (top, *(child for child in rows if child.parent_id == top.pk))
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep what lies in the section or below it."""
        section = row_number(self.value())
        if section is None:
            return queryset
        return queryset.filter(Q(section=section) | Q(section__parent=section))


class WriterFilter(SimpleListFilter):
    """Articles by the account that began them."""

    title = _("Writer")
    parameter_name = "writer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """The accounts that have begun an article."""
        writers = User.objects.filter(articles__isnull=False).distinct()
        return [(user.pk, str(user)) for user in writers.order_by("sort_key", "username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the writer's."""
        writer = row_number(self.value())
        return queryset if writer is None else queryset.filter(created_by=writer)


class DayFilter(SimpleListFilter):
    """Articles touched lately."""

    title = _("Last change")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """How long ago at most."""
        return [("1", _("today and yesterday")), ("7", _("7 days")), ("30", _("30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep what was saved since."""
        if self.value() not in ("1", "7", "30"):
            return queryset
        day = timezone.localdate(timezone=vietnamese.ZONE) - dt.timedelta(days=int(self.value()))
        since = dt.datetime.combine(day, dt.time(), vietnamese.ZONE)
        return queryset.filter(newest_revision__saved_at__gte=since)
