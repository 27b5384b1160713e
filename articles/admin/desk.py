"""What waits for whom: the first page after the log-in."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.models import Event, User
from newsroom.roles import Role

from ..models import Article, Byline, Revision
from ..permissions import Verb, mine, readable
from .article_filters import in_state
from .desk_numbers import LATE, by_section, days, timeline, waited
from .states import LABELS, OPEN_WORK, SCHEDULED

State = Revision.State
MANY, FEW = 30, 10


@dataclass(frozen=True)
class Row:
    """One article, or another thing to do, in one line."""

    label: str
    url: str
    meta: str = ""
    wait: str = ""
    late: bool = False
    quote: str = ""
    chip: str = ""
    chip_label: str = ""


@dataclass(frozen=True)
class Card:
    """One list of the desk. `more` leads to all of it."""

    title: str
    rows: list[Row]
    empty: str
    hint: str = ""
    more: str = ""


@dataclass(frozen=True)
class Desk:
    """One person's first page: the work, the numbers beside it, the day's timeline."""

    title: str
    cards: list[Card]
    sections: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)


def desk_of(user: User, at: dt.datetime) -> Desk | None:
    """Return the desk of whoever works with articles; None for everybody else."""
    articles = readable(user).with_state(at).select_related("section", "newest_revision")
    if Role.SECRETARY in user.roles:
        return _secretary(articles, at)
    if Role.EDITOR in user.roles:
        return _editor(user, articles, at)
    if Role.REPORTER in user.roles:
        return _reporter(user, articles, at)
    return None


def _reporter(user: User, articles: QuerySet[Article], at: dt.datetime) -> Desk:
    own = articles.filter(mine(user))
    return Desk(_("Reporter’s desk"), [*_own_cards(own, at), _published(own, at)])


def _editor(user: User, articles: QuerySet[Article], at: dt.datetime) -> Desk:
    waiting = in_state(articles, State.IN_REVIEW)
    fresh, edits = waiting.filter(has_begun=False), waiting.filter(has_begun=True)
    returned = in_state(articles, State.RETURNED).exclude(mine(user))
    cards = [
        _queue(_("Waiting for review"), fresh, Verb.SUBMIT, at, _("Nothing waits for review.")),
        _queue(_("Edits of published articles"), edits, Verb.SUBMIT, at, _("No edit waits.")),
        Card(
            _("Returned, not back yet"),
            _rows(_oldest(returned), FEW, at, Verb.RETURN),
            _("No article is returned."),
        ),
        *_own_cards(articles.filter(mine(user)), at),
    ]
    return Desk(_("Editor’s desk"), cards, timeline=timeline(articles, at))


def _secretary(articles: QuerySet[Article], at: dt.datetime) -> Desk:
    approved = in_state(articles, State.APPROVED)
    cards = [
        _queue(
            _("Waiting for you to publish"),
            approved,
            Verb.APPROVE,
            at,
            _("Nothing waits to be published."),
            more=_list_url(State.APPROVED),
        ),
        Card(
            _("To keep an eye on"),
            _rows(
                _oldest(in_state(articles, State.IN_REVIEW).filter(is_public=True)),
                FEW,
                at,
                Verb.SUBMIT,
                chip=State.IN_REVIEW,
                chip_label=str(OPEN_WORK[State.IN_REVIEW]),
            ),
            _("Nothing special."),
        ),
    ]
    return Desk(
        _("Secretary’s desk"),
        cards,
        sections=by_section(in_state(articles, State.IN_REVIEW), at),
        days=days(articles, at),
        timeline=timeline(articles, at),
    )


def _own_cards(own: QuerySet[Article], at: dt.datetime) -> list[Card]:
    """Return what a writer has in hand: returned, being written, handed in; latest first."""
    own = own.order_by("-newest_revision__saved_at", "-pk")
    sent = in_state(own, State.IN_REVIEW)
    accepted = in_state(own, State.APPROVED)
    scheduled = in_state(own, SCHEDULED)
    handed_in = [
        *_rows(sent, FEW, at, Verb.SUBMIT, chip=State.IN_REVIEW),
        *_rows(accepted, FEW, at, Verb.APPROVE, chip=State.APPROVED),
        *_rows(scheduled, FEW, at, Verb.SCHEDULE, chip=SCHEDULED),
    ]
    return [
        Card(
            _("Returned to you"),
            _rows(in_state(own, State.RETURNED), MANY, at, Verb.RETURN, quoted=True),
            _("No article is returned."),
        ),
        Card(
            _("You are writing"),
            _rows(in_state(own, State.DRAFT), MANY, at, Verb.SAVE),
            _("No draft. Write the next article."),
            more=_list_url(State.DRAFT),
        ),
        Card(_("You have handed in"), handed_in, _("Nothing is on its way.")),
    ]


def _published(own: QuerySet[Article], at: dt.datetime) -> Card:
    rows = own.filter(is_public=True).order_by("-first_public_at")
    return Card(
        _("Published"),
        _rows(rows, FEW, at, Verb.PUBLISH),
        _("Nothing is published yet."),
        more=_list_url("published"),
    )


def _queue(
    title: str, articles: QuerySet[Article], verb: str, at: dt.datetime, empty: str, more: str = ""
) -> Card:
    """Return a list in which the one that waits longest stands first."""
    rows = _rows(_oldest(articles), MANY, at, verb, waiting=True)
    return Card(title, rows, empty, hint=_("longest wait first"), more=more)


def _oldest(articles: QuerySet[Article]) -> QuerySet[Article]:
    return articles.order_by("newest_revision__saved_at", "pk")


def _rows(
    found: QuerySet[Article],
    limit: int,
    at: dt.datetime,
    verb: str,
    *,
    waiting: bool = False,
    quoted: bool = False,
    chip: str = "",
    chip_label: str = "",
) -> list[Row]:
    """Return the first as lines: section, names, the newest `verb`, how long it was ago."""
    articles = found.fetched(list(found.values_list("pk", flat=True)[:limit]))
    last = events.latest_of(articles, verb)
    names = _names(articles)
    return [
        Row(
            label=article.newest_revision.headline,
            url=reverse("admin:articles_article_change", args=[article.pk]),
            meta=" · ".join(_meta(article, names.get(article.pk, ""), last.get(article.pk))),
            wait=waited(_since(article, last), at) if waiting else "",
            late=waiting and at - _since(article, last) > LATE,
            quote=last[article.pk].reason if quoted and article.pk in last else "",
            chip=chip,
            chip_label=chip_label or str(LABELS.get(chip, "")),
        )
        for article in articles
    ]


def _since(article: Article, last: dict[int, Event]) -> dt.datetime:
    event = last.get(article.pk)
    return event.at if event else article.newest_revision.saved_at


def _meta(article: Article, names: str, event: Event | None) -> list[str]:
    parts = [str(article.section or _("no section")), names]
    if event:
        did = events.did(event)
        parts.append(f"{events.actor_name(event)} {did} {events.clock(event.at)}")
    return [part for part in parts if part]


def _names(articles: list[Article]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = Byline.objects.filter(revision__in=[row.newest_revision_id for row in articles])
    for article, name in rows.order_by("position").values_list("revision__article", "name"):
        found.setdefault(article, []).append(name)
    return {article: " – ".join(names) for article, names in found.items()}


def _list_url(tab: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?state={tab}"
