"""What the desks say of comments: to those who decide, that some wait and for how long."""

import datetime as dt

import pytest
from django.utils import timezone

from newsroom.roles import Role
from tests import factories
from tests.comments import makers

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


def test_nothing_is_said_while_none_waits(client):
    makers.in_state("approved")
    assert LINE not in desk(client, Role.SECRETARY)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR])
def test_who_does_not_decide_is_not_told(client, role):
    waiting(minutes=38)
    assert LINE not in desk(client, role)
