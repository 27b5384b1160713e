"""Watched words and blocked senders at the desk."""

import pytest
from django.utils import timezone

from comments import watching
from comments.models import BlockedSender, Comment, WatchedWord
from comments.senders import Sender
from newsroom import events
from newsroom.refusals import NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

WORDS = "/admin/comments/watchedword/"
BLOCKED = "/admin/comments/blockedsender/"
SENDER = Sender("a" * 32, "b" * 32)


@pytest.fixture
def moderator(client):
    person = makers.moderator(full_name="Lan Chi")
    client.force_login(person)
    return person


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


class TestWords:
    def fields(self, **changed):
        return {"phrase": "Đồ Rổ Rá", "points": "20", "is_active": "on", "note": ""} | changed

    def test_a_word_is_added_and_logged(self, client, moderator):
        client.post(f"{WORDS}add/", self.fields())
        word = WatchedWord.objects.get(phrase="đồ rổ rá")
        event = events.latest(word)
        assert (event.verb, event.actor, event.data["points"]) == ("add", moderator, 20)
        assert makers.pending(text="Đúng là đồ rổ rá.").score == 20

    def test_only_a_search_is_counted(self, client, moderator):
        assert "hiện tất cả" not in page(client.get(WORDS))
        assert "hiện tất cả" in page(client.get(WORDS, {"q": "đồ ngu"}))

    def test_it_is_switched_off(self, client, moderator):
        word = WatchedWord.objects.get(phrase="đồ ngu")
        client.post(f"{WORDS}{word.pk}/change/", {"phrase": "đồ ngu", "points": "30"})
        word.refresh_from_db()
        assert not word.is_active
        assert events.latest(word).verb == "change"

    @pytest.mark.parametrize("phrase", ["ĐỒ NGU", "...", "\u200b"])
    def test_what_is_listed_or_no_word_is_refused(self, client, moderator, phrase):
        before = WatchedWord.objects.count()
        html = page(client.post(f"{WORDS}add/", self.fields(phrase=phrase)))
        assert "errorlist" in html
        assert WatchedWord.objects.count() == before

    @pytest.mark.parametrize("typed", ["dau buoi", "Đầu buồi", "ĐẦU BU"])
    def test_it_is_found_with_or_without_accents(self, client, moderator, typed):
        assert ">đầu buồi<" in page(client.get(WORDS, {"q": typed}))

    def test_a_sentence_is_tried_without_script(self, client, moderator):
        assert f'action="{WORDS}thu/"' in page(client.get(WORDS))
        before = Comment.objects.count()
        html = page(client.post(f"{WORDS}thu/", {"text": "<b>Đồ ngu</b> vào vidu . com"}))
        assert ">Đồ ngu</mark>" in html
        assert ">vidu . com</mark>" in html
        assert "&lt;b&gt;" in html
        assert "60" in html
        assert Comment.objects.count() == before

    def test_what_is_clean_is_said_to_be(self, client, moderator):
        html = page(client.post(f"{WORDS}thu/", {"text": "Bố mẹ tôi trồng cây óc chó."}))
        assert "<mark" not in html

    def test_who_writes_articles_keeps_no_list(self):
        for role in (Role.REPORTER, Role.EDITOR):
            with pytest.raises(NotAllowed):
                watching.save_word(actor=factories.user(role), word=WatchedWord(phrase="rổ rá"))
        assert not WatchedWord.objects.filter(phrase="rổ rá").exists()

    def test_who_only_moderates_finds_the_lists(self, client, moderator):
        assert "/admin/danh-muc/" in page(client.get("/admin/comments/comment/"))
        html = page(client.get("/admin/danh-muc/"))
        assert WORDS in html
        assert BLOCKED in html


class TestBlocking:
    def comment(self, **fields):
        return makers.pending(sender=SENDER, **fields)

    def test_from_a_comment_for_some_days(self, client, moderator):
        comment = self.comment()
        where = f"{BLOCKED}chan/{comment.pk}/"
        html = page(client.get(where))
        assert SENDER.address_hash not in html
        client.post(where, {"kind": "prefix", "days": "14", "note": "Quảng cáo"})
        sender = BlockedSender.objects.get()
        assert (sender.kind, sender.value_hash, sender.comment) == ("prefix", "b" * 32, comment)
        assert (sender.until - timezone.now()).days == 13
        assert makers.pending(sender=SENDER).suspect
        event = events.latest(sender)
        assert (event.verb, event.data) == ("block", {"comment": comment.pk, "days": 14})
        assert "bbbb" not in event.object_label

    def test_blocking_again_sets_a_new_end(self, moderator):
        for days in (5, 50):
            watching.block_sender(
                actor=moderator, comment=self.comment(), kind="address", days=days
            )
        assert (BlockedSender.objects.get().until - timezone.now()).days == 49

    @pytest.mark.parametrize("days", ["0", "91", "x", ""])
    def test_ninety_days_are_the_longest(self, client, moderator, days):
        answer = client.post(
            f"{BLOCKED}chan/{self.comment().pk}/", {"kind": "prefix", "days": days}
        )
        assert answer.status_code == 422
        assert not BlockedSender.objects.exists()

    def test_what_is_not_known_cannot_be_blocked(self, client, moderator):
        comment = makers.pending(email="")
        assert 'name="kind"' not in page(client.get(f"{BLOCKED}chan/{comment.pk}/"))
        with pytest.raises(NotReady):
            watching.block_sender(actor=moderator, comment=comment, kind="email", days=5)

    def test_a_block_is_ended(self, client, moderator):
        sender = watching.block_sender(
            actor=moderator, comment=self.comment(), kind="prefix", days=5
        )
        assert f"{BLOCKED}{sender.pk}/delete/" in page(client.get(f"{BLOCKED}{sender.pk}/change/"))
        client.post(f"{BLOCKED}{sender.pk}/delete/", {"post": "yes"})
        assert not BlockedSender.objects.exists()
        assert makers.pending(sender=SENDER).hits == []

    def test_not_by_the_administrator(self, client):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        comment = self.comment()
        where = f"{BLOCKED}chan/{comment.pk}/"
        assert client.post(where, {"kind": "prefix", "days": "5"}).status_code == 403
        sender = watching.block_sender(actor=None, comment=comment, kind="prefix", days=5)
        assert client.post(f"{BLOCKED}{sender.pk}/delete/", {"post": "yes"}).status_code == 403
        assert BlockedSender.objects.count() == 1

    def test_of_no_comment_there_is_no_page(self, client, moderator):
        for number in ("0", "9" * 30):
            assert client.get(f"{BLOCKED}chan/{number}/").status_code == 404
