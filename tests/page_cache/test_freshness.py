"""Nobody sees what was true before a change, once the change has returned and a moment passed.

Readers ask all processes of all nodes for the same pages while the newsroom works. What they got is
compared, byte by byte, with what the views show between two changes: so a page is also wholly old
or wholly new.
"""

import datetime as dt
import time
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from newsroom import vietnamese
from tests.page_cache import servers
from tests.page_cache.changes import Newsroom, State
from tests.page_cache.clusters import cut_listeners
from tests.page_cache.visitors import Visit, visiting

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT_SECONDS = 0.25
REST_SECONDS = 0.2  # beyond the moment, in which nothing but the new may be seen


class Story:
    """What the newsroom did and what readers saw of it."""

    def __init__(self, states: list[State], visits: list[Visit]):
        self.states = states
        self.visits = visits
        self.begun = [state.begun for state in states]
        self.done = [state.done + MOMENT_SECONDS for state in states]

    def allowed(self, visit: Visit) -> list[State]:
        """The states of which the visitor may have been shown one."""
        oldest = max(bisect_right(self.done, visit.start) - 1, 0)
        return self.states[oldest : bisect_right(self.begun, visit.end)]

    def violations(self) -> Iterator[str]:
        """Say of each page that was old, or of no state at all, what it showed."""
        for visit in filter(_came, self.visits):
            allowed = self.allowed(visit)
            if visit.seen not in {state.pages[visit.path] for state in allowed}:
                yield self._told(visit, allowed[0])

    def _told(self, visit: Visit, state: State) -> str:
        shown = [one.name for one in self.states if one.pages[visit.path] == visit.seen]
        return (
            f"{visit.path} of node {visit.port}, asked {visit.start - state.done:.3f} s after "
            f"{state.name} had returned, was {visit.seen}, as after {shown or 'nothing'}, "
            f"not {state.pages[visit.path]}; it took {visit.end - visit.start:.3f} s"
        )

    def certain(self) -> int:
        """How many pages could be one thing only."""
        return sum(len(self.allowed(visit)) == 1 for visit in filter(_came, self.visits))

    def lost(self) -> list[Visit]:
        """Requests nobody answered, or with the words that something is broken."""
        return [visit for visit in self.visits if not _came(visit)]


def _came(visit: Visit) -> bool:
    return 0 < visit.status < 500


class Trouble:
    """Ends a worker, and on PostgreSQL what all of them listen on, now and then."""

    def __init__(self):
        self.began = float("inf")
        self.killed = self.cut = 0
        self._last = float("-inf")

    def make(self, running: list[servers.Node]) -> None:
        """Do harm where enough time has passed since the last time."""
        self.began = min(self.began, time.time())
        if connection.vendor == "postgresql":
            self.cut += cut_listeners()
        if time.monotonic() - self._last > servers.BETWEEN_DEATHS_SECONDS:
            running[self.killed % len(running)].kill_worker()
            self.killed, self._last = self.killed + 1, time.monotonic()


def told(folder: Path, trouble: Trouble, *, calm: int, troubled: int = 0, seed: int = 1) -> Story:
    """Run so many changes under the eyes of readers, the first in peace."""
    newsroom = Newsroom(seed)
    count, workers = (2, 2) if connection.vendor == "postgresql" else (1, 4)
    with servers.nodes(folder, count=count, workers=workers) as running:
        ports = [node.port for node in running]
        with visiting(ports, newsroom.paths) as visits:
            for number, change in enumerate(newsroom.changes(calm + troubled)):
                if number >= calm:
                    trouble.make(running)
                newsroom.make(change)
                time.sleep(MOMENT_SECONDS + REST_SECONDS)
    assert {visit.port for visit in visits} == set(ports)
    return Story(newsroom.states, visits)


def hold(story: Story, trouble: Trouble, record_property) -> None:
    """Nobody saw anything old or mixed; while there was peace everybody was answered."""
    violations = list(story.violations())
    counted = f"{len(story.states) - 1} changes, {len(story.visits)} responses"
    record_property(
        "measured", f"{counted}, {len(violations)} old or mixed, {trouble.killed} killed"
    )
    assert violations == []
    assert story.certain() > 10 * len(story.states)
    assert [visit for visit in story.lost() if visit.start < trouble.began - 1] == []


def test_nothing_old_and_nothing_mixed_is_seen_even_where_workers_die(tmp_path, record_property):
    trouble = Trouble()
    story = told(tmp_path, trouble, calm=9, troubled=4)
    hold(story, trouble, record_property)
    assert trouble.killed
    assert trouble.cut or connection.vendor == "sqlite"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 20))
def test_a_thousand_changes(tmp_path, seed, record_property):
    trouble = Trouble()
    hold(told(tmp_path, trouble, calm=100, seed=seed), trouble, record_property)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20, 25))
def test_hundreds_of_changes_among_deaths(tmp_path, seed, record_property):
    trouble = Trouble()
    hold(told(tmp_path, trouble, calm=0, troubled=60, seed=seed), trouble, record_property)
    assert trouble.killed > 3


def test_the_story_knows_that_a_day_begins(clock):
    evening = clock(dt.datetime(2026, 3, 1, 23, 59, 59, 900_000, vietnamese.ZONE))
    newsroom = Newsroom(seed=1)
    newsroom.make(newsroom.rename)
    before, midnight, after = newsroom.states
    assert (midnight.name, after.name) == ("midnight (0)", "rename (1)")
    assert midnight.begun == midnight.done == (evening + dt.timedelta(seconds=0.1)).timestamp()
    assert before.pages["/"] != midnight.pages["/"]
