"""Reading the log: who, what, when, from where; each question walks an index and stops early.

A page is read by keyset, newest first, and nothing is ever counted. A question with several
answers (a group of verbs, two people of one name) walks each of its indexes for one page and
merges them: the database would sort all of them first.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import folded, keyset, vietnamese
from .fields import row_number
from .models import Event, User
from .rules import FORGOTTEN_VERBS

PAGE = 50
SEARCHED = 100_000  # the newest rows words are looked for in, where no day is chosen
MANY_PEOPLE = 10


@dataclass(frozen=True)
class Group:
    """Verbs that are asked for together; of some kinds of thing only, where kinds are named."""

    label: Promise
    verbs: tuple[str, ...]
    kinds: tuple[str, ...] = ()

    def parts(self) -> list[Q]:
        """Return what to walk, one index after the other."""
        kinds = Q(object_type__in=self.kinds) if self.kinds else Q()
        return [Q(verb=verb) & kinds for verb in self.verbs]


GROUPS = {
    "sign-ins": Group(_("Log-ins"), FORGOTTEN_VERBS),
    "accounts": Group(
        _("Accounts, rights, settings"),
        (
            *("add", "change", "leave", "end_log_ins"),
            *("add_second_step", "renew_recovery_codes", "remove_second_step"),
        ),
        ("user", "sitesettings", "section"),
    ),
    "persons": Group(_("Personal data"), ("see_address", "see_demand", "export")),
    "readers-see": Group(
        _("What readers see"), ("publish", "schedule", "unschedule", "withdraw", "place")
    ),
    "comments": Group(
        _("Decisions on comments"),
        ("approve", "reject", "mark_spam", "hold", "remove", "redact", "undo", "purge"),
        ("comment",),
    ),
}


@dataclass(frozen=True)
class Asked:
    """What somebody asks the log. `since` and `until` are days in Vietnam, both included."""

    verb: str = ""  # a verb or a group
    who: str = ""
    what: str = ""  # a number or words of the object
    network: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def searches_the_newest_alone(self) -> bool:
        """Whether words are looked for, and no day says where."""
        return bool(self.what) and row_number(self.what) is None and self.since is None


def page(
    rows: QuerySet[Event], asked: Asked, kinds: tuple[str, ...], after: str = ""
) -> tuple[list[Event], str]:
    """Return one page of the rows that meet the question, newest first, and where the next begins.

    `kinds` are the kinds of things there are; `after` is what the page before returned. "" says
    that there is no further page.
    """
    rows = rows.filter(_days(asked), _words(asked), _behind(after))
    first, others = _parts(asked, kinds)
    found: dict[int, Event] = {}
    for part in first:
        walked = rows.filter(part, *others).select_related("actor").order_by("-at", "-id")
        found |= {event.pk: event for event in walked[: PAGE + 1]}
    ordered = sorted(found.values(), key=lambda event: (event.at, event.pk), reverse=True)
    shown = ordered[:PAGE]
    is_last = len(ordered) <= PAGE
    return shown, "" if is_last else keyset.Key(shown[-1].at, shown[-1].pk).spelt()


def people(name: str) -> QuerySet[User]:
    """Return the accounts a name stands for, accents or none, by full name or by log-in."""
    called = folded.found(User.objects.all(), name, "full_name").values("pk")
    people = User.objects.filter(Q(username__iexact=name) | Q(pk__in=called))
    return people.order_by("sort_key", "pk")[:MANY_PEOPLE]


def _parts(asked: Asked, kinds: tuple[str, ...]) -> tuple[list[Q], list[Q]]:
    """Return what is walked, and what each row walked must meet besides.

    Walked is what leaves the fewest rows: a thing, a person, a network, then a verb.
    """
    questions = [
        *_of_number(asked, kinds),
        *([_of_people(asked.who)] if asked.who else []),
        *([[Q(network=asked.network)]] if asked.network else []),
        *([_of_verbs(asked.verb)] if asked.verb else []),
    ]
    first, *others = questions or [[Q()]]
    return first, [_any(parts) for parts in others]


def _of_number(asked: Asked, kinds: tuple[str, ...]) -> Iterator[list[Q]]:
    number = row_number(asked.what)
    if number is not None:
        yield [Q(object_type=kind, object_id=number) for kind in kinds]


def _of_people(name: str) -> list[Q]:
    """Return what somebody did, and what was done to his account."""
    found = [user.pk for user in people(name)]
    to_them = [Q(object_type="user", object_id=pk) for pk in found]
    return [Q(actor=pk) for pk in found] + to_them or [Q(pk__in=[])]


def _of_verbs(name: str) -> list[Q]:
    group = GROUPS.get(name)
    return group.parts() if group else [Q(verb=name)]


def _any(parts: list[Q]) -> Q:
    met = Q()
    for part in parts:
        met |= part
    return met


def _days(asked: Asked) -> Q:
    met = Q()
    if asked.since:
        met &= Q(at__gte=_midnight(asked.since))
    if asked.until:
        met &= Q(at__lt=_midnight(asked.until + dt.timedelta(days=1)))
    return met


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), vietnamese.ZONE)


def _words(asked: Asked) -> Q:
    """Return that the words stand in what the thing was called, as typed or with a capital."""
    if not asked.what or row_number(asked.what) is not None:
        return Q()
    forms = {asked.what, asked.what[:1].upper() + asked.what[1:]}
    met = _any([Q(object_label__icontains=form) for form in sorted(forms)])
    return met & Q(pk__gt=_floor()) if asked.searches_the_newest_alone else met


def _floor() -> int:
    return (Event.objects.aggregate(last=Max("pk"))["last"] or 0) - SEARCHED


def _behind(cursor: str) -> Q:
    """Return that a row stands behind the one a cursor names; a cursor nobody made asks nothing."""
    key = keyset.read_moment(cursor)
    return keyset.behind("at", *key, falling=True) if key else Q()


def read(day: str) -> dt.date | None:
    """Return the day somebody typed, day first; None for none and for what is no day."""
    try:
        moment, _precision = vietnamese.read_date(day)
    except (ValueError, OverflowError):
        return None
    return moment.date() if 2000 <= moment.year < dt.MAXYEAR else None
