"""The verbs on a comment: what each changes, refuses, logs and announces."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments import moderation
from comments.models import MAX_NAME, MAX_NOTE, MAX_TEXT, Comment
from newsroom import stamps
from newsroom.models import Event, SiteSettings, Stamp
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db
State = Comment.State

ARGUMENTS = {
    "approve": {},
    "reject": {"reason": "insult"},
    "mark_spam": {},
    "hold": {},
    "remove": {"reason": "personal_data"},
    "reopen": {},
}
# Which verb leads from where to where; what is not here is refused.
WAYS = {
    ("pending", "approve"): "approved",
    ("pending", "reject"): "rejected",
    ("pending", "mark_spam"): "spam",
    ("pending", "hold"): "held",
    ("held", "approve"): "approved",
    ("held", "reject"): "rejected",
    ("held", "mark_spam"): "spam",
    ("held", "hold"): "held",
    ("held", "reopen"): "pending",
    ("approved", "remove"): "removed",
    ("approved", "reopen"): "pending",
    ("rejected", "reopen"): "pending",
    ("spam", "reopen"): "pending",
    ("removed", "reopen"): "pending",
}


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def act(verb, actor, comment, **more):
    return getattr(moderation, verb)(actor=actor, comment=comment, **ARGUMENTS[verb] | more)


def last_event():
    return Event.objects.order_by("-id").first()


def version(comment):
    key = stamps.comments(comment.article_id)
    return stamps.versions([key])[key]


@pytest.fixture
def moderator():
    return makers.moderator(full_name="Hồng Ngữ")


class TestTransitions:
    @pytest.mark.parametrize(("state", "verb"), [*itertools.product(State.values, ARGUMENTS)])
    def test_each_verb_from_each_state(self, state, verb, moderator):
        comment = makers.in_state(state)
        target = WAYS.get((state, verb))
        if target is None:
            with pytest.raises(Conflict):
                act(verb, moderator, comment)
            assert fresh(comment).state == state
            return
        act(verb, moderator, comment)
        assert comment.state == fresh(comment).state == target
        event = last_event()
        assert (event.verb, event.actor) == (verb, moderator)
        assert (event.from_state, event.to_state) == (state, target)
        assert (event.object_type, event.object_id) == ("comment", comment.pk)

    @pytest.mark.parametrize("state", State.values)
    def test_what_a_desk_offers_is_what_is_allowed(self, state):
        comment = Comment(state=state)
        assert set(moderation.available(comment)) == {v for (s, v) in WAYS if s == state}

    @pytest.mark.parametrize(("state", "verb"), [*WAYS])
    def test_who_and_when_stand_on_the_comment(self, state, verb, moderator):
        comment = makers.in_state(state)
        before = timezone.now()
        act(verb, moderator, comment)
        stored = fresh(comment)
        if verb == "reopen":
            assert (stored.decided_by, stored.decided_at) == (None, None)
            assert (stored.reason, stored.reason_note) == ("", "")
        else:
            assert stored.decided_by == moderator
            assert before <= stored.decided_at <= timezone.now()

    @pytest.mark.parametrize(("state", "verb"), [*WAYS])
    def test_the_articles_comments_are_announced_when_readers_see_a_change(
        self, state, verb, moderator
    ):
        comment = makers.in_state(state)
        other = makers.in_state("approved")
        before = dict(Stamp.objects.values_list("key", "version"))
        act(verb, moderator, comment)
        after = dict(Stamp.objects.values_list("key", "version"))
        moved = {key for key in after if after[key] != before.get(key, 0)}
        key = stamps.comments(comment.article_id)
        assert moved == ({key} if "approved" in (state, WAYS[state, verb]) else set())
        assert other.article_id != comment.article_id

    def test_a_refused_verb_leaves_no_trace(self, moderator):
        comment = makers.in_state("approved")
        rows, before = Event.objects.count(), version(comment)
        with pytest.raises(Conflict):
            act("approve", moderator, comment)
        assert (Event.objects.count(), version(comment)) == (rows, before)


class TestRights:
    MAY = {Role.SECRETARY, Role.MODERATOR}

    @pytest.mark.parametrize("role", [*Role, None])
    @pytest.mark.parametrize(("state", "verb"), [*WAYS])
    def test_only_moderators_and_the_secretary_decide(self, state, verb, role):
        comment = makers.in_state(state)
        actor = factories.user(*([role] if role else []))
        if role in self.MAY:
            act(verb, actor, comment)
            assert fresh(comment).state == WAYS[state, verb]
            return
        events = Event.objects.count()
        with pytest.raises(NotAllowed):
            act(verb, actor, comment)
        assert fresh(comment).state == state
        assert Event.objects.count() == events

    def test_nobody_else_than_a_person_approves(self):
        comment = makers.pending()
        with pytest.raises(NotAllowed):
            moderation.approve(actor=None, comment=comment)
        assert fresh(comment).state == State.PENDING

    def test_the_program_itself_may_sort_out(self):
        comment = makers.pending()
        moderation.mark_spam(actor=None, comment=comment)
        assert (fresh(comment).state, fresh(comment).decided_by) == (State.SPAM, None)

    def test_a_former_moderator_decides_nothing(self):
        actor = makers.moderator(is_active=False)
        with pytest.raises(NotAllowed):
            moderation.approve(actor=actor, comment=makers.pending())

    def test_the_database_itself_refuses_an_approval_without_a_name(self):
        rows, moderator = Comment.objects.filter(pk=makers.pending().pk), makers.moderator()
        for half in ({}, {"decided_by": moderator}, {"decided_at": timezone.now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(state="approved", **half)


class TestConflicts:
    def test_the_slower_one_is_told_who_decided_and_when(self, moderator):
        comment = makers.pending()
        seen_by_another = fresh(comment)
        moderation.approve(actor=makers.moderator(full_name="Lan Chi"), comment=comment)
        with pytest.raises(Conflict) as refused:
            act("reject", moderator, seen_by_another)
        decided_at = timezone.localtime(fresh(comment).decided_at)
        assert "Lan Chi" in str(refused.value)
        assert f"{decided_at:%H:%M}" in str(refused.value)
        assert refused.value.event.verb == "approve"
        assert fresh(comment).state == State.APPROVED

    def test_a_comment_held_meanwhile_is_not_approved_unseen(self, moderator):
        comment = makers.pending()
        seen_by_another = fresh(comment)
        moderation.hold(actor=makers.moderator(full_name="Lan Chi"), comment=comment)
        with pytest.raises(Conflict, match="Lan Chi"):
            act("approve", moderator, seen_by_another)
        assert fresh(comment).state == State.HELD

    def test_a_comment_nobody_decided_yet_is_no_case_for_removal(self, moderator):
        with pytest.raises(Conflict) as refused:
            act("remove", moderator, makers.pending())
        assert refused.value.event is None
        assert str(refused.value)

    def test_a_made_up_state_is_a_conflict_too(self, moderator):
        comment = makers.pending()
        comment.state = "approved' OR 1=1"
        with pytest.raises(Conflict):
            act("approve", moderator, comment)


class TestReasons:
    @pytest.mark.parametrize("verb", ["reject", "remove"])
    @pytest.mark.parametrize("reason", ["", "vì thế", "unverified", "INSULT"])
    def test_without_a_known_reason_nothing_happens(self, verb, reason, moderator):
        comment = makers.in_state("approved" if verb == "remove" else "pending")
        with pytest.raises(NotReady) as refused:
            act(verb, moderator, comment, reason=reason)
        assert set(refused.value.problems) == {"reason"}
        assert fresh(comment).reason == ""

    @pytest.mark.parametrize("note", ["", "  ", "\u200b", "\u3164"])
    def test_another_reason_must_be_said(self, note, moderator):
        comment = makers.pending()
        with pytest.raises(NotReady) as refused:
            act("reject", moderator, comment, reason="other", note=note)
        assert set(refused.value.problems) == {"note"}
        act("reject", moderator, comment, reason="other", note="Gửi nhầm bài.")
        assert (fresh(comment).reason, fresh(comment).reason_note) == ("other", "Gửi nhầm bài.")

    @pytest.mark.parametrize("verb", ["reject", "hold"])
    def test_a_note_has_an_end(self, verb, moderator):
        comment = makers.pending()
        with pytest.raises(NotReady) as refused:
            act(verb, moderator, comment, note="x" * (MAX_NOTE + 1))
        assert set(refused.value.problems) == {"note"}
        act(verb, moderator, comment, note="x" * MAX_NOTE)

    def test_a_note_is_kept_clean(self, moderator):
        comment = act("hold", moderator, makers.pending(), note="Ho\u0309i\u200b  lại ")
        assert comment.reason_note == fresh(comment).reason_note == "Hỏi lại"

    @pytest.mark.parametrize("reason", Comment.Reason.values)
    def test_every_reason_is_in_the_log_in_words_and_as_a_code(self, reason, moderator):
        act("reject", moderator, makers.pending(), reason=reason, note="vì thế")
        assert last_event().reason == str(Comment.Reason(reason).label)
        assert last_event().data["reason"] == reason

    def test_the_next_decision_forgets_the_reason_of_the_last(self, moderator):
        comment = makers.in_state("rejected")
        act("reopen", moderator, comment)
        act("approve", moderator, comment)
        assert (fresh(comment).reason, fresh(comment).reason_note) == ("", "")


class TestSubmit:
    def test_a_comment_waits(self):
        article = factories.published()
        before = timezone.now()
        comment = fresh(makers.pending(article))
        assert (comment.state, comment.article) == (State.PENDING, article)
        assert before <= comment.submitted_at <= timezone.now()
        assert (comment.decided_by, comment.decided_at) == (None, None)
        assert version(comment) == 0
        event = last_event()
        assert (event.verb, event.actor, event.to_state) == ("send", None, "pending")

    def test_the_demo_may_date_back(self):
        at = timezone.now() - dt.timedelta(days=3)
        assert fresh(makers.pending(at=at)).submitted_at == at

    def test_text_is_stored_clean_and_in_nfc(self):
        comment = makers.pending(
            name=" Ho\u0300ng\u200b  Ngữ", text="Ha\u0300 Nội\r\n\r\n\r\n\r\nơi"
        )
        assert (fresh(comment).name, fresh(comment).text) == ("Hòng Ngữ", "Hà Nội\n\nơi")
        assert (comment.name, comment.text) == (fresh(comment).name, fresh(comment).text)

    @pytest.mark.parametrize(
        "make",
        [factories.draft, factories.in_review, factories.scheduled, factories.withdrawn],
    )
    def test_nobody_comments_on_what_readers_do_not_see(self, make):
        with pytest.raises(moderation.Closed):
            makers.pending(make())
        assert not Comment.objects.exists()

    def test_closed_on_the_article(self):
        article = factories.published()
        type(article).objects.filter(pk=article.pk).update(comments_open=False)
        with pytest.raises(moderation.Closed):
            makers.pending(article)

    def test_closed_on_the_whole_site(self):
        SiteSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
        with pytest.raises(moderation.Closed):
            makers.pending()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * (MAX_NAME + 1)),
            ("text", ""),
            ("text", "x" * (MAX_TEXT + 1)),
            ("email", "không phải"),
        ],
    )
    def test_what_the_form_would_refuse_is_refused_here_too(self, field, value):
        with pytest.raises(NotReady) as refused:
            makers.pending(**{field: value})
        assert set(refused.value.problems) == {field}
        assert not Comment.objects.exists()


class TestPersonalData:
    SECRETS = ("Trần Thị Bí Mật", "bimat@example.com", "Số nhà 7 ngõ 12", "gọi 0912345678")

    def test_the_log_holds_nothing_of_the_reader(self, moderator):
        name, email, text, note = self.SECRETS
        comment = makers.pending(name=name, email=email, text=text)
        act("hold", moderator, comment, note=note)
        act("reopen", moderator, comment)
        act("approve", moderator, comment)
        act("remove", moderator, comment, reason="other", note=note)
        rows = Event.objects.filter(object_type="comment").values()
        assert len(rows) == 5
        written = str(list(rows))
        assert not [secret for secret in self.SECRETS if secret in written]

    def test_a_comments_own_name_says_nothing(self):
        comment = makers.pending(name="Trần Thị Bí Mật")
        assert str(comment.pk) in str(comment)
        assert "Bí Mật" not in str(comment)


class TestMany:
    def test_each_row_has_its_own_result(self, moderator):
        waiting = [makers.pending() for _ in range(3)]
        decided = makers.in_state("spam")
        outcomes = moderation.decide_many(
            actor=moderator, comments=[waiting[0], decided, *waiting[1:]], verb="approve"
        )
        assert outcomes.done == waiting
        assert [row.comment for row in outcomes.conflicts] == [decided]
        assert "Lan Chi" in str(outcomes.conflicts[0].refusal)
        assert outcomes.not_allowed == []
        assert [row.comment for row in outcomes.rows] == [waiting[0], decided, *waiting[1:]]
        assert {fresh(comment).state for comment in waiting} == {"approved"}
        assert fresh(decided).state == "spam"

    def test_without_the_right_no_row_is_changed(self):
        comment = makers.pending()
        outcomes = moderation.decide_many(
            actor=factories.user(Role.EDITOR), comments=[comment], verb="approve"
        )
        assert (outcomes.done, outcomes.conflicts) == ([], [])
        assert [row.comment for row in outcomes.not_allowed] == [comment]
        assert fresh(comment).state == "pending"

    def test_without_a_reason_no_row_is_changed(self, moderator):
        comments = [makers.in_state("spam"), makers.pending()]
        with pytest.raises(NotReady):
            moderation.decide_many(actor=moderator, comments=comments, verb="reject", reason="")
        assert [fresh(comment).state for comment in comments] == ["spam", "pending"]

    def test_the_reason_counts_for_each(self, moderator):
        comments = [makers.pending(), makers.pending()]
        moderation.decide_many(
            actor=moderator, comments=comments, verb="reject", reason="other", note="Thư rác."
        )
        assert {fresh(comment).reason_note for comment in comments} == {"Thư rác."}

    def test_one_undo_takes_all_back(self, moderator):
        comments = [makers.pending(), makers.pending()]
        moderation.decide_many(actor=moderator, comments=comments, verb="approve")
        outcomes = moderation.decide_many(actor=moderator, comments=comments, verb="reopen")
        assert outcomes.done == comments
        assert {fresh(comment).state for comment in comments} == {"pending"}


class TestTheGapAboveReplies:
    """A comment that is gone stays in the list as a gap while a reply to it is there."""

    def removed_with_a_reply(self):
        comment = makers.in_state("approved")
        reply = makers.pending(comment.article, answered=comment)
        moderation.approve(actor=makers.moderator(), comment=reply)
        comment.refresh_from_db()
        moderation.remove(actor=makers.moderator(), comment=comment, reason="insult")
        return Comment.objects.get(pk=comment.pk), reply

    def shown(self, comment):
        return Comment.objects.get(pk=comment.pk).is_shown

    def test_whatever_becomes_of_what_nobody_sees_the_replies_stay(self):
        comment, reply = self.removed_with_a_reply()
        assert self.shown(comment)
        moderation.reopen(actor=makers.moderator(), comment=comment)
        moderation.mark_spam(actor=makers.moderator(), comment=comment)
        assert self.shown(comment)
        moderation.withdraw(comment=comment)
        moderation.purge(comment=comment)
        assert self.shown(comment)

    def test_with_the_last_reply_the_gap_goes(self):
        comment, reply = self.removed_with_a_reply()
        moderation.purge(comment=comment)
        moderation.withdraw(comment=Comment.objects.get(pk=reply.pk))
        assert not self.shown(comment)
        assert not self.shown(reply)
