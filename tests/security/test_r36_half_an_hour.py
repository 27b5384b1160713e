"""R34, R36: half an hour of everything at once, with a fault each minute.

Readers read, comments come by the second, editors save, the secretary publishes and moderators
decide. Target: no acknowledged write lost or doubled, no 500, nothing of others on any page, all
well within 5 s of each fault, memory bounded. LOAD_MINUTES says how long the long version takes.
"""

import datetime as dt
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from statistics import median

import pytest
from captcha.models import CaptchaStore
from django.db import connection
from django.utils import timezone

from articles.models import Article, Publication, Revision
from comments.models import Comment, Decision
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.bench import memory, processes
from tests.page_cache.clusters import Cluster
from tests.page_cache.servers import Answer
from tests.security.at_work import (
    BYLINE,
    EARLY,
    PRIVATE,
    Commenter,
    Editor,
    Moderator,
    Person,
    Reader,
    Secretary,
    Site,
    at_work,
    is_busy,
    session_of,
)
from tests.security.disks import Pulse
from tests.security.harm import WELL_SECONDS, WORKERS, Fault, Harm, Seconds
from tests.security.ledger import Fate, Ledger, Odd, check_the_database, never_sent
from tests.security.report import NOT_TIMED

pytestmark = pytest.mark.django_db(transaction=True)

MINUTES = float(os.environ.get("LOAD_MINUTES", "30"))
CACHE_MB = 64  # what a worker keeps where nobody says otherwise
NOISE_MIB = 40
WARM_SECONDS = 3
SHORT = Seconds(locked=2, full=2, wrong_clock=2)


class Newsroom:
    """What there is before anybody works, and what readers must find of it all the time."""

    def __init__(self):
        self.section = factories.SectionFactory(name="Thời sự", slug="thoi-su")
        author = factories.AuthorFactory(name=BYLINE, slug="trung-kien")
        made = {"section": self.section, "byline": [author]}
        long_ago = timezone.now() - dt.timedelta(days=3)
        self.live = [
            factories.published(at=long_ago, headline=f"Tin cũ số {number}", **made)
            for number in range(8)
        ]
        soon = timezone.now() + dt.timedelta(hours=12)
        self.planned = factories.scheduled(at=soon, headline=EARLY, **made)
        draft = factories.draft(headline=f"Bản nháp {PRIVATE}", **made)
        there, never = {200}, {404}
        self.paths = dict.fromkeys(("/", "/rss.xml", "/thoi-su/"), there)
        self.paths |= {article.get_absolute_url(): there for article in self.live}
        self.paths |= {f"/binh-luan/{article.pk}/y-kien/": there for article in self.live[:3]}
        self.paths |= {"/khong-co-trang-nay/": never, f"/thoi-su/x-{draft.pk}.html": never}
        # Where a clock runs ahead it is there; what it shows is judged by itself.
        self.paths[self.planned.get_absolute_url()] = {404, 200}

    def people(self, site: Site, ledger: Ledger) -> list[Person]:
        """Return everybody who is going to work."""
        readers = [Reader(site, ledger, number, self.paths) for number in range(4)]
        storm = [Commenter(site, ledger, number, self.live) for number in range(3)]
        desk = [kind(site, ledger, n) for kind in (Editor, Moderator) for n in range(2)]
        return [*readers, *storm, *desk, Secretary(site, ledger)]


class Course:
    """What happened from beginning to end: faults, and how much memory the server took."""

    def __init__(self, pulse: Pulse):
        self.pulse = pulse
        self.faults: list[Fault] = []
        self.pss: list[float] = []

    def run(self, harm: Harm, kinds: Iterator[str], seconds: float, every: float) -> None:
        """Let a fault happen now and then, until so many seconds have passed."""
        time.sleep(WARM_SECONDS)
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            due = begun + every * (len(self.faults) + 1)
            self.faults.append(harm.make(next(kinds)))
            time.sleep(max(0.0, due - time.monotonic()))
            self.pss.append(processes.pss_mib(harm.site.node.pid))

    def unexplained(self, ledger: Ledger) -> list[str]:
        """What people saw that no fault is the reason of."""
        return [
            f"{seen.who}: {seen.what.value} at {seen.where}, {self._since(seen.begun)}"
            for seen in ledger.odd
            if not any(fault.explains(seen) for fault in self.faults)
        ]

    def _since(self, moment: float) -> str:
        before = [fault for fault in self.faults if fault.began <= moment]
        last = max(before, key=lambda fault: fault.began, default=None)
        return f"{moment - last.ended:.1f} s after “{last.kind}”" if last else "before any fault"

    def slow(self) -> list[str]:
        """Return after which faults not all was well in time."""
        late = [fault for fault in self.faults if fault.well > WELL_SECONDS]
        return [f"{fault.kind}: {fault.well:.1f} s, {self._of_the_disk(fault)}" for fault in late]

    def _of_the_disk(self, fault: Fault) -> str:
        seconds = self.pulse.stood_still(fault.ended, fault.ended + fault.well)
        return f"{seconds:.1f} s of it the disk wrote nothing"

    def check_memory(self) -> None:
        """Never more than what full caches take; in the second half no more than in the first."""
        assert max(self.pss) <= memory.room(WORKERS, CACHE_MB)
        half = len(self.pss) // 2
        if half >= 5:
            assert median(self.pss[half:]) <= median(self.pss[:half]) + NOISE_MIB


def in_an_order_of_chance(kinds: list[str], seed: int) -> Iterator[str]:
    """Yield each as often as the others, without end."""
    chance = random.Random(seed)
    while True:
        yield from chance.sample(kinds, len(kinds))


def there() -> dict[str, Counter]:
    """Count what the database holds, by kind and name."""
    headlines = Counter(Revision.objects.values_list("headline", flat=True))
    shown = Publication.objects.filter(signed_by__isnull=False)
    withdrawn = Event.objects.filter(verb="withdraw", object_type="article")
    return {
        "article": headlines,
        "version": headlines,
        "comment": Counter(Comment.objects.values_list("text", flat=True)),
        "publication": Counter(shown.values_list("revision__headline", flat=True)),
        "withdrawal": Counter(withdrawn.values_list("object_label", flat=True)),
        "decision": Counter(Decision.objects.values_list("comment_id", "actor_id")),
    }


class Account:
    """What the database holds, compared with what everybody was told."""

    def __init__(self, ledger: Ledger):
        self.lost, self.doubled, self.made_up = [], [], []
        self.held = there()
        for kind, counted in self.held.items():
            lost, doubled, all_the_same = ledger.not_as_told(kind, counted)
            self.lost += lost
            self.doubled += doubled
            self.made_up += all_the_same
        # “Nothing was saved” is said of all that was pressed: of the text as well.
        refused = ledger.names("publication", Fate.REFUSED)
        self.made_up += [one for one in refused if self.held["article"][one]]
        self.made_up += never_sent(ledger.names("comment"), self.held["comment"])
        self.made_up += never_sent(ledger.names("decision"), self.held["decision"])

    def other_than_told(self, ledger: Ledger) -> list[str]:
        """Say what is stored otherwise than was acknowledged."""
        decided = [pk for pk, _actor in ledger.names("decision", Fate.STORED)]
        rows = Comment.objects.filter(pk__in=decided).values_list("text", "state")
        told = {True: "rejected", False: "approved"}
        wrong = [f"“{text}” is {state}" for text, state in rows if state != told[PRIVATE in text]]
        ended = Publication.objects.filter(ends_at__isnull=False)
        gone = set(ended.values_list("revision__headline", flat=True))
        still_out = [one for one in ledger.names("withdrawal", Fate.STORED) if one not in gone]
        return wrong + [f"“{headline}” is still out" for headline in still_out]


def check_pages(site: Site) -> None:
    """What is public now is shown to readers, and what was withdrawn is not."""
    now = timezone.now()
    for article in Article.objects.filter(publications__starts_at__lte=now).order_by("-pk")[:60]:
        is_public = article.publications.public(now).exists()
        status = site.node.get(article.get_absolute_url()).status
        assert status == (200 if is_public else 410), article


def measured(ledger: Ledger, account: Account, course: Course) -> str:
    """Say what was seen in one line."""
    kinds = Counter(fault.kind for fault in course.faults)
    worst = max(course.faults, key=lambda fault: fault.well)
    said = {
        "faults": ", ".join(f"{n} × {kind}" for kind, n in kinds.items()),
        "acknowledged": ledger.count(Fate.STORED),
        "lost": len(account.lost),
        "doubled": len(account.doubled),
        "without an answer": ledger.count(Fate.UNSURE),
        "answers": ", ".join(f"{n} × {code or 'none'}" for code, n in ledger.statuses().items()),
        "odd": ", ".join(f"{n} × {what}" for what, n in ledger.oddities().items()),
        "well after at most": f"{worst.well:.1f} s ({worst.kind})",
        "disk stood still": ", ".join(f"{to - at:.1f} s" for at, to in course.pulse.standstills),
        "PSS": f"{course.pss[0]:.0f} MiB first, {max(course.pss):.0f} most, "
        f"{course.pss[-1]:.0f} last",
    }
    return "; ".join(f"{name}: {value}" for name, value in said.items())


@pytest.fixture
def load(tmp_path, record_property):
    """Returns a function that has everybody work through faults, and judges what they saw."""

    def run(names: list[str] | None, seconds: float, every: float, lengths: Seconds) -> Ledger:
        pulse = Pulse(tmp_path)
        newsroom, ledger, course = Newsroom(), Ledger(), Course(pulse)
        busy = is_busy()
        site, session = Site(), session_of(factories.user(Role.SECRETARY))
        people = newsroom.people(site, ledger)
        site.section, site.form = newsroom.section, f"/binh-luan/{newsroom.live[0].pk}/"
        # With all that stands in the database by now; from here on only the copy counts.
        cluster = Cluster() if connection.vendor == "postgresql" else None
        harm = Harm(tmp_path, site, session, lengths, cluster)
        if cluster:
            cluster.make_durable()
            site.home = cluster.here
        kinds = iter(names) if names else in_an_order_of_chance(list(harm.kinds()), seed=1)
        with site.home() if cluster else nullcontext(), harm.serving():
            with pulse, at_work(site, people):
                course.run(harm, kinds, seconds, every)
            account = Account(ledger)
            record_property("measured", measured(ledger, account, course))
            judge(ledger, account, course, site, busy)
        return ledger

    return run


def judge(ledger: Ledger, account: Account, course: Course, site: Site, busy: bool) -> None:
    """All that is promised."""
    assert ledger.wrong[:5] == []
    assert (account.lost, account.doubled, account.made_up) == ([], [], [])
    assert account.other_than_told(ledger) == []
    assert course.unexplained(ledger)[:10] == []
    check_pages(site)
    check_the_database()
    course.check_memory()
    for kind in account.held:
        assert ledger.names(kind, Fate.STORED), f"nobody got as far as a {kind}"
    if busy and course.slow():
        pytest.skip(NOT_TIMED)
    assert course.slow() == []


def test_what_is_slow_is_told_with_what_the_disk_had_to_do_with_it(tmp_path):
    slowly = iter((0.4,))
    with Pulse(tmp_path, lambda _file: time.sleep(next(slowly, 0.0))) as pulse:
        time.sleep(0.6)
    assert any(ended - began >= 0.4 for began, ended in pulse.standstills)
    pulse.standstills = [(7.0, 9.5), (21.0, 24.0)]
    course = Course(pulse)
    course.faults = [
        Fault(kind, 0.0, ended, well, frozenset())
        for kind, ended, well in (("in part", 23.0, 6.5), ("before it", 10.0, 5.1), ("no", 0, 4.9))
    ]
    assert course.slow() == [
        "in part: 6.5 s, 1.0 s of it the disk wrote nothing",
        "before it: 5.1 s, 0.0 s of it the disk wrote nothing",
    ]


def test_whose_digits_a_clock_has_ended_is_refused_and_keeps_his_text(node, monkeypatch):
    ledger = Ledger()
    commenter = Commenter(Site(node), ledger, 1, [factories.published()])
    asks = commenter.asks

    def asks_and_waits(path: str) -> Answer | None:
        answer = asks(path)
        CaptchaStore.objects.all().delete()
        return answer

    monkeypatch.setattr(commenter, "asks", asks_and_waits)
    commenter.work()
    assert ledger.wrong == []
    assert [(seen.who, seen.what) for seen in ledger.odd] == [("commenter", Odd.REFUSED)]
    assert len(ledger.names("comment", Fate.REFUSED)) == 1
    assert not Comment.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the long version does it on both")
def test_two_faults_lose_nothing_and_nobody_sees_what_is_not_his(load):
    ledger = load(["worker killed", "disk full"], 8, 6, SHORT)
    assert any(seen.what is Odd.AWAY for seen in ledger.odd), "no disk was full"


@pytest.mark.long
@pytest.mark.alone
def test_half_an_hour_of_everything_with_a_fault_a_minute(load):
    load(None, 60 * MINUTES, min(60, 6 * MINUTES), Seconds())
