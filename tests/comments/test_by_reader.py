"""What a reader does with his own comment, and how one is emptied."""

import datetime as dt

import pytest
from django.utils import timezone

from comments import moderation, spam, takedowns
from comments.models import Comment, Discussion, Report
from newsroom import stamps
from newsroom.models import Event
from newsroom.refusals import Conflict, NotReady
from tests.comments import makers

pytestmark = pytest.mark.django_db
State = Comment.State


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def approved_number(comment):
    rows = Discussion.objects.filter(article=comment.article_id)
    return rows.values_list("approved", flat=True).first() or 0


def moved(comment):
    key = stamps.comments(comment.article_id)
    return stamps.versions([key])[key]


def last_verb():
    return Event.objects.order_by("-id").values_list("verb", flat=True).first()


class TestConfirm:
    def test_it_enters_the_queue_when_the_letter_is_answered(self):
        long_ago = timezone.now() - dt.timedelta(hours=5)
        comment = makers.pending(confirmed=False, at=long_ago)
        moderation.confirm(comment=comment)
        stored = fresh(comment)
        assert stored.state == State.PENDING
        assert stored.email_confirmed_at == stored.queued_at > long_ago
        assert stored.submitted_at == long_ago

    @pytest.mark.parametrize("state", sorted(set(State.values) - {"unconfirmed"}))
    def test_only_what_waits_for_it(self, state):
        comment = makers.in_state(state)
        with pytest.raises(Conflict):
            moderation.confirm(comment=comment)
        assert fresh(comment).state == state


class TestEdit:
    def test_the_text_is_another_and_the_place_in_the_queue_the_same(self):
        comment = makers.pending(text="Cầu này xây lâu quá.")
        before = fresh(comment)
        moderation.edit(comment=comment, text="Cầu này xây  nhanh thật.")
        stored = fresh(comment)
        assert stored.text == "Cầu này xây nhanh thật."
        assert (stored.state, stored.queued_at) == (State.PENDING, before.queued_at)
        assert stored.version == before.version + 1
        assert stored.edited_at
        assert stored.text_hash != before.text_hash
        assert " nhanh " in stored.search_words
        assert last_verb() == "edit"

    def test_what_the_desk_hid_of_the_old_text_is_forgotten(self):
        comment = makers.pending(text="Gọi 0900 gặp tôi")
        comment = moderation.redact(
            actor=makers.moderator(), comment=comment, text="Gọi […] gặp tôi", approve=False
        )
        moderation.edit(comment=comment, text="Cầu này xây nhanh thật.")
        stored = fresh(comment)
        assert (stored.original_text, stored.redacted_at) == ("", None)
        moderation.approve(actor=makers.moderator(), comment=stored)
        assert fresh(comment).text == "Cầu này xây nhanh thật."

    def test_what_nobody_sees_is_noticed_again(self):
        comment = makers.pending()
        moderation.edit(comment=comment, text="Cầu xây nhanh", raw="Cầu x\u200bây nhanh")
        assert [hit["rule"] for hit in fresh(comment).hits] == ["unseen"]

    def test_nothing_of_what_is_kept_for_the_law(self):
        comment = makers.pending()
        stale = fresh(comment)
        takedowns.hold(actor=None, comment=comment, reason="Công an yêu cầu.")
        for seen in (stale, fresh(comment)):
            with pytest.raises((NotReady, Conflict)):
                moderation.edit(comment=seen, text="Vô hại.")
        assert fresh(comment).text == makers.TEXT

    def test_an_edit_hides_nothing_of_how_it_was_typed(self):
        raw = spam.Circumstances(raw="L\u200bợi\nCầu xây lâu")
        comment = makers.pending(text="Cầu xây lâu", circumstances=raw)
        moderation.edit(comment=comment, text="Cầu xây nhanh", raw="Cầu xây nhanh")
        assert [hit["rule"] for hit in fresh(comment).hits] == ["unseen"]

    def test_a_moderator_who_saw_the_old_text_decides_nothing(self):
        comment = makers.pending()
        seen = fresh(comment)
        moderation.edit(comment=comment, text="Một câu hoàn toàn khác.")
        with pytest.raises(Conflict):
            moderation.approve(actor=makers.moderator(), comment=seen)
        assert fresh(comment).state == State.PENDING

    @pytest.mark.parametrize("text", ["", "\u200b \u2800", "a" * 2001])
    def test_what_the_form_would_refuse(self, text):
        comment = makers.pending()
        with pytest.raises(NotReady):
            moderation.edit(comment=comment, text=text)
        assert fresh(comment).text == makers.TEXT

    @pytest.mark.parametrize("state", ["held", "approved", "rejected", "spam", "withdrawn"])
    def test_not_what_somebody_decided(self, state):
        comment = makers.in_state(state)
        with pytest.raises(Conflict):
            moderation.edit(comment=comment, text="Khác hẳn.")
        assert fresh(comment).text == makers.TEXT


class TestWithdraw:
    @pytest.mark.parametrize("state", sorted(moderation.WITHDRAWABLE))
    def test_from_every_state(self, state):
        comment = makers.in_state(state)
        moderation.withdraw(comment=comment)
        assert fresh(comment).state == State.WITHDRAWN
        assert last_verb() == "withdraw"
        assert approved_number(comment) == 0

    def test_readers_see_it_go_at_once(self):
        comment = makers.in_state("approved")
        assert approved_number(comment) == 1
        before = moved(comment)
        moderation.withdraw(comment=comment)
        assert not Comment.objects.public().exists()
        assert not fresh(comment).is_shown
        assert moved(comment) == before + 1

    def test_also_while_a_moderator_has_it_open(self):
        comment = makers.pending()
        moderation.claim(actor=makers.moderator(), comment=comment)
        moderation.withdraw(comment=comment)
        stored = fresh(comment)
        assert stored.state == State.WITHDRAWN
        assert stored.claimed_by is None

    def test_a_gap_stays_where_somebody_answered(self):
        top = makers.in_state("approved")
        reply = makers.in_state("approved", top.article, answered=top)
        moderation.withdraw(comment=fresh(top))
        assert fresh(top).is_shown
        moderation.withdraw(comment=fresh(reply))
        assert not fresh(top).is_shown


class TestPurge:
    @pytest.mark.parametrize("state", sorted(moderation.PURGEABLE))
    def test_nothing_of_the_reader_is_left(self, state):
        comment = makers.in_state(state, name="Phan Bá Tước", text="Chuyện riêng của tôi.")
        moderation.purge(comment=comment)
        stored = Comment.objects.filter(pk=comment.pk).values().get()
        said = " ".join(str(value) for value in stored.values())
        assert stored["state"] == State.PURGED
        for word in ("Tước", "riêng", "rieng", "loi@example.com"):
            assert word not in said
        assert not any(stored[name] for name in stored if name.endswith("_hash"))

    def test_no_note_of_the_desk_is_left_either(self):
        comment = makers.in_state("held")
        comment = moderation.reject(
            actor=makers.moderator(), comment=comment, note="Anh Tước.", **makers.BECAUSE
        )
        Report.objects.create(
            comment=comment, ticket="BC-1", reason="insult", note="Anh Tước", at=timezone.now()
        )
        moderation.purge(comment=comment)
        assert not comment.decisions.exclude(note="", reader_note="").exists()
        assert not comment.reports.exclude(note="").exists()
        assert Event.objects.filter(object_type="comment", object_id=comment.pk).count() == 4

    @pytest.mark.parametrize("state", ["pending", "held", "approved", "purged"])
    def test_not_what_readers_see_or_what_waits(self, state):
        comment = makers.in_state(state)
        with pytest.raises(Conflict):
            moderation.purge(comment=comment)

    def test_not_what_is_kept_for_a_legal_matter(self):
        comment = makers.in_state("rejected")
        Comment.objects.filter(pk=comment.pk).update(legal_hold=True)
        with pytest.raises(NotReady):
            moderation.purge(comment=fresh(comment))
        assert fresh(comment).text == makers.TEXT
