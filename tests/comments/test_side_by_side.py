"""Many readers and moderators at the same moment, on a database that really commits."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from captcha.models import CaptchaStore
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from comments import captcha, limits, moderation, tallies
from comments.models import Budget, CaptchaTally, Comment, Notice
from newsroom import stamps
from newsroom.models import Event
from newsroom.refusals import Conflict
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("roles")]

THREADS = 8
ROUNDS = 5
MANY_ROUNDS = 500


@pytest.fixture
def roles():
    """The groups made by a migration: another test that commits may have emptied the tables."""
    for role in Role:
        Group.objects.get_or_create(name=role)


def at_once(work, count=THREADS):
    """Run work(0), work(1) … in threads that start together; return what each returned."""
    start = threading.Barrier(count)

    def run(number):
        try:
            start.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def opened(article):
    """What a reader sends who has opened the form and read its code."""
    return makers.sent_by(Client().get(f"/binh-luan/{article.pk}/").content.decode())


def post_eight_times(article, text):
    """Return the answers to one solved form sent eight times at the same moment.

    `text` names the text of each.
    """
    sent = opened(article)

    def post(number):
        return Client().post(f"/binh-luan/{article.pk}/", sent | {"text": text(number)})

    return at_once(post)


def one_passes(rounds):
    article = factories.published()
    for number in range(1, rounds + 1):
        Budget.objects.all().delete()  # each round is one of another hour
        answers = post_eight_times(article, "Bản số {}".format)
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [303] + [422] * (THREADS - 1)
        assert Comment.objects.count() == number


@pytest.mark.attack(1)
def test_one_solved_captcha_stores_one_comment():
    one_passes(ROUNDS)
    # Every refused reader was given a new captcha, and none is left of those that were used.
    assert CaptchaStore.objects.count() == ROUNDS * (THREADS - 1)


def one_ticket(rounds):
    article = factories.published()
    for number in range(1, rounds + 1):
        Budget.objects.all().delete()
        answers = post_eight_times(article, lambda _number: "Bấm mấy lần cũng thế.")
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer["Location"] for answer in answers}) == 1
        assert Comment.objects.count() == number


@pytest.mark.attack(23)
def test_the_same_form_sent_eight_times_is_one_comment():
    one_ticket(ROUNDS)


@pytest.mark.long
def test_the_same_form_sent_eight_times_is_one_comment_every_time():
    one_ticket(MANY_ROUNDS)


@pytest.mark.attack(1)
@pytest.mark.long
def test_one_solved_captcha_stores_one_comment_every_time():
    one_passes(MANY_ROUNDS)


def test_the_same_form_without_a_code_is_one_comment_and_one_letter():
    article = factories.published()
    sent = opened(article) | {"action": "mail", "email": "ngu@example.com"}
    where = f"/binh-luan/{article.pk}/"
    answers = at_once(lambda _number: Client().post(where, sent))
    assert {answer.status_code for answer in answers} <= {303, 429}
    stored = [answer["Location"] for answer in answers if answer.status_code == 303]
    assert len(set(stored)) == 1
    assert Comment.objects.count() == Notice.objects.count() == 1


def test_what_is_counted_side_by_side_is_counted_all():
    limit = limits.Limit("side", 10, 600)
    used = at_once(lambda _number: (tallies.count("issued"), limits.spend(limit, "x"))[1])
    assert sorted(used) == list(range(1, THREADS + 1))
    assert sum(CaptchaTally.objects.values_list("number", flat=True)) == THREADS


def test_a_full_network_loses_its_oldest_side_by_side(monkeypatch):
    monkeypatch.setattr(captcha, "LIVE_OF_NETWORK", 5)
    for _ in range(3):
        at_once(lambda _number: captcha.issue("one"))
    captcha.issue("one")
    assert CaptchaStore.objects.count() == 5


def test_a_wrong_answer_beside_the_right_one_gives_no_second_chance():
    for _ in range(ROUNDS):
        key = captcha.issue()
        right, wrong = makers.solution(key), makers.wrong(key)
        found = at_once(
            lambda number, key=key, a=(right, wrong): captcha.consume(key, a[number % 2])
        )
        assert sum(result is not captcha.Result.EXPIRED for result in found) == 1


def test_captchas_are_made_and_swept_side_by_side():
    for _ in range(THREADS * 4):
        captcha.issue()
    CaptchaStore.objects.update(expiration="2020-07-10T00:00Z")
    keys = at_once(lambda _number: captcha.issue())
    assert CaptchaStore.objects.filter(hashkey__in=keys).count() == THREADS


def decide(comment_pk, actor, number):
    """Approve or mark as spam, as a moderator who has just opened the comment; the conflict."""
    comment = Comment.objects.get(pk=comment_pk)
    verb = moderation.approve if number % 2 else moderation.mark_spam
    try:
        verb(actor=actor, comment=comment)
    except Conflict as conflict:
        return str(conflict)
    return None


@pytest.mark.attack(30)
def test_one_decision_and_everybody_else_is_told_whose():
    article = factories.published()
    moderators = [makers.moderator(full_name=f"Người duyệt {n}") for n in range(THREADS)]
    for number in range(1, ROUNDS + 1):
        comment = makers.pending(article)
        answers = at_once(lambda n, pk=comment.pk: decide(pk, moderators[n], n))
        events = Event.objects.filter(object_id=comment.pk, object_type="comment")
        decision = events.exclude(verb="send").get()
        refused = [answer for answer in answers if answer]
        assert len(refused) == THREADS - 1
        assert all(str(decision.actor) in answer for answer in refused)
        assert Comment.objects.get(pk=comment.pk).decided_by == decision.actor
        approved = Comment.objects.filter(state="approved").count()
        key = stamps.comments(article.pk)
        assert stamps.versions([key])[key] == approved <= number
