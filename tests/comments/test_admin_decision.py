"""The page of one comment: decided one after the other."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from comments.admin.marks import marked, seen
from comments.models import Comment, Decision
from comments.senders import Sender
from newsroom import events
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.comments.desk import (
    QUEUE,
    State,
    decide,
    done,
    many,
    names,
    page_of,
    reported,
    sent,
    state_of,
    text_of,
    ticks,
    told,
    undo,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


class TestOneByOne:
    def test_approving_opens_the_next_and_shows_it_to_readers(self, client, article, moderator):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        answer = decide(client, first, "approve")
        assert answer.headers["Location"].startswith(f"{url(second)}?undo=")
        assert "Biển báo" in client.get(article.get_absolute_url()).content.decode()
        page = client.get(answer.headers["Location"])
        assert done(page).startswith("Đã đăng ý kiến của Lúa Mùa, ")

    def test_undo_leads_back_to_the_comment_in_its_tab(self, client, article, moderator):
        comments = [sent(article, minutes=minutes) for minutes in (9, 3)]
        held = [moderation.hold(actor=moderator, comment=row) for row in comments]
        answer = decide(client, held[0], "approve", query="?state=held")
        back = undo(client, client.get(answer.headers["Location"]), "?state=held")
        assert back.request["PATH_INFO"] == url(held[0])
        assert state_of(held[0]) == State.HELD
        assert "Biển báo" not in client.get(article.get_absolute_url()).content.decode()

    def test_the_log_says_that_a_reader_sent_it(self, client, article, moderator):
        page = text_of(client.get(url(sent(article))))
        assert "Người gửi đã gửi" in page
        assert "đã gửi duyệt" not in page

    def test_the_log_says_that_a_reader_took_it_back(self, client, article, moderator):
        comment = moderation.withdraw(comment=sent(article))
        page = text_of(client.get(url(comment)))
        assert "Người gửi đã rút" in page
        assert "Hệ thống" not in page
        assert events.did(Event(object_type="article", verb="withdraw")) == "đã gỡ"

    def test_the_log_does_not_blame_the_sender_for_a_report(self, client, article, moderator):
        comment = moderation.approve(actor=moderator, comment=sent(article))
        moderation.report(comment=comment, reason="insult", sender=Sender("a" * 32, "b" * 32))
        page = text_of(client.get(url(comment)))
        assert "Bạn đọc đã báo cáo" in page

    def test_the_words_to_begin_with_end_with_the_last_of_them(self, client, article, moderator):
        page = text_of(client.get(url(sent(article))))
        words = page.partition("Lấy câu mẫu của:")[2].partition("Ghi chú")[0].strip()
        assert " · " in words
        assert not words.endswith("·")

    def test_after_the_last_one_the_list_says_it_is_empty(self, client, article, moderator):
        answer = decide(client, sent(article), "approve")
        page = client.get(answer.headers["Location"])
        assert page.request["PATH_INFO"] == QUEUE
        assert "Hết ý kiến chờ." in text_of(page)
        assert done(page)

    def test_a_reasons_button_rejects(self, client, article, moderator):
        comment = sent(article)
        decide(client, comment, reason="advert")
        comment.refresh_from_db()
        assert (comment.state, comment.reason) == (State.REJECTED, "advert")
        assert comment.decided_by == moderator

    def test_the_other_reason_needs_words_and_keeps_the_page(self, client, article, moderator):
        comment = sent(article)
        answer = decide(client, comment, reason="other", note=" ")
        assert answer.status_code == 422
        assert state_of(comment) == State.PENDING
        decide(client, comment, reason="other", note="Gọi điện hỏi lại.")
        assert state_of(comment) == State.REJECTED

    def test_the_same_button_removes_what_readers_see(self, client, article, moderator):
        comment = moderation.approve(actor=moderator, comment=sent(article))
        decide(client, comment, reason="personal_data")
        assert state_of(comment) == State.REMOVED

    @pytest.mark.parametrize(("verb", "state"), [("mark_spam", State.SPAM), ("hold", State.HELD)])
    def test_spam_and_hold(self, client, article, moderator, verb, state):
        comment = sent(article)
        decide(client, comment, verb)
        assert state_of(comment) == state

    def test_a_note_is_kept_and_read_by_the_next(self, client, article, moderator):
        one, other = sent(article), sent(article, name="Hai")
        decide(client, one, "hold", note="Hỏi phòng viên ảnh.")
        assert "Hỏi phòng viên ảnh." in client.get(url(one) + "?state=held").content.decode()
        decide(client, other, reason="other", note="Nhầm bài, đã trả lời thư.")
        assert "Nhầm bài, đã trả lời thư." in client.get(url(other)).content.decode()
        rows = client.get(QUEUE, {"state": "rejected"}).content.decode()
        assert "Nhầm bài, đã trả lời thư." in rows

    def test_a_note_is_kept_for_many_at_once(self, client, article, moderator):
        many(client, [sent(article), sent(article, name="Hai")], "hold", note="Chờ công an xã.")
        assert {row.reason_note for row in Comment.objects.all()} == {"Chờ công an xã."}

    @pytest.mark.attack(30)
    def test_the_second_moderator_hears_who_was_faster(self, client, article, moderator):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        fast = factories.user(Role.MODERATOR, full_name="Lê Nhanh")
        moderation.approve(actor=fast, comment=Comment.objects.get(pk=first.pk))
        answer = decide(client, first, reason="insult")
        assert state_of(first) == State.APPROVED
        page = client.get(answer.headers["Location"])
        assert answer.headers["Location"] == url(second)
        assert "Lê Nhanh" in page.content.decode()

    @pytest.mark.parametrize("sent_twice", [{"verb": "approve"}, {"reason": "insult"}])
    def test_a_button_pressed_twice_goes_on_quietly(self, client, article, moderator, sent_twice):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        decide(client, first, **sent_twice)
        answer = decide(client, first, **sent_twice)
        assert answer.headers["Location"].startswith(url(second))
        page = client.get(answer.headers["Location"])
        assert told(page) == []
        assert done(page)
        undo(client, page)
        assert state_of(first) == State.PENDING

    def test_another_button_pressed_too_late_is_told(self, client, article, moderator):
        comment = sent(article)
        decide(client, comment, "approve")
        answer = decide(client, comment, "mark_spam")
        assert told(client.get(answer.headers["Location"]))
        assert state_of(comment) == State.APPROVED

    @pytest.mark.parametrize("changed", ["withdrawn", "removed"])
    def test_an_answer_that_comes_too_late_comes_back(self, client, article, moderator, changed):
        comment = sent(article)
        shown = moderation.approve(actor=moderator, comment=Comment.objects.get(pk=comment.pk))
        now = Comment.objects.get(pk=comment.pk)
        if changed == "withdrawn":
            moderation.withdraw(comment=now)
        else:
            colleague = factories.user(Role.MODERATOR)
            moderation.remove(actor=colleague, comment=now, reason="insult")
        words = "Tòa soạn cảm ơn bà, biển báo đã được thay hôm qua."
        answer = decide(client, shown, "answer_as_desk", text=words, desk="Ban Bạn đọc")
        assert answer.status_code == 409
        assert words in page_of(answer)
        assert told(answer)

    def test_much_later_is_no_second_press(self, client, article, moderator):
        comment = sent(article)
        decide(client, comment, "approve")
        earlier = timezone.now() - dt.timedelta(minutes=2)
        Decision.objects.update(at=earlier)
        answer = decide(client, comment, "approve")
        assert told(client.get(answer.headers["Location"]))

    @pytest.mark.attack(30)
    def test_looking_decides_nothing(self, client, article, moderator):
        comment = sent(article)
        events = Event.objects.count()
        client.get(url(comment), {"verb": "approve"})
        assert state_of(comment) == State.PENDING
        assert Event.objects.count() == events

    @pytest.mark.parametrize("verb", ["publish", "delete", "", "__class__"])
    def test_a_verb_nobody_knows_is_refused(self, client, article, moderator, verb):
        comment = sent(article)
        assert decide(client, comment, verb).status_code == 403
        assert state_of(comment) == State.PENDING

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.ADMINISTRATOR])
    def test_others_decide_nothing(self, client, article, role):
        comment = sent(article)
        client.force_login(factories.user(role))
        assert decide(client, comment, "approve").status_code == 403
        assert state_of(comment) == State.PENDING

    def test_an_administrator_reads_and_has_no_buttons(self, client, article):
        comment = sent(article)
        client.force_login(factories.user(Role.ADMINISTRATOR))
        page = client.get(url(comment)).content.decode()
        assert "Biển báo" in page
        assert 'name="verb"' not in page
        assert 'name="action"' not in client.get(QUEUE).content.decode()

    def test_going_through_a_tab_stays_in_it(self, client, article, moderator):
        held = [sent(article, minutes=minutes) for minutes in (9, 5)]
        for comment in held:
            moderation.hold(actor=moderator, comment=comment)
        answer = decide(client, held[0], "approve", query="?state=held")
        assert answer.headers["Location"].startswith(f"{url(held[1])}?state=held")


class TestWhatTheReaderIsTold:
    def test_the_words_of_the_reason_unless_others_are_typed(self, client, article, moderator):
        one, other = sent(article), sent(article, name="Hai")
        decide(client, one, reason="advert", note="Lần thứ ba.")
        decide(client, other, reason="advert", reader_note="Mời bạn gọi phòng quảng cáo.")
        one.refresh_from_db()
        other.refresh_from_db()
        assert one.reader_note == "Mục ý kiến bạn đọc không đăng quảng cáo, rao bán."
        assert one.reason_note == "Lần thứ ba."
        assert other.reader_note == "Mời bạn gọi phòng quảng cáo."

    def test_the_words_are_there_to_be_changed_without_a_script(self, client, article, moderator):
        page = client.get(url(sent(article)) + "?reason=off_topic").content.decode()
        assert "Ý kiến không liên quan đến nội dung bài.</textarea>" in page


class TestWhatIsKnown:
    """The comment among what belongs to it."""

    def test_a_reply_stands_under_what_it_answers(self, client, article, moderator):
        top = moderation.approve(actor=moderator, comment=sent(article, name="Gốc", text="Hỏi."))
        middle = sent(article, name="Giữa", text="Đáp một.", answered=top)
        middle = moderation.approve(actor=moderator, comment=middle)
        page = text_of(client.get(url(sent(article, answered=middle))))
        assert page.index("Hỏi.") < page.index("Đáp một.") < page.rindex("Biển báo ở đầu cầu")
        assert "Gốc đã đăng" in page
        assert "trả lời Giữa" in page

    def test_what_the_sender_wrote_before(self, client, article, moderator):
        sender = Sender("a" * 32, "b" * 32)
        for verb in (moderation.approve, moderation.approve, moderation.mark_spam):
            verb(actor=moderator, comment=sent(article, sender=sender))
        moderation.approve(actor=moderator, comment=sent(article, sender=Sender("c" * 32, "")))
        page = text_of(client.get(url(sent(article, sender=sender))))
        assert "2 đã đăng, 0 từ chối, 1 rác" in page

    def test_how_many_say_the_same(self, client, article, moderator):
        for name in ("Một", "Hai", "Ba"):
            sent(article, name=name, text="Mua xe trả góp")
        comment = sent(article, text="MUA XE TRA GOP")
        page = client.get(url(comment))
        assert "Cùng nội dung 3 ý kiến" in text_of(page)
        listed = client.get(page.context["lists"]["text_of"])
        assert set(names(listed)) == {"Một", "Hai", "Ba", "Lúa Mùa"}
        assert len(ticks(listed)) == 4

    def test_the_address_is_shown_when_asked_for_and_that_is_logged(
        self, client, article, moderator
    ):
        comment = sent(article, email="lua@example.com")
        assert "lua@example.com" not in client.get(url(comment)).content.decode()
        answer = decide(client, comment, "see_address")
        assert "lua@example.com" in answer.content.decode()
        event = Event.objects.latest("id")
        assert (event.verb, event.actor, event.object_id) == ("see_address", moderator, comment.pk)
        assert "lua" not in f"{event.data}{event.reason}{event.object_label}"

    def test_what_was_noticed_is_marked_and_nothing_is_a_link(self, client, article, moderator):
        text = "Vào http://x.vn <b>ngay</b> số 0900"
        comment = sent(article, text=text)
        at = text.index("0900")
        hit = {"rule": "trap", "points": 20, "found": "0900", "start": at, "end": at + 4}
        Comment.objects.filter(pk=comment.pk).update(hits=[hit], score=20)
        page = client.get(url(comment)).content.decode()
        assert re.search("<mark[^>]*>0900</mark>", page)
        assert "Điểm nghi 20/100: điền vào ô ẩn (+20)." in page
        assert "&lt;b&gt;ngay" in page
        assert 'href="http://x.vn' not in page

    def test_what_nobody_sees_is_shown(self, client, article, moderator):
        comment = sent(article)
        Comment.objects.filter(pk=comment.pk).update(name="A\u2800B")
        assert "U+2800" in client.get(url(comment)).content.decode()

    def test_reports_stand_beside_it_with_their_tickets(self, client, article, moderator):
        comment = moderation.approve(actor=moderator, comment=sent(article))
        reported(comment, note="Nói sai tên tôi.")
        page = text_of(client.get(url(comment) + "?state=reported"))
        assert "xúc phạm" in page
        assert "Nói sai tên tôi." in page
        assert "phiếu P1" in page

    def test_a_hold_is_left_to_a_colleague_of_that_section(self, client, article, moderator):
        chief = factories.user(Role.SECRETARY, full_name="Thư Ký")
        comment, other = sent(article), sent(article, name="Hai")
        assert "Thư Ký" in client.get(url(comment)).content.decode()
        decide(client, comment, "hold", note="Hỏi lại.", assigned_to=chief.pk)
        decide(client, other, "hold", assigned_to=factories.user(Role.REPORTER).pk)
        assert Comment.objects.get(pk=comment.pk).assigned_to == chief
        assert Comment.objects.get(pk=other.pk).assigned_to is None
        client.force_login(chief)
        assert names(client.get(QUEUE, {"state": "mine"})) == ["Lúa Mùa"]

    def test_one_page_costs_the_same_beside_one_and_beside_thirty(self, client, article, moderator):
        comment = sent(article, minutes=90, sender=Sender("a" * 32, "b" * 32))
        client.get(url(comment))
        with CaptureQueriesContext(connection) as before:
            client.get(url(comment))
        for number in range(29):
            sent(article, name=f"Người {number}", sender=Sender("a" * 32, "b" * 32))
        with CaptureQueriesContext(connection) as after:
            client.get(url(comment))
        assert len(after) <= len(before) + 1  # one more: there is a next one now


def test_of_two_marks_that_overlap_both_are_seen():
    hits = [
        {"rule": "word", "points": 30, "found": "đồ ngu", "start": 0, "end": 6},
        {"rule": "word", "points": 30, "found": "ngu như bò", "start": 3, "end": 13},
    ]
    html = marked("đồ ngu như bò", hits)
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", html) == ["đồ ngu", " như bò"]


def test_an_emoji_is_seen_and_what_hides_in_words_is_boxed():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert seen(f"{family} a\u200db") == f'{family} a<span class="desk-code">U+200D</span>b'
