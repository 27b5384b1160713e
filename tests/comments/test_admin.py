"""The moderators' screens: the queue, one decision after the other, many at once."""

import datetime as dt
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from comments import moderation
from comments.models import Comment
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/comment/"
State = Comment.State


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


@pytest.fixture
def moderator(client):
    """Vũ Thị Ngân, logged in."""
    person = factories.user(Role.MODERATOR, full_name="Vũ Thị Ngân")
    client.force_login(person)
    return person


def sent(article, name="Lúa Mùa", text="Biển báo ở đầu cầu bé quá.", minutes=0):
    at = timezone.now() - dt.timedelta(minutes=minutes)
    return moderation.submit(article=article, name=name, text=text, at=at)


def url(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def decide(client, comment, verb="", query="", **data):
    state = data.pop("state", State.PENDING)
    return client.post(url(comment) + query, {"verb": verb, "state": state} | data)


def state_of(comment):
    return Comment.objects.get(pk=comment.pk).state


def told(answer):
    """What a page says over its content, as (level, text)."""
    return [(message.level_tag, str(message)) for message in get_messages(answer.wsgi_request)]


def ticks(answer):
    """The numbers of the rows whose boxes are ticked."""
    boxes = re.findall(r"<input[^>]*_selected_action[^>]*>", answer.content.decode())
    return {re.search(r'value="(\d+)"', box)[1] for box in boxes if "checked" in box}


class TestQueue:
    def test_the_oldest_stands_first_with_its_headline(self, client, article, moderator):
        sent(article, name="Sau", minutes=5)
        sent(article, name="Trước", minutes=50)
        page = client.get(QUEUE).content.decode()
        assert page.index("Trước") < page.index("Sau")
        assert "Cầu Kênh Mới thông xe" in page

    def test_only_what_waits_is_shown_at_first(self, client, article, moderator):
        done = sent(article, name="Đã xong")
        moderation.approve(actor=moderator, comment=done)
        assert "Đã xong" not in client.get(QUEUE).content.decode()
        assert "Đã xong" in client.get(QUEUE, {"state": "approved"}).content.decode()

    def test_over_what_is_decided_stands_no_waiting(self, client, article, moderator):
        def heads(**tab):
            page = client.get(QUEUE, tab).content.decode()
            return re.sub(r"<[^>]+>|\s+", " ", page[page.index("<thead") : page.index("</thead")])

        sent(article)
        done = moderation.approve(actor=moderator, comment=sent(article))
        assert "Chờ" in heads()
        assert "Chờ" not in heads(state="approved")
        assert "Xử lý" in heads(state="approved")
        assert "<dt>Chờ</dt>" not in client.get(url(done)).content.decode()

    def test_thirty_rows_cost_what_one_costs(self, client, article, moderator):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                client.get(QUEUE)
            return len(queries)

        sent(article)
        before = cost()
        for number in range(29):
            sent(factories.published(), name=f"Người {number}")
        assert cost() == before

    def test_search_finds_name_text_and_headline(self, client, article, moderator):
        sent(article, name="Thợ gặt", text="Cầu đẹp quá bà con ơi.")
        for typed in ("Thợ", "đẹp quá", "Kênh Mới"):
            assert "Thợ gặt" in client.get(QUEUE, {"q": typed}).content.decode()
        assert "Thợ gặt" not in client.get(QUEUE, {"q": "không có"}).content.decode()

    def test_search_is_blind_to_accents_and_capitals(self, client, article, moderator):
        sent(article, name="Đặng Thị Thủy", text="Đường Nguyễn Huệ ổ gà nhiều QUÁ!")
        for typed in ("dang thuy", "ĐẶNG", "thuỷ nguyễn huệ", "duong qua", "Ổ GÀ", "huệ, kênh"):
            assert "Đặng Thị Thủy" in client.get(QUEUE, {"q": typed}).content.decode(), typed
        for typed in ("dang xanh", "uong", "duong song", "!?"):
            assert "Đặng Thị Thủy" not in client.get(QUEUE, {"q": typed}).content.decode(), typed

    def test_comments_sent_before_there_was_this_search_are_found(
        self, client, article, moderator, monkeypatch
    ):
        migration = import_module("comments.migrations.0002_comment_search_words")
        monkeypatch.setattr(migration, "BATCH", 2)
        for number in range(5):
            sent(article, name=f"Thợ gặt {number}")
        Comment.objects.update(search_words="")
        migration.fill(apps, None)
        page = client.get(QUEUE, {"q": "tho gat"}).content.decode()
        assert page.count("desk-comment") == 5

    def test_the_longest_wait_stands_over_it(self, client, article, moderator):
        sent(article, minutes=50)
        sent(article, minutes=5)
        assert "Lâu nhất <b>50 phút</b>" in client.get(QUEUE).content.decode()

    def test_markup_of_a_reader_is_text(self, client, article, moderator):
        evil = sent(article, name="<img src=x onerror=alert(1)>", text="<script>alert(1)</script>")
        for page in (client.get(QUEUE), client.get(url(evil))):
            text = page.content.decode()
            assert "<script>alert(1)" not in text
            assert "<img src=x" not in text


class TestUnpublishedTexts:
    """A moderator may not read drafts: he sees of an article what readers see, or saw last."""

    DRAFT = {"headline": "Tít chưa đăng", "standfirst": "Sapo chưa đăng."}

    def pages(self, client, comment):
        return [client.get(path).content.decode() for path in (QUEUE, url(comment))]

    def test_a_draft_over_a_published_text(self, client, article, moderator):
        comment = sent(article)
        factories.edited(article, **self.DRAFT)
        for page in self.pages(client, comment):
            assert "Cầu Kênh Mới thông xe" in page
            assert "chưa đăng" not in page
        assert "Xe qua cầu từ sáng nay." in page

    def test_a_draft_is_not_found_either(self, client, article, moderator):
        sent(article)
        factories.edited(article, **self.DRAFT)
        assert "Lúa Mùa" not in client.get(QUEUE, {"q": "chưa"}).content.decode()
        assert "Lúa Mùa" in client.get(QUEUE, {"q": "Kênh"}).content.decode()

    def test_a_text_that_waits_for_its_hour(self, client, article, moderator):
        comment = sent(article)
        waiting = factories.edited(article, **self.DRAFT).newest_revision
        workflow.publish(actor=None, revision=waiting, at=factories.tomorrow())
        for page in self.pages(client, comment):
            assert "Cầu Kênh Mới thông xe" in page
            assert "chưa đăng" not in page

    def test_a_correction_readers_see(self, client, article, moderator):
        comment = sent(article)
        newer = factories.edited(article, headline="Cầu Kênh Mới thông xe sớm").newest_revision
        workflow.publish(actor=None, revision=newer)
        for page in self.pages(client, comment):
            assert "Cầu Kênh Mới thông xe sớm" in page

    def test_what_was_withdrawn_keeps_its_last_public_text(self, client, article, moderator):
        comment = sent(article)
        workflow.withdraw(actor=None, article=article, reason="Sai địa danh.")
        article.refresh_from_db()
        factories.edited(article, **self.DRAFT)
        for page in self.pages(client, comment):
            assert "Cầu Kênh Mới thông xe" in page
            assert "chưa đăng" not in page


FORGED = ("\0", "²", "9" * 30, "-1", "nothing")


class TestForgedAddresses:
    """What nobody typed by hand is passed over; PostgreSQL would end in an error on a NUL."""

    @pytest.mark.parametrize("value", FORGED)
    def test_an_unknown_tab_is_the_queue_with_its_buttons(self, client, article, moderator, value):
        sent(article)
        page = client.get(QUEUE, {"state": value}).content.decode()
        assert "Lúa Mùa" in page
        assert 'value="approve"' in page

    @pytest.mark.parametrize("value", FORGED)
    @pytest.mark.parametrize("name", ["q", "p", "o", "e", "undo", "name", "email", "decided_at"])
    def test_the_list(self, client, article, moderator, name, value):
        sent(article)
        assert client.get(QUEUE, {name: value}, follow=True).status_code == 200

    @pytest.mark.parametrize("value", FORGED)
    @pytest.mark.parametrize("name", ["state", "undo"])
    def test_the_page_of_one_comment(self, client, article, moderator, name, value):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        page = client.get(url(first), {name: value})
        assert page.status_code == 200
        assert page.context["next_url"] == url(second)
        assert page.context["undo"] is None

    @pytest.mark.parametrize("value", FORGED)
    def test_deciding_from_an_unknown_tab_goes_on_in_the_queue(
        self, client, article, moderator, value
    ):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        answer = client.post(
            url(first),
            {"verb": "hold", "state": value, "note": "\0"},
            query_params={"state": value},
        )
        assert answer.headers["Location"] == f"{url(second)}?undo={first.pk}"
        assert state_of(first) == State.HELD

    @pytest.mark.parametrize("number", ["%00", "9" * 30, "²", "khong"])
    def test_a_comment_there_is_not(self, client, moderator, number):
        assert client.get(f"{QUEUE}{number}/change/").status_code in (302, 404)

    def test_forged_ticks_are_passed_over(self, client, article, moderator):
        comment = sent(article)
        ticks = {"_selected_action": [*FORGED, comment.pk]}
        client.post(QUEUE, {"action": "approve", "note": "", **ticks})
        assert state_of(comment) == State.APPROVED

    @pytest.mark.parametrize("ticked", [True, False])
    def test_a_forged_tick_for_all_decides_no_row_that_is_not_ticked(
        self, client, article, moderator, ticked
    ):
        first, second = sent(article), sent(article, name="Hai")
        ticks = {"_selected_action": [first.pk]} if ticked else {"index": "0"}
        client.post(QUEUE, {"action": "approve", "select_across": "1", **ticks})
        assert state_of(first) == (State.APPROVED if ticked else State.PENDING)
        assert state_of(second) == State.PENDING

    def test_nothing_but_forged_ticks_is_nothing_ticked(self, client, article, moderator):
        comment = sent(article)
        answer = client.post(QUEUE, {"action": "approve", "_selected_action": FORGED})
        assert answer.status_code == 200
        assert state_of(comment) == State.PENDING

    def test_nobody_tries_out_addresses_of_readers(self, client, article, moderator):
        moderation.submit(article=article, name="An", text="Hay.", email="an@example.com")
        for part in ("a", "z"):
            page = client.get(QUEUE, {"email__startswith": part}, follow=True)
            assert "Hay." in page.content.decode()


class TestOneByOne:
    def test_approving_opens_the_next_and_shows_it_to_readers(self, client, article, moderator):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        answer = decide(client, first, "approve")
        assert answer.headers["Location"] == f"{url(second)}?undo={first.pk}"
        assert "Biển báo" in client.get(article.get_absolute_url()).content.decode()
        page = client.get(answer.headers["Location"]).content.decode()
        assert "Lúa Mùa" in page
        assert 'value="reopen"' in page

    @pytest.mark.parametrize("tab", [State.PENDING, State.HELD])
    def test_undo_leads_back_to_the_comment(self, client, article, moderator, tab):
        comments = [sent(article, minutes=minutes) for minutes in (9, 3)]
        if tab == State.HELD:
            comments = [moderation.hold(actor=moderator, comment=row) for row in comments]
        query = "" if tab == State.PENDING else f"?state={tab}"
        following = decide(client, comments[0], "approve", query=query, state=tab)
        page = client.get(following.headers["Location"])
        assert f'action="{url(comments[0])}{query}"' in page.content.decode()
        answer = decide(client, comments[0], "reopen", query=query, state=State.APPROVED)
        assert answer.headers["Location"] == url(comments[0]) + query
        assert state_of(comments[0]) == State.PENDING
        assert "Biển báo" not in client.get(article.get_absolute_url()).content.decode()

    def test_the_log_says_that_a_reader_sent_it(self, client, article, moderator):
        page = client.get(url(sent(article))).content.decode()
        assert "đã gửi" in page
        assert "đã gửi duyệt" not in page

    def test_after_the_last_one_the_list_says_it_is_empty(self, client, article, moderator):
        answer = decide(client, sent(article), "approve")
        assert answer.headers["Location"] == QUEUE
        assert client.get(QUEUE).status_code == 200

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
        decide(client, comment, reason="personal_data", state=State.APPROVED)
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
        rows = [sent(article), sent(article, name="Hai")]
        ticked = {"_selected_action": [row.pk for row in rows]}
        client.post(QUEUE, ticked | {"action": "hold", "note": "Chờ công an xã."})
        assert {row.reason_note for row in Comment.objects.all()} == {"Chờ công an xã."}

    def test_the_second_moderator_hears_who_was_faster(self, client, article, moderator):
        first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
        fast = factories.user(Role.MODERATOR, full_name="Lê Nhanh")
        moderation.approve(actor=fast, comment=Comment.objects.get(pk=first.pk))
        answer = decide(client, first, reason="insult")
        assert state_of(first) == State.APPROVED
        page = client.get(answer.headers["Location"])
        assert answer.headers["Location"] == url(second)
        assert "Lê Nhanh" in page.content.decode()

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
        answer = decide(client, held[0], "approve", query="?state=held", state=State.HELD)
        assert answer.headers["Location"].startswith(f"{url(held[1])}?state=held")


class TestManyAtOnce:
    def run(self, client, comments, verb, **data):
        ticked = {"_selected_action": [comment.pk for comment in comments], "action": verb}
        return client.post(QUEUE, ticked | data, follow=True)

    def test_approve(self, client, article, moderator):
        comments = [sent(article, name=f"Người {number}") for number in range(3)]
        answer = self.run(client, comments, "approve")
        assert {state_of(comment) for comment in comments} == {State.APPROVED}
        assert told(answer) == [("success", "Đã đăng 3 ý kiến.")]
        assert Event.objects.filter(verb="approve", object_type="comment").count() == 3

    def test_what_somebody_decided_meanwhile_is_passed_over_and_said(
        self, client, article, moderator
    ):
        first, second = sent(article), sent(article)
        moderation.mark_spam(actor=factories.user(Role.MODERATOR), comment=first)
        answer = self.run(client, [first, second], "approve")
        assert (state_of(first), state_of(second)) == (State.SPAM, State.APPROVED)
        assert told(answer) == [
            ("success", "Đã đăng 1 ý kiến."),
            ("warning", "1 ý kiến đã có người xử lý."),
        ]

    def test_reject_needs_a_reason_for_all(self, client, article, moderator):
        comments = [sent(article), sent(article)]
        self.run(client, comments, "reject")
        assert {state_of(comment) for comment in comments} == {State.PENDING}
        self.run(client, comments, "reject", reason="off_topic")
        assert {state_of(comment) for comment in comments} == {State.REJECTED}

    @pytest.mark.parametrize("reason", ["", "other"])
    def test_a_rejection_without_a_reason_keeps_what_was_chosen(
        self, client, article, moderator, reason
    ):
        one, other = sent(article, name="Một"), sent(article, name="Hai")
        note = "" if reason else "   "
        answer = self.run(client, [one], "reject", reason=reason, note=note)
        assert answer.status_code == 422
        assert [level for level, _words in told(answer)] == ["error"]
        assert ticks(answer) == {str(one.pk)}
        assert state_of(one) == state_of(other) == State.PENDING

    def test_a_rejection_that_comes_back_keeps_reason_and_note(self, client, article, moderator):
        comment = sent(article)
        long = "Nội dung " * 70
        answer = self.run(client, [comment], "reject", reason="advert", note=long)
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
        answer = self.run(client, comments, verb, reason="insult")
        assert told(answer) == [("success", said)]

    @pytest.mark.parametrize(
        ("verb", "said"),
        [("remove", "Đã gỡ 1 ý kiến."), ("reopen", "Đã trả 1 ý kiến về hàng chờ.")],
    )
    def test_what_was_undone_is_said(self, client, article, moderator, verb, said):
        comment = moderation.approve(actor=moderator, comment=sent(article))
        form = {"_selected_action": [comment.pk], "action": verb, "reason": "insult"}
        answer = client.post(f"{QUEUE}?state=approved", form, follow=True)
        assert told(answer) == [("success", said)]

    def test_nothing_ticked_says_so(self, client, article, moderator):
        comment = sent(article)
        answer = client.post(QUEUE, {"action": "approve"}, follow=True)
        assert told(answer) == [("warning", "Chưa chọn ý kiến nào.")]
        assert state_of(comment) == State.PENDING

    def test_no_verb_does_nothing(self, client, article, moderator):
        comment = sent(article)
        self.run(client, [comment], "")
        assert state_of(comment) == State.PENDING

    @pytest.mark.parametrize("verb", ["delete_selected", "remove", "nothing"])
    def test_only_the_tabs_own_verbs_are_done(self, client, article, moderator, verb):
        comment = sent(article)
        self.run(client, [comment], verb, reason="insult")
        assert state_of(comment) == State.PENDING

    def test_others_do_nothing_in_bulk_either(self, client, article):
        comment = sent(article)
        for role in (Role.REPORTER, Role.EDITOR, Role.ADMINISTRATOR):
            client.force_login(factories.user(role))
            self.run(client, [comment], "approve")
        assert state_of(comment) == State.PENDING
