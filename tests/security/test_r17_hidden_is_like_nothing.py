"""What is hidden answers like what was never there: status, names of headers, body, and time."""

import statistics
import time
from itertools import pairwise

import pytest
from django.test import Client

from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

NEVER, TOKEN = 987_654_321, "0" * 24
TRIES, DIFFERENCE = 200, 0.10


@pytest.fixture
def pairs():
    """Addresses of what is hidden, each beside one of what was never there."""
    public = factories.published()
    topic, author = factories.TopicFactory(), factories.AuthorFactory()
    lead = {"photo": factories.photo(), "photo_alt": "Cảnh", "photo_credit": "BP"}
    draft = factories.draft(tags=[topic], byline=[author], **lead)
    scheduled = factories.scheduled()
    pending = makers.pending(public)
    found = []
    for number in (draft.pk, scheduled.pk):
        found += [
            (f"/x/y-{number}.html", f"/x/y-{NEVER}.html"),
            (f"/binh-luan/{number}/", f"/binh-luan/{NEVER}/"),
            (f"/binh-luan/{number}/y-kien/", f"/binh-luan/{NEVER}/y-kien/"),
        ]
    token = draft.newest_revision.photo.token
    return [
        *found,
        (
            scheduled.get_absolute_url(),
            scheduled.get_absolute_url().replace(str(scheduled.pk), "9" * 9),
        ),
        (topic.get_absolute_url(), "/chu-de/khong-co/"),
        (f"{topic.get_absolute_url()}rss.xml", "/chu-de/khong-co/rss.xml"),
        (author.get_absolute_url(), "/tac-gia/khong-co/"),
        (f"/anh/{token}-264.webp", f"/anh/{TOKEN[: len(token)]}-264.webp"),
        (f"/binh-luan/y-kien/{pending.pk}/", f"/binh-luan/y-kien/{NEVER}/"),
        (f"/binh-luan/y-kien/{pending.pk}/bao-cao/", f"/binh-luan/y-kien/{NEVER}/bao-cao/"),
        (f"/binh-luan/y-kien/{pending.pk}/thich/", f"/binh-luan/y-kien/{NEVER}/thich/"),
    ]


def seen(path, method="get"):
    """Return all a reader can compare, without the address itself."""
    answer = getattr(Client(), method)(path)
    body = answer.content.decode().replace(path, "")
    return answer.status_code, sorted(answer.headers), body, answer.headers.get("Location")


def test_status_headers_and_body_are_the_same(pairs):
    for hidden, nothing in pairs:
        for method in ("get", "head", "post"):
            assert seen(hidden, method) == seen(nothing, method), (method, hidden)
        assert seen(hidden)[0] in (404, 405), hidden


@pytest.mark.long
def test_it_takes_the_same_time(pairs):
    """CPU time, because the machine may be busy; the two take turns.

    Not for comments by number: they are counted up for all to see, so that one is there is no
    secret, only what it says.
    """
    apart = {}
    for hidden, nothing in (pair for pair in pairs if "/binh-luan/y-kien/" not in pair[0]):
        spent = {hidden: [], nothing: []}
        reader = Client()
        for path in [hidden, nothing] * (TRIES + 1):
            start = time.thread_time()
            reader.get(path)
            spent[path].append(time.thread_time() - start)
        medians = [statistics.median(times[1:]) for times in spent.values()]
        apart[hidden] = max(one / other - 1 for one, other in (*pairwise(medians), medians[::-1]))
    print({path: f"{share:.1%}" for path, share in apart.items()})
    assert {path: share for path, share in apart.items() if share >= DIFFERENCE} == {}
