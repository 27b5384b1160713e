"""R34: what the server has said is stored is there once, however often it is killed.

Target: 8 × kill -9 under writes, 0 lost, 0 double, the database sound, a first page within 5 s.
"""

import http.client
import time
from collections import Counter
from contextlib import suppress

import pytest

from articles.models import Revision
from newsroom.models import Event
from tests import factories
from tests.page_cache import servers
from tests.security.at_work import BYLINE, Reporter, Site, at_work, is_busy
from tests.security.ledger import Fate, Ledger, Odd, check_the_database, never_sent
from tests.security.report import NOT_TIMED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long, pytest.mark.alone]

KILLS, WRITERS = 8, 3
FIRST_PAGE_SECONDS = 5


def seconds_to_first_page(node) -> float:
    """How long until somebody who asks again and again gets the front page."""
    begun = time.monotonic()
    while time.monotonic() < begun + 30:
        with suppress(OSError, http.client.HTTPException):
            if node.get("/").status == 200:
                return time.monotonic() - begun
        time.sleep(0.02)
    return float("inf")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_acknowledged_is_there_once(tmp_path, workers, record_property):
    waits, busy = [], is_busy()
    factories.AuthorFactory(name=BYLINE)
    with servers.nodes(tmp_path, workers=workers) as [node]:
        site, ledger = Site(node), Ledger()
        with at_work(site, [Reporter(site, ledger, number) for number in range(WRITERS)]):
            for _ in range(KILLS):
                time.sleep(servers.BETWEEN_DEATHS_SECONDS)
                servers.until(node.workers)
                node.kill_worker()
                waits.append(seconds_to_first_page(node))
            time.sleep(1)
    sent, stored = ledger.names("article"), ledger.names("article", Fate.STORED)
    there = Counter(Revision.objects.values_list("headline", flat=True))
    assert ledger.not_as_told("article", there) == ([], [], [])
    assert never_sent(sent, there) == set()
    assert len(there) - len(stored) <= KILLS * WRITERS, "only what was on its way is unsure"
    assert Event.objects.filter(verb="save").count() == len(there), "half a verb"
    assert ledger.wrong == []
    assert [seen for seen in ledger.odd if seen.what is not Odd.NOTHING] == []
    check_the_database()
    assert len(stored) > 3 * KILLS
    counted = f"{len(sent)} sent, {len(stored)} acknowledged, {len(there)} there"
    record_property("measured", f"{counted}, first page after at most {max(waits):.1f} s")
    if busy:
        pytest.skip(NOT_TIMED)
    assert max(waits) <= FIRST_PAGE_SECONDS
