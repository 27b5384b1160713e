"""A hundred thousand comments wait, a million are published: what the desk costs then.

`make test-long` on PostgreSQL. Each statement the pages run is explained: none may read the whole
table, and none depends on how many comments there are.
"""

import statistics
import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from comments.models import Comment
from newsroom.roles import Role
from newsroom.urls import urlpatterns as site
from tests import factories
from tests.comments.desk import QUEUE, form, url

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.urls(__name__)]

PENDING, APPROVED, ARTICLES = 100_000, 1_000_000, 50
ROUNDS = 15
# 200 ms where a view that only greets takes a millisecond at most; a slower machine has more time.
MOST, GREETING = 200, 0.001
TABLE = Comment._meta.db_table

urlpatterns = [path("hello/", lambda request: HttpResponse("Xin chào")), *site]

# A minute of reader's life a row: spread over articles, senders and days, texts repeat at times.
COLUMNS = """
    article_id, name, email, wants_notices, text, submitted_at, nonce, state, version, queued_at,
    decided_at, decided_by_id, reason, reason_note, reader_note, original_text, desk, score, hits,
    suspect, text_hash, address_hash, prefix_hash, is_shown, likes, likes_frozen, legal_hold,
    search_words, reported_at"""
ROWS = f"""
    INSERT INTO {TABLE} ({COLUMNS})
    SELECT (%(articles)s::bigint[])[1 + n %% cardinality(%(articles)s::bigint[])],
        'Người ' || n, CASE WHEN n %% 3 = 0 THEN 'b' || n %% 40000 || '@example.com' ELSE '' END,
        false, 'Ý kiến số ' || n, now() - n * interval '20 seconds', '', %(state)s, 1,
        now() - n * interval '20 seconds', %(decided)s, %(person)s, '', '', '', '', '', 0, '[]',
        n %% 5 = 0 AND %(state)s = 'pending', md5((n %% 200000)::text), md5((n %% 60000)::text),
        md5((n %% 9000)::text), %(state)s = 'approved', n %% 7, false, false, ' nguoi ' || n,
        CASE WHEN %(state)s = 'approved' AND n %% 5000 = 0 THEN now() - n * interval '1 second' END
    FROM generate_series(1, %(number)s) AS n"""


@pytest.fixture
def person(client):
    """A moderator, logged in."""
    if connection.vendor != "postgresql":
        pytest.skip("the plans are PostgreSQL's")
    person = factories.user(Role.MODERATOR, full_name="Vũ Thị Ngân")
    client.force_login(person)
    return person


@pytest.fixture
def articles():
    return [factories.published().pk for _number in range(ARTICLES)]


def fill_all(articles, person, part=1):
    """Store them all, or one in so many."""
    with connection.cursor() as cursor:
        fill(cursor, articles, "approved", APPROVED // part, person)
        fill(cursor, articles, "pending", PENDING // part, None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def fill(cursor, articles, state, number, person):
    values = {"articles": articles, "state": state, "number": number}
    decided = timezone.now() if person else None
    cursor.execute(ROWS, values | {"decided": decided, "person": person and person.pk})


def plans(statements):
    """Return the plan of each statement on comments that PostgreSQL can explain."""
    found = {}
    for statement in statements:
        sql = statement["sql"]
        if TABLE in sql and sql.split(" ", 1)[0] in ("SELECT", "UPDATE"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + sql.replace("%", "%%"), [])
                found[sql] = "\n".join(line for (line,) in cursor.fetchall())
    return found


def walks_along_indexes(statements):
    wrong = {sql: plan for sql, plan in plans(statements).items() if f"Seq Scan on {TABLE}" in plan}
    assert not wrong, "\n\n".join(f"{sql}\n{plan}" for sql, plan in wrong.items())


def captured(act):
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code in (200, 302)
    return queries.captured_queries


def median(act):
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def tabs():
    return ["", "reported", "suspect", "held", "mine", "approved", "rejected", "spam"]


def test_a_million_comments(client, person, articles, capsys):
    fill_all(articles, person)
    oldest = Comment.objects.in_queue(suspect=False)[: ROUNDS * 3]
    waiting = iter(list(oldest))
    middle = Comment.objects.in_queue(suspect=False)[PENDING // 2]

    def decide():
        comment = next(waiting)
        return client.post(url(comment), form(comment, "approve"))

    def through():
        return client.get(url(next(waiting)))

    for tab in tabs():
        walks_along_indexes(captured(lambda tab=tab: client.get(QUEUE, {"state": tab})))
    for act in (decide, through, lambda: client.get(url(middle))):
        walks_along_indexes(captured(act))
    comment = next(waiting)
    for name, value in (("article", comment.article_id), ("text_of", comment.pk)):
        walks_along_indexes(captured(lambda n=name, v=value: client.get(QUEUE, {n: v})))
    walks_along_indexes(captured(lambda: client.get(QUEUE, {"sender_of": comment.pk})))

    hello = median(lambda: client.get("/hello/"))
    figures = {
        "queue": median(lambda: client.get(QUEUE)),
        "published": median(lambda: client.get(QUEUE, {"state": "approved"})),
        "comment": median(lambda: client.get(url(middle))),
        "decision": median(decide),
    }
    with capsys.disabled():
        told = ", ".join(
            f"{name} {1000 * cost:.1f} ms ({cost / hello:.0f} times)"
            for name, cost in figures.items()
        )
        print(f"\nhello {1000 * hello:.2f} ms, {told}")
    for name, cost in figures.items():
        assert cost < MOST * max(hello, GREETING), (name, cost, hello)


def test_the_same_number_of_statements_for_a_hundred_as_for_a_million(client, person, articles):
    def cost():
        comment = Comment.objects.in_queue(suspect=False).first()
        return [
            len(captured(lambda: client.get(QUEUE))),
            len(captured(lambda: client.get(url(comment)))),
            len(captured(lambda: client.post(url(comment), form(comment, "approve")))),
        ]

    fill_all(articles, person, part=1_000)
    few = cost()
    fill_all(articles, person)
    assert cost() == few
