"""Many comments by one press of a button."""

import pytest
from django.contrib import admin
from django.db.models import F
from django.utils import timezone

from comments import moderation
from comments.admin.many import NAMED
from comments.admin.tabs import FIRST, TABS
from comments.models import Comment, Decision
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import (
    QUEUE,
    State,
    done,
    many,
    page_of,
    sent,
    state_of,
    ticks,
    told,
)

pytestmark = pytest.mark.django_db

# Every button over every tab, as (tab, verb).
BUTTONS = [(tab.code, verb) for tab in TABS.values() for verb in sorted(tab.verbs)]


def standing_in(tab, article, moderator, **fields):
    """A comment that stands in the tab."""
    state = {"reported": "approved", "suspect": "pending", "mine": "held"}.get(tab, tab)
    comment = makers.in_state(state, article, **fields)
    changes = {
        "reported": {"reported_at": timezone.now()},
        "suspect": {"suspect": True},
        "mine": {"assigned_to": moderator},
    }
    Comment.objects.filter(pk=comment.pk).update(**changes.get(tab, {"suspect": False}))
    return Comment.objects.get(pk=comment.pk)


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


class TestManyAtOnce:
    def test_approve(self, client, article, moderator):
        comments = [sent(article, name=f"Người {number}") for number in range(3)]
        answer = many(client, comments, "approve")
        assert {state_of(comment) for comment in comments} == {State.APPROVED}
        assert done(answer) == "Đã đăng 3 ý kiến."
        assert Event.objects.filter(verb="approve", object_type="comment").count() == 3

    @pytest.mark.attack(30)
    def test_each_has_its_own_result(self, client, article, moderator):
        fast = factories.user(Role.MODERATOR, full_name="Lê Nhanh")
        comments = [sent(article, name=f"Người {number}") for number in range(4)]
        shown = list(Comment.objects.order_by("pk"))
        moderation.mark_spam(actor=fast, comment=comments[0])
        moderation.claim(actor=fast, comment=comments[1])
        moderation.edit(comment=comments[2], text="Tôi viết lại rồi.")
        answer = many(client, shown, "approve")
        states = [state_of(comment) for comment in comments]
        assert states == [State.SPAM, State.PENDING, State.PENDING, State.APPROVED]
        assert done(answer).startswith("Đã đăng ý kiến của Người 3, ")
        said = [text for _level, text in told(answer)]
        assert said[0] == "Bỏ qua 3 ý kiến (2 đã xử lý, 1 có người giữ)."
        assert any(line.startswith("Người 0") and "Lê Nhanh" in line for line in said)
        assert any(line.startswith("Người 1") and "Lê Nhanh đang giữ" in line for line in said)

    @pytest.mark.attack(30)
    @pytest.mark.parametrize(("tab", "verb"), BUTTONS)
    def test_of_what_is_not_his_gone_or_changed_nothing_is_done_and_each_is_named(
        self, client, article, moderator, record_property, tab, verb
    ):
        """In each tab with each of its buttons; one row that may be done is done beside them."""
        foreign = standing_in(tab, article, moderator, name="Người Lạ", text="Chữ của mục khác.")
        article.section.moderators.add(factories.user(Role.MODERATOR))
        stale, fresh = (
            standing_in(tab, factories.published(), moderator, name=name) for name in ("Cũ", "Mới")
        )
        Comment.objects.filter(pk=stale.pk).update(version=F("version") + 1)
        nothing = Comment(pk=10**9, version=1)
        rows = Comment.objects.exclude(pk=fresh.pk)
        before = list(rows.order_by("pk").values())
        decisions, log = Decision.objects.count(), Event.objects.count()
        shown = [foreign, stale, fresh, nothing]
        answer = many(client, shown, verb, f"?state={tab}", reason="insult")
        assert list(rows.order_by("pk").values()) == before
        assert Comment.objects.get(pk=fresh.pk).version > fresh.version
        assert (Decision.objects.count(), Event.objects.count()) == (decisions + 1, log + 1)
        said = [text for _level, text in told(answer)]
        assert said[0] == "Bỏ qua 3 ý kiến (1 đã xử lý, 1 không thuộc mục của bạn, 1 không có)."
        (of_stale,) = [line for line in said[1:] if line.startswith("Cũ, ")]
        (of_foreign,) = [line for line in said[1:] if f"số {foreign.pk}:" in line]
        assert "Bạn không có quyền" in of_foreign
        (of_nothing,) = [line for line in said[1:] if "số 1000000000:" in line]
        assert len(said) == 4
        assert "Người Lạ" not in page_of(answer)
        assert "Chữ của mục khác" not in page_of(answer)
        record_property("measured", f"{len(BUTTONS)} buttons: 0 effects, each row named")

    def test_no_other_list_of_the_desk_does_anything_to_many(self, rf):
        request = rf.get(QUEUE)
        request.user = factories.user(*Role)
        offered = {
            model: set(page.get_actions(request)) for model, page in admin.site._registry.items()
        }
        verbs = {verb for tab, verb in BUTTONS if tab == FIRST.code}
        assert {model: names for model, names in offered.items() if names} == {Comment: verbs}
        assert {verb for _tab, verb in BUTTONS} == {*moderation.TRANSITIONS}

    def test_of_many_that_were_not_done_the_rest_is_counted(self, client, article, moderator):
        comments = [sent(article, name=f"Người {number}") for number in range(NAMED + 3)]
        Comment.objects.update(version=F("version") + 1)
        said = [text for _level, text in told(many(client, comments, "approve"))]
        assert said[0] == "Bỏ qua 13 ý kiến (13 đã xử lý)."
        assert len([line for line in said if line.startswith("Người ")]) == NAMED
        assert said[-1] == "Và 3 ý kiến nữa."

    def test_reject_needs_a_reason_for_all(self, client, article, moderator):
        comments = [sent(article), sent(article)]
        many(client, comments, "reject")
        assert {state_of(comment) for comment in comments} == {State.PENDING}
        many(client, comments, "reject", reason="off_topic")
        assert {state_of(comment) for comment in comments} == {State.REJECTED}

    @pytest.mark.parametrize("reason", ["", "other"])
    def test_a_rejection_without_a_reason_keeps_what_was_chosen(
        self, client, article, moderator, reason
    ):
        one, other = sent(article, name="Một"), sent(article, name="Hai")
        note = "" if reason else "   "
        answer = many(client, [one], "reject", reason=reason, note=note)
        assert answer.status_code == 422
        assert [level for level, _words in told(answer)] == ["error"]
        assert ticks(answer) == {str(one.pk)}
        assert state_of(one) == state_of(other) == State.PENDING

    def test_a_rejection_that_comes_back_keeps_reason_and_note(self, client, article, moderator):
        long = "Nội dung " * 70
        answer = many(client, [sent(article)], "reject", reason="advert", note=long)
        page = answer.content.decode()
        assert 'value="advert" selected' in page
        assert f'value="{long}"' in page
        assert not ticks(client.get(QUEUE))

    @pytest.mark.parametrize(
        ("verb", "said"),
        [
            ("hold", "Đã giữ lại 2 ý kiến."),
            ("mark_spam", "Đã cho 2 ý kiến vào rác."),
            ("reject", "Đã từ chối 2 ý kiến."),
        ],
    )
    def test_what_was_done_is_said(self, client, article, moderator, verb, said):
        comments = [sent(article), sent(article)]
        assert done(many(client, comments, verb, reason="insult")) == said

    @pytest.mark.parametrize(
        ("verb", "said"),
        [("remove", "Đã gỡ 2 ý kiến."), ("reopen", "Đã trả 2 ý kiến về hàng chờ.")],
    )
    def test_what_was_undone_is_said(self, client, article, moderator, verb, said):
        comments = [moderation.approve(actor=moderator, comment=sent(article)) for _ in "ab"]
        answer = many(client, comments, verb, "?state=approved", reason="insult")
        assert done(answer) == said

    def test_a_note_with_a_sign_nobody_sees_is_a_note(self, client, article, moderator):
        comment = sent(article)
        many(client, [comment], "reject", reason="insult", note="Lời\0 lẽ\0 thô.")
        assert Comment.objects.get(pk=comment.pk).reason_note == "Lời lẽ thô."

    def test_nothing_ticked_says_so(self, client, article, moderator):
        comment = sent(article)
        answer = client.post(QUEUE, {"action": "approve"}, follow=True)
        assert told(answer) == [("warning", "Chưa chọn ý kiến nào.")]
        assert state_of(comment) == State.PENDING

    def test_more_than_can_be_seen_at_once_is_refused(self, client, article, moderator):
        comment = sent(article)
        ticked = {"_selected_action": [comment.pk, *range(10**6, 10**6 + 200)]}
        answer = client.post(QUEUE, ticked | {"action": "approve"})
        assert told(answer) == [("error", "Mỗi lần xử lý được nhiều nhất 200 ý kiến.")]
        assert state_of(comment) == State.PENDING

    def test_no_verb_does_nothing(self, client, article, moderator):
        comment = sent(article)
        many(client, [comment], "")
        assert state_of(comment) == State.PENDING

    @pytest.mark.parametrize("verb", ["delete_selected", "remove", "nothing"])
    def test_only_the_tabs_own_verbs_are_done(self, client, article, moderator, verb):
        comment = sent(article)
        many(client, [comment], verb, reason="insult")
        assert state_of(comment) == State.PENDING

    def test_what_stands_in_another_tab_is_not_decided_from_this_one(
        self, client, article, moderator
    ):
        held = moderation.hold(actor=moderator, comment=sent(article))
        answer = many(client, [held], "approve")
        assert state_of(held) == State.HELD
        assert "1 đã xử lý" in told(answer)[0][1]

    def test_others_do_nothing_in_bulk_either(self, client, article):
        comment = sent(article)
        for role in (Role.REPORTER, Role.EDITOR, Role.ADMINISTRATOR):
            client.force_login(factories.user(role))
            many(client, [comment], "approve")
        assert state_of(comment) == State.PENDING
