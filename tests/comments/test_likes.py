"""Likes without an account: who may give one, what it changes, what happens in a burst."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from comments import likes, moderation
from comments.models import Comment, Like
from newsroom.models import Event, Stamp
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver"}


@pytest.fixture
def comment():
    return makers.shown(factories.published())


def like(client, comment, *, network=1, browser="Điện thoại", headers=OURS):
    """What a reader's press on the button sends."""
    number = getattr(comment, "pk", comment)
    return client.post(
        f"/binh-luan/y-kien/{number}/thich/",
        headers={"User-Agent": browser.encode().decode("latin-1")} | headers,
        REMOTE_ADDR=f"10.{network // 256}.{network % 256}.7",
    )


def number_of(comment):
    comment.refresh_from_db()
    return comment.likes


def burst(comment, number=60, networks=3):
    """So many likes of one comment at once from a few networks."""
    for each in range(number):
        likes.give(
            comment_id=comment.pk,
            device=f"{each:032}",
            prefix=f"mạng {each % networks}",
            at=timezone.now(),
        )


class TestWhoMay:
    def test_the_number_rises_and_the_reader_is_led_back(self, client, comment):
        response = like(client, comment)
        assert response.status_code == 303
        assert response["Location"] == f"/binh-luan/y-kien/{comment.pk}/#y-kien-{comment.pk}"
        assert number_of(comment) == 1
        assert not response.cookies
        shown = client.get(response["Location"]).content.decode()
        assert "<span data-likes>1</span>" in shown

    def test_the_script_gets_the_number_and_a_sentence(self, client, comment):
        response = like(client, comment, headers=OURS | {"X-Requested-With": "fetch"})
        said = "Đã ghi nhận: 1 bạn đọc thích ý kiến này."
        assert response.json() == {"likes": 1, "said": said}

    @pytest.mark.attack(28)
    def test_one_for_each_device_and_network(self, client, comment):
        for network, browser in ((1, "A"), (1, "A"), (1, "B"), (2, "A"), (1, "A")):
            assert like(client, comment, network=network, browser=browser).status_code == 303
        assert number_of(comment) == Like.objects.count() == 3

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://testserver.evil.example"},
            {"Referer": "https://evil.example/http://testserver/"},
            {},
            OURS | {"Sec-Fetch-Site": "cross-site"},
            OURS | {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_a_strangers_page_cannot_press_the_button(self, client, comment, headers):
        assert like(client, comment, headers=headers).status_code == 403
        assert number_of(comment) == 0

    @pytest.mark.parametrize(
        "headers",
        [{"Referer": "http://testserver/a/b.html"}, OURS | {"Sec-Fetch-Site": "same-origin"}],
    )
    def test_our_own_pages_can(self, client, comment, headers):
        assert like(client, comment, headers=headers).status_code == 303

    @pytest.mark.attack(30)
    def test_it_is_only_ever_sent(self, client, comment):
        assert client.get(f"/binh-luan/y-kien/{comment.pk}/thich/").status_code == 405

    @pytest.mark.attack(28)
    @pytest.mark.parametrize("state", sorted(set(Comment.State.values) - {"approved"}))
    def test_what_readers_do_not_see_cannot_be_liked(self, client, state):
        hidden = makers.in_state(state)
        assert like(client, hidden).status_code == (410 if state == "removed" else 404)
        assert not Like.objects.exists()

    @pytest.mark.attack(28)
    def test_nor_what_does_not_exist_or_is_no_number(self, client, comment):
        for number in (0, comment.pk + 1, "9" * 18, "-1", "x"):
            assert like(client, number).status_code == 404

    def test_nor_a_gap_and_nothing_under_a_withdrawn_article(self, client, comment):
        makers.shown(comment.article, answered=comment)
        actor = makers.moderator()
        moderation.remove(actor=actor, comment=comment, **makers.BECAUSE)
        assert like(client, comment).status_code == 410
        reply = Comment.objects.get(thread=comment)
        workflow.withdraw(actor=None, article=comment.article, reason="Sai.")
        assert like(client, reply).status_code == 410
        assert not Like.objects.exists()

    def test_it_bumps_nothing_and_costs_a_few_queries(self, client, comment):
        like(client, comment, network=9)
        before = dict(Stamp.objects.values_list("key", "version"))
        version, events = comment.version, Event.objects.count()
        with CaptureQueriesContext(connection) as asked:
            like(client, comment)
        assert len(asked) < 15
        assert dict(Stamp.objects.values_list("key", "version")) == before
        comment.refresh_from_db()
        assert (comment.version, Event.objects.count()) == (version, events)

    def test_one_network_cannot_fill_the_table(self, client, comment, monkeypatch):
        monkeypatch.setattr(likes, "PER_NETWORK", likes.Limit("likes", 5, 600))
        answers = [like(client, comment, browser=f"B{n}").status_code for n in range(7)]
        assert answers == [303] * 5 + [429] * 2
        assert like(client, comment, network=2).status_code == 303
        assert number_of(comment) == Like.objects.count() == 6


@pytest.mark.attack(28)
class TestBursts:
    def test_what_comes_too_fast_from_too_few_is_kept_back(self, comment):
        burst(comment)
        comment.refresh_from_db()
        assert comment.likes == likes.BURST
        assert comment.likes_frozen
        assert comment.given_likes.count() == 60
        assert Like.objects.filter(counted=False).count() == 60 - likes.BURST

    def test_five_hundred_in_a_minute_count_as_thirty(self, comment):
        burst(comment, number=500, networks=4)
        comment.refresh_from_db()
        assert (comment.likes, comment.likes_frozen) == (likes.BURST, True)

    def test_what_many_networks_like_is_no_burst(self, comment):
        burst(comment, networks=40)
        comment.refresh_from_db()
        assert (comment.likes, comment.likes_frozen) == (60, False)

    def test_nor_what_comes_slowly(self, comment):
        now = timezone.now()
        for each in range(60):
            at = now + likes.BURST_TIME * each / 20
            likes.give(comment_id=comment.pk, device=f"{each:032}", prefix="một", at=at)
        assert number_of(comment) == 60

    def test_other_comments_are_not_touched(self, client, comment):
        burst(comment)
        other = makers.shown(comment.article)
        like(client, other)
        assert number_of(other) == 1

    def test_a_moderator_lets_them_count(self, client, comment):
        burst(comment)
        actor = makers.moderator()
        assert moderation.release_likes(actor=actor, comment=comment) == 60 - likes.BURST
        assert (comment.likes, comment.likes_frozen) == (60, False)
        Like.objects.update(at=timezone.now() - 2 * likes.BURST_TIME)
        like(client, comment)
        assert number_of(comment) == Like.objects.filter(counted=True).count() == 61
        assert Event.objects.latest("id").verb == "release_likes"

    def test_or_deletes_them(self, client, comment):
        burst(comment)
        actor = makers.moderator()
        assert moderation.drop_likes(actor=actor, comment=comment) == 60 - likes.BURST
        assert (comment.likes, comment.likes_frozen) == (likes.BURST, False)
        assert comment.given_likes.count() == likes.BURST
        assert Event.objects.latest("id").verb == "drop_likes"

    def test_the_log_says_what_the_comment_is_not_what_a_screen_showed(self, comment):
        burst(comment)
        other, actor = Comment.objects.get(pk=comment.pk), makers.moderator()
        moderation.remove(actor=actor, comment=other, reason="insult")
        moderation.drop_likes(actor=actor, comment=comment)
        told = Event.objects.latest("id")
        said = (told.verb, told.to_state, told.data["version"])
        assert said == ("drop_likes", "removed", other.version)

    def test_where_nothing_is_kept_back_nothing_happens(self, comment):
        before = Event.objects.count()
        for verb in (moderation.release_likes, moderation.drop_likes):
            assert verb(actor=makers.moderator(), comment=comment) == 0
        assert Event.objects.count() == before
