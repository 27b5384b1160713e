"""The page of the log answers at once, however long the log is."""

import datetime as dt
import time

import pytest
from django.db import connection
from django.utils import timezone

from newsroom.models import User
from newsroom.roles import Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ROWS, SECONDS, TIMES = 1_000_000, 0.5, 5
LOG = "/admin/newsroom/event/"
# A busy log: of ten rows three are log-ins, six are texts and comments, one is all the rest.
VERBS = (
    ("sign_in", "user"),
    ("sign_in", "user"),
    ("sign_out", "user"),
    ("save", "article"),
    ("save", "article"),
    ("publish", "article"),
    ("approve", "comment"),
    ("approve", "comment"),
    ("reject", "comment"),
    ("change", "topic"),
)
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i < {last})",
    "postgresql": "WITH n(i) AS (SELECT * FROM generate_series(0, {last}))",
}
AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', {begin}, '+' || (i * 60) || ' seconds')",
    "postgresql": "{begin}::timestamptz + make_interval(secs => i * 60)",
}


def fill(people: list[User]) -> None:
    """Write the rows of about two years, by SQL: the verbs would take hours."""
    begin = f"'{timezone.now() - dt.timedelta(minutes=ROWS):%Y-%m-%d %H:%M:%S}'"
    at = AT[connection.vendor].format(begin=begin).replace("%", "%%")
    verbs = " ".join(f"WHEN {place} THEN '{verb}'" for place, (verb, _kind) in enumerate(VERBS))
    kinds = " ".join(f"WHEN {place} THEN '{kind}'" for place, (_verb, kind) in enumerate(VERBS))
    first = people[0].pk
    sql = f"""
      INSERT INTO newsroom_event (at, actor_id, verb, object_type, object_id, object_label,
        from_state, to_state, reason, data, network)
      {NUMBERS[connection.vendor].format(last=ROWS - 1)}
      SELECT {at}, {first} + i / 7 %% {len(people)}, CASE i %% 10 {verbs} END,
        CASE i %% 10 {kinds} END, i %% 5000 + 1, 'Bài số ' || (i %% 5000), '', '', '', '{{}}',
        'mang' || (i %% 300) FROM n"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        cursor.execute("ANALYZE")


def seconds(client, address):
    """How long the page takes, and the one behind it where there is one."""
    start = time.perf_counter()
    answer = client.get(address)
    took = time.perf_counter() - start
    assert answer.status_code == 200
    if further := answer.context["further"]:
        assert client.get(LOG + further).status_code == 200
    return took


def test_every_question_is_answered_at_once(client, record_property):
    people = [factories.user(Role.REPORTER, full_name=f"Người Viết {n}") for n in range(12)]
    client.force_login(factories.user(Role.ADMINISTRATOR, full_name="Quản Trị"))
    fill(people)
    day = timezone.localdate() - dt.timedelta(days=400)
    year = f"&since={day:%d/%m/%Y}&until={day:%d/%m/%Y}"
    questions = {
        "newest": "",
        "log-ins": "?verb=sign-ins",
        "a verb nobody did": "?verb=merge_units",
        "accounts": "?verb=accounts",
        "a person": "?who=viết+3",
        "a person's rare verb": "?who=viết+3&verb=withdraw",
        "a stranger": "?who=không+có",
        "a network": "?network=mang7",
        "a number": "?what=4999",
        "a word": "?what=số+77",
        "a word that is nowhere": "?what=zzz",
        "a day long ago": f"?{year}",
        "a word of that day": f"?what=số+77{year}",
        "log-ins of that day": f"?verb=sign-ins{year}",
    }
    took = {}
    for name, query in questions.items():
        took[name] = min(seconds(client, LOG + query) for _time in range(TIMES))
    slowest = max(took, key=took.get)
    counted = f"{ROWS:,} rows, {len(took)} questions"
    record_property("measured", f"{counted}, the slowest ({slowest}) {took[slowest] * 1000:.0f} ms")
    assert {name for name, each in took.items() if each > SECONDS} == set()
