"""What the desks say of comments: to those who decide, that some wait and for how long."""

import datetime as dt

import pytest
from django.utils import timezone

from comments.models import Comment
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import reported

pytestmark = pytest.mark.django_db
LINE = "ý kiến chờ, lâu nhất"


def desk(client, *roles):
    client.force_login(factories.user(*roles))
    return client.get("/admin/").content.decode()


def waiting(minutes):
    return makers.pending(at=timezone.now() - dt.timedelta(minutes=minutes))


def test_the_secretary_sees_how_many_wait_and_how_long(client):
    waiting(minutes=38)
    waiting(minutes=5)
    makers.in_state("held")
    page = desk(client, Role.SECRETARY)
    assert f"2 {LINE} 38 phút" in page
    assert 'class="is-late"' not in page


def test_more_than_two_hours_are_late(client):
    waiting(minutes=125)
    page = desk(client, Role.SECRETARY)
    assert f"1 {LINE} 2 giờ 5 phút" in page
    assert 'class="is-late"' in page


def test_late_suspect_and_reported_ones_are_told_apart(client):
    waiting(minutes=38)
    waiting(minutes=125)
    Comment.objects.filter(pk=waiting(minutes=500).pk).update(suspect=True)
    reported(makers.in_state("approved"))
    page = desk(client, Role.SECRETARY)
    assert f"2 {LINE} 2 giờ 5 phút" in page
    assert "1 đã trễ" in page
    assert "1 ý kiến nghi vấn" in page
    assert "1 ý kiến bị báo cáo" in page
    assert 'href="/admin/comments/comment/?state=reported"' in page


def test_of_another_section_nothing_is_said(client):
    comment = waiting(minutes=38)
    comment.article.section.moderators.add(makers.moderator())
    assert LINE not in desk(client, Role.MODERATOR, Role.REPORTER)
    assert LINE in desk(client, Role.SECRETARY)


def test_nothing_is_said_while_none_waits(client):
    makers.in_state("approved")
    assert LINE not in desk(client, Role.SECRETARY)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR])
def test_who_does_not_decide_is_not_told(client, role):
    waiting(minutes=38)
    assert LINE not in desk(client, role)
