"""The page of one's own comment: what became of it, in words; edit, take back."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from comments import moderation, tickets
from comments.models import Comment, Decision
from comments.wording import to_the_reader
from newsroom.models import Event
from tests import factories
from tests.comments import makers
from tests.comments.reader import late_text_in, text_of

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới")


def show(client, comment, query=""):
    response = client.get(tickets.url_of(comment) + query)
    assert response.status_code == 200
    return text_of(response)


def edit(client, comment, text="Câu đã sửa.", **fields):
    typed = {"action": "edit", "version": comment.version, "text": text} | fields
    return client.post(tickets.url_of(comment), typed)


def reload(comment):
    return Comment.objects.get(pk=comment.pk)


class TestWhatItSays:
    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("unconfirmed", "Đang chờ xác nhận qua e-mail"),
            ("pending", "Đã nhận Ý kiến sẽ hiển thị sau khi tòa soạn duyệt."),
            ("held", "Đang được xem xét Tòa soạn xem kỹ hơn trước khi quyết định. Trong lúc đó"),
            ("approved", "Đã đăng Xem ý kiến dưới bài"),
            (
                "rejected",
                "Không đăng Tòa soạn đăng cả ý kiến trái chiều, nhưng",
            ),
            ("spam", "Không đăng Ý kiến giống loạt tin do máy gửi hàng loạt."),
            ("removed", "Đã gỡ sau khi đăng Tòa soạn đăng cả ý kiến trái chiều"),
            ("withdrawn", "Bạn đã rút ý kiến"),
            ("purged", "Đã xóa"),
        ],
    )
    def test_of_each_state(self, client, article, state, said):
        comment = makers.in_state(state, article)
        shown = show(client, comment)
        assert said in shown
        assert "Lan Chi" not in shown
        assert "Hỏi luật sư." not in shown
        assert (makers.TEXT in shown) == (state != "purged")
        assert "Cầu mới" in shown

    @pytest.mark.parametrize("reason", [code for code in Comment.Reason if code != "other"])
    def test_every_reason_has_a_sentence_for_the_reader(self, client, article, reason):
        comment = makers.pending(article)
        moderation.reject(actor=makers.moderator(), comment=comment, reason=reason, note="Riêng.")
        shown = show(client, comment)
        assert f"Không đăng {to_the_reader(reason)}" in shown
        assert to_the_reader(reason)
        assert "Riêng." not in shown

    def test_what_the_moderator_wrote_to_the_reader_comes_first(self, client, article):
        comment = makers.pending(article)
        moderation.reject(
            actor=makers.moderator(),
            comment=comment,
            reason="insult",
            reader_note="Mời bạn bỏ hai chữ cuối.",
        )
        assert "Không đăng Mời bạn bỏ hai chữ cuối." in show(client, comment)

    def test_a_published_one_leads_to_its_place(self, client, article):
        comment = makers.shown(article)
        page = client.get(tickets.url_of(comment)).content.decode()
        assert f'href="/binh-luan/y-kien/{comment.pk}/"' in page

    def test_under_a_withdrawn_article_it_says_so(self, client, article):
        comment = makers.shown(article)
        workflow.withdraw(actor=None, article=article, reason="Sai.")
        shown = show(client, comment)
        assert "Bài đã được gỡ nên ý kiến hiện không hiển thị." in shown
        assert "Cầu mới" not in shown

    def test_how_long_it_takes_is_said_once_enough_is_known(self, client, article):
        comment = makers.pending(article)
        assert "Hai tuần qua" not in show(client, comment)
        decided = makers.in_state("rejected", article)
        waits = [dt.timedelta(minutes=each) for each in (*range(1, 19), 400, 500)]
        Decision.objects.all().delete()
        Decision.objects.bulk_create(
            Decision(
                comment=decided,
                verb="reject",
                from_state="pending",
                to_state="rejected",
                actor=decided.decided_by,
                at=timezone.now(),
                waited=wait,
                version=2,
            )
            for wait in waits
        )
        said = "Hai tuần qua, cứ mười ý kiến thì có chín ý kiến được xử lý trong 20 phút."
        assert said in show(client, comment)
        assert "Hai tuần qua" not in show(client, decided)


class TestWhoSeesIt:
    def test_nobody_keeps_or_finds_it(self, client, article):
        response = client.get(tickets.url_of(makers.pending(article)))
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"

    @pytest.mark.attack(30)
    def test_only_who_holds_the_link(self, client, article):
        comment = makers.pending(article)
        token = tickets.token_of(comment)
        other = f"{comment.pk + 1}{token[len(str(comment.pk)) :]}"
        last = "1" if token[-1] == "0" else "0"
        for wrong in (other, token[:-1] + last, token.upper(), f"{comment.pk}", "x", "9" * 400):
            assert client.get(f"/binh-luan/phieu/{wrong}/").status_code == 404
            sent = client.post(f"/binh-luan/phieu/{wrong}/", {"action": "withdraw"})
            assert sent.status_code == 404
        assert reload(comment).state == State.PENDING

    def test_opening_it_writes_nothing(self, client, article):
        comment = makers.pending(article)
        before = (reload(comment).version, Event.objects.count())
        show(client, comment, "?rut=1")
        assert (reload(comment).version, Event.objects.count()) == before


class TestEdit:
    def test_what_waits_can_be_changed(self, client, article):
        comment = makers.pending(article)
        response = edit(client, comment)
        assert response.status_code == 303
        assert "Đã lưu nội dung sửa." in text_of(client.get(response["Location"]))
        changed = reload(comment)
        assert (changed.text, changed.state) == ("Câu đã sửa.", State.PENDING)
        assert changed.queued_at == comment.queued_at

    @pytest.mark.parametrize(
        ("text", "said"),
        [("", "hãy viết ý kiến"), ("a" * 2001, "2001 ký tự"), ("\u200b", "hãy viết ý kiến")],
    )
    def test_what_the_form_would_refuse(self, client, article, text, said):
        comment = makers.pending(article)
        response = edit(client, comment, text)
        assert response.status_code == 422
        assert "Lỗi:" in text_of(response)
        assert '<details class="ticket__edit" open>' in response.content.decode()
        assert reload(comment).text == makers.TEXT

    @pytest.mark.parametrize("verb", ["approve", "reject"])
    def test_when_the_newsroom_was_faster_the_text_is_given_back(self, client, article, verb):
        comment = makers.pending(article)
        because = makers.BECAUSE if verb == "reject" else {}
        moderation_verb = getattr(moderation, verb)
        moderation_verb(
            actor=makers.moderator(full_name="Lan Chi"), comment=reload(comment), **because
        )
        response = edit(client, comment)
        assert response.status_code == 409
        shown = text_of(response)
        assert "Trong lúc bạn sửa, ý kiến đã được thay đổi hoặc xử lý" in shown
        assert late_text_in(response) == "Câu đã sửa."
        assert "Lan Chi" not in shown
        assert reload(comment).text == makers.TEXT

    def test_a_stale_page_overwrites_nothing(self, client, article):
        comment = makers.pending(article)
        edit(client, comment, "Bản ở thẻ khác.")
        response = edit(client, comment, "Bản cũ hơn.")
        assert response.status_code == 409
        assert "Bản cũ hơn." in response.content.decode()
        assert reload(comment).text == "Bản ở thẻ khác."

    def test_what_was_decided_has_no_form(self, client, article):
        for state in ("approved", "rejected", "withdrawn", "held"):
            comment = makers.in_state(state, article)
            assert "Sửa nội dung đã viết" not in show(client, comment)
            assert edit(client, comment).status_code == 409
            assert reload(comment).text == makers.TEXT

    @pytest.mark.attack(30)
    def test_extra_fields_change_nothing(self, client, article):
        comment = makers.pending(article)
        edit(client, comment, state="approved", name="Người khác", approved="true", likes=9)
        changed = reload(comment)
        assert (changed.state, changed.name, changed.likes) == (State.PENDING, comment.name, 0)


class TestTakeBack:
    def test_in_two_steps_without_a_script(self, client, article):
        comment = makers.shown(article)
        assert "?rut=1" in client.get(tickets.url_of(comment)).content.decode()
        assert "Rút ý kiến này?" in show(client, comment, "?rut=1")
        assert reload(comment).state == State.APPROVED
        response = client.post(tickets.url_of(comment), {"action": "withdraw"})
        assert response.status_code == 303
        assert "Bạn đã rút ý kiến" in text_of(client.get(response["Location"]))
        assert makers.TEXT not in text_of(client.get(article.get_absolute_url()))

    @pytest.mark.parametrize("state", ["unconfirmed", "pending", "held", "rejected", "removed"])
    def test_at_any_time(self, client, article, state):
        comment = makers.in_state(state, article)
        client.post(tickets.url_of(comment), {"action": "withdraw"})
        assert reload(comment).state == State.WITHDRAWN

    def test_twice_is_once(self, client, article):
        comment = makers.pending(article)
        for _ in range(2):
            sent = client.post(tickets.url_of(comment), {"action": "withdraw"})
            assert sent.status_code == 303
        assert "Rút ý kiến này" not in show(client, comment, "?rut=1")
        assert Event.objects.filter(verb="withdraw").count() == 1

    def test_an_unknown_verb_does_nothing(self, client, article):
        comment = makers.pending(article)
        assert client.post(tickets.url_of(comment), {"action": "approve"}).status_code == 422
        assert reload(comment).state == State.PENDING


def test_without_the_browsers_word_nothing_is_done_and_nothing_is_lost(article):
    comment = makers.pending(article)
    strict = Client(enforce_csrf_checks=True)
    response = edit(strict, comment, "Chữ đã gõ.")
    assert response.status_code == 403
    assert "Chữ đã gõ." in response.content.decode()
    assert strict.post(tickets.url_of(comment), {"action": "withdraw"}).status_code == 403
    assert reload(comment).text == makers.TEXT
    assert reload(comment).state == State.PENDING
