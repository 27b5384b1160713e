"""The list of articles by state (the tabs), section, writer, tag and day."""

import datetime as dt
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import row_number
from newsroom.models import User

from ..models import Article, Publication, Revision, Section
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
    used = Publication.objects.in_force().values("revision")
    unused = ~Q(newest_revision__in=used)
    if tab in UNFINISHED:
        return articles.filter(newest_revision__state=tab)
    if tab == State.APPROVED:
        return articles.filter(unused, newest_revision__state=State.APPROVED)
    if tab == OPEN:
        return articles.filter(
            Q(newest_revision__state__in=UNFINISHED)
            | (Q(newest_revision__state=State.APPROVED) & unused)
        )
    if tab == SCHEDULED:
        return articles.filter(is_waiting=True)
    if tab == PUBLISHED:
        return articles.filter(is_public=True)
    if tab == WITHDRAWN:
        return articles.filter(has_begun=True, is_public=False)
    return articles


def counts(articles: QuerySet[Article]) -> dict[str, int]:
    """Return how many articles wait in each tab that is about work to be done."""
    rows = articles.filter(newest_revision__state__in=UNFINISHED).order_by()
    by_state = dict(
        rows.values_list("newest_revision__state")
        .annotate(Count("pk"))
        .values_list("newest_revision__state", "pk__count")
    )
    found = {state: by_state.get(state, 0) for state in UNFINISHED}
    found[State.APPROVED] = in_state(articles, State.APPROVED).count()
    found[SCHEDULED] = in_state(articles, SCHEDULED).count()
    found[OPEN] = sum(found[state] for state in (*UNFINISHED, State.APPROVED))
    return found


class StateFilter(SimpleListFilter):
    """The tabs over the list; the first is what is in hand."""

    title = _("state")
    parameter_name = "state"
    template = "admin/desk/tabs.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any):
        super().__init__(request, params, model, model_admin)
        self.counts = counts(model_admin.get_queryset(request))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The tabs."""
        return list(TABS.items())

    def value(self) -> str:
        """Return the tab chosen, the first one where none is."""
        chosen = super().value()
        return chosen if chosen in TABS else OPEN

    def choices(self, changelist: Any):
        """Yield each tab with its count."""
        for tab, label in TABS.items():
            yield {
                "selected": self.value() == tab,
                "query_string": changelist.get_query_string({self.parameter_name: tab}, ["p"]),
                "display": label,
                "count": self.counts.get(tab),
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the tab's articles."""
        return in_state(queryset, self.value())


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
