"""The page of numbers: right, the same on both databases, and at a flat cost."""

import math
import random
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation, numbers
from comments.models import CaptchaTally, Comment, Decision, Notice, Report
from newsroom.roles import Role
from newsroom.vietnamese import ZONE
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

PAGE = "/admin/comments/comment/so-lieu/"
NOW = datetime(2026, 7, 10, 15, 30, tzinfo=ZONE)


def decisions(comment, at, waits, actor, **fields):
    """Decisions made at one moment about comments that waited so many minutes."""
    values = {"verb": "approve", "from_state": "pending", "to_state": "approved", "version": 2}
    return Decision.objects.bulk_create(
        Decision(
            comment=comment,
            actor=actor,
            at=at,
            waited=timedelta(minutes=wait),
            **values | fields,
        )
        for wait in waits
    )


@pytest.fixture
def comment():
    return makers.pending()


@pytest.fixture
def actor():
    return makers.moderator(full_name="Lan Chi")


def rank(waits, percent):
    """The wait that so many percent did not exceed, counted by hand."""
    return timedelta(minutes=sorted(waits)[math.ceil(percent * len(waits) / 100) - 1])


class TestWaits:
    @pytest.mark.parametrize("number", [1, 2, 9, 10, 11, 101])
    def test_percentiles_are_those_counted_by_hand(self, comment, actor, number):
        waits = [random.Random(number).randrange(500) for _ in range(number)]
        decisions(comment, NOW - timedelta(minutes=5), waits, actor)
        found = numbers.by_hour(NOW)[-1]
        assert (found.number, found.p50, found.p90) == (number, rank(waits, 50), rank(waits, 90))

    def test_hours_and_days_are_vietnamese_and_none_is_missing(self, comment, actor):
        midnight = NOW.replace(hour=0, minute=0)
        decisions(comment, midnight + timedelta(minutes=10), [7], actor)
        decisions(comment, midnight - timedelta(minutes=10), [9, 9], actor)
        hours, days = numbers.by_hour(NOW), numbers.by_day(NOW)
        assert (len(hours), len(days)) == (24, 14)
        assert {bucket.at.hour: bucket.number for bucket in hours if bucket.number} == {0: 1, 23: 2}
        assert [bucket.number for bucket in days[-2:]] == [2, 1]
        assert sum(bucket.number for bucket in days) == 3

    def test_only_what_left_the_queue_by_a_moderator_counts(self, comment, actor):
        at = NOW - timedelta(minutes=5)
        decisions(comment, at, [1], actor, verb="remove", from_state="approved")
        decisions(comment, at, [1], actor, verb="undo")
        decisions(comment, at, [1], None)
        decisions(comment, NOW - timedelta(days=15), [1], actor)
        decisions(comment, at, [1], actor, verb="redact", to_state="pending")
        assert sum(bucket.number for bucket in numbers.by_day(NOW)) == 0

    def test_what_was_published_with_words_hidden_counts(self, comment, actor):
        said = {"text": f"{moderation.MASK} {comment.text.split(' ', 1)[1]}", "approve": True}
        moderation.redact(actor=actor, comment=comment, **said)
        (found,) = numbers.moderators(timezone.now())
        assert (found["number"], found["approved"]) == (1, 1)

    def test_the_newest_of_a_moderator_are_those_of_24_hours(self, comment, actor):
        for hours in (1, 23, 25):
            decisions(comment, NOW - timedelta(hours=hours), [1], actor)
        (found,) = numbers.moderators(NOW)
        assert (found["newest"], found["number"]) == (2, 3)


def test_overturned_decisions_are_their_moderators(actor):
    article, other = factories.published(), makers.moderator(full_name="Minh")
    for verb in ("undo", "reopen", "remove", "stays"):
        row = makers.pending(article)
        moderation.approve(actor=actor, comment=row, batch=verb)
        row = Comment.objects.get(pk=row.pk)
        if verb == "undo":
            Decision.objects.filter(batch=verb).update(at=timezone.now() - timedelta(minutes=3))
            moderation.undo(actor=actor, batch=verb)
        elif verb == "reopen":
            moderation.reopen(actor=other, comment=row)
        elif verb == "remove":
            moderation.remove(actor=other, comment=row, reason="untrue")
    moderation.approve(actor=actor, comment=makers.pending(article), batch="slip")
    moderation.undo(actor=actor, batch="slip")
    moderation.mark_spam(actor=other, comment=makers.pending(article))
    found = {row["actor"]: row for row in numbers.moderators(timezone.now())}
    mine, his = found[actor.pk], found[other.pk]
    assert (mine["number"], mine["approved"], mine["overturned"]) == (5, 5, 3)
    assert (his["number"], his["approved"], his["overturned"]) == (1, 0, 0)


def test_the_page_says_it_all(client, comment, actor):
    now = timezone.now()
    Comment.objects.update(queued_at=now - timedelta(hours=5), suspect=True)
    decisions(comment, now, [10, 20, 200], actor)
    hour = now.replace(minute=0, second=0, microsecond=0)
    for part in (0, 1):
        CaptchaTally.objects.create(hour=hour, what="issued", part=part, number=20)
    CaptchaTally.objects.create(hour=hour, what="solved", part=0, number=30)
    CaptchaTally.objects.create(hour=hour - timedelta(days=3), what="issued", part=0, number=60)
    said = {"comment": comment, "reason": "insult"}
    Report.objects.create(ticket="A", at=now - timedelta(hours=30), **said)
    Report.objects.create(ticket="B", at=now, **said)
    Report.objects.create(ticket="C", at=now, closed_at=now, **said)
    moments = {"created_at": now, "due_at": now}
    Notice.objects.create(comment=comment, kind="decided", attempts=5, **moments)
    client.force_login(actor)
    html = " ".join(client.get(PAGE).content.decode().split())
    for text in (
        "<dd>5 giờ<",
        "trong đó 1 nghi vấn",
        "<dd>2 <small>1 quá 24 giờ · lâu nhất 30 giờ",
        "1 thư không gửi được",
        '<td>3</td><td>20 phút</td><td class="is-late">3 giờ 20 phút</td>',
        '<th scope="row">Lan Chi</th><td>3</td><td>3</td><td>3</td><td>0</td>',
        '<th scope="row">phát ra</th><td>40</td><td>100 %</td><td>100</td><td>100 %</td>',
        '<th scope="row">trả lời đúng</th><td>30</td><td>75 %</td><td>30</td><td>30 %</td>',
    ):
        assert text in html, text


def test_an_empty_site_has_a_page_too(client):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    assert "Chưa có quyết định nào." in client.get(PAGE).content.decode()


def test_many_rows_cost_what_one_costs(client, comment, actor):
    client.force_login(actor)

    def cost():
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    decisions(comment, timezone.now(), [1], actor)
    few = cost()
    for back in range(10):
        at = timezone.now() - timedelta(hours=7 * back)
        decisions(comment, at, range(50), makers.moderator())
    makers.pending(comment.article)
    assert cost() == few
