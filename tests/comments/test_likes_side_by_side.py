"""Many likes at the same moment, on a database that really commits."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from comments import likes
from comments.models import Comment, Like
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
SOME, ALL = 160, 10_000


@pytest.fixture
def comment():
    """A comment readers see. Another test that commits may have emptied the roles."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    return makers.shown(factories.published())


def press(comment, number, client):
    """The press of reader `number`, from a network of his own."""
    return client.post(
        f"/binh-luan/y-kien/{comment.pk}/thich/",
        headers={"Origin": "http://testserver", "User-Agent": f"B{number}"},
        REMOTE_ADDR=f"10.{number // 256}.{number % 256}.7",
    ).status_code


def side_by_side(work, numbers):
    """Run work(number, client) for all numbers in threads that start together."""
    start = threading.Barrier(THREADS)

    def run(first):
        client = Client()
        try:
            start.wait()
            return [work(number, client) for number in numbers[first::THREADS]]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [answer for answers in pool.map(run, range(THREADS)) for answer in answers]


def all_count(comment, number):
    answers = side_by_side(lambda each, client: press(comment, each, client), range(number))
    assert answers == [303] * number
    comment.refresh_from_db()
    assert comment.likes == Like.objects.filter(counted=True).count() == number


def test_each_of_many_likes_counts(comment):
    all_count(comment, SOME)


@pytest.mark.long
def test_each_of_ten_thousand_likes_counts(comment):
    all_count(comment, ALL)


def test_the_same_device_pressing_everywhere_at_once_counts_once(comment):
    answers = side_by_side(lambda _each, client: press(comment, 1, client), range(THREADS * 4))
    assert set(answers) == {303}
    comment.refresh_from_db()
    assert comment.likes == Like.objects.count() == 1


@pytest.mark.attack(28)
def test_a_burst_side_by_side_counts_no_more_than_one_after_another(comment):
    def give(number, _client):
        prefix = f"mạng {number % 3}"
        at = comment.submitted_at
        return likes.give(comment_id=comment.pk, device=f"{number:032}", prefix=prefix, at=at)

    side_by_side(give, range(likes.BURST * 3))
    found = Comment.objects.get(pk=comment.pk)
    assert (found.likes, found.likes_frozen) == (likes.BURST, True)
    assert Like.objects.filter(counted=True).count() == found.likes
