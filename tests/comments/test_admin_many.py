"""Many comments by one press of a button."""

import pytest

from comments import moderation
from comments.models import Comment
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.comments.desk import (
    QUEUE,
    State,
    done,
    many,
    sent,
    state_of,
    ticks,
    told,
)

pytestmark = pytest.mark.django_db


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
    def test_of_another_section_nothing_is_done_and_it_is_said(self, client, article, moderator):
        colleague = factories.user(Role.MODERATOR)
        article.section.moderators.add(colleague)
        foreign, own = sent(article), sent(factories.published(), name="Hai")
        answer = many(client, [foreign, own], "approve")
        assert (state_of(foreign), state_of(own)) == (State.PENDING, State.APPROVED)
        assert "1 không thuộc mục của bạn" in told(answer)[0][1]

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
