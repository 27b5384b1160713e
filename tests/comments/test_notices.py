"""Letters to readers: which go out to whom, what stands in them, and that each goes once."""

import smtplib
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from comments import limits, moderation, notices, tickets
from comments.models import Comment, Notice
from comments.notices.letters import SUBJECTS
from comments.notices.sending import FAILURES_IN_A_ROW
from newsroom.models import SiteSettings
from tests import factories
from tests.comments import letters, makers

pytestmark = pytest.mark.django_db


def fresh(comment):
    return Comment.objects.select_related("article").get(pk=comment.pk)


class TestAsking:
    """Letters to addresses nobody has confirmed."""

    def test_a_comment_sent_without_a_code_is_confirmed_by_its_letter(self, client):
        comment = makers.in_state("unconfirmed")
        path = letters.link(letters.one(), "thu/xac-nhan")
        assert "Xác nhận bình luận" in client.get(path).content.decode()
        assert fresh(comment).state == "unconfirmed", "scanners open every link"
        answer = client.post(path)
        assert answer.status_code == 200
        assert "Đã nhận bình luận của bạn" in answer.content.decode()
        comment = fresh(comment)
        assert (comment.state, comment.email_confirmed_at is None) == ("pending", False)
        assert client.post(path).status_code == 200
        assert fresh(comment).version == comment.version

    def test_who_confirms_what_he_took_back_is_not_told_it_was_received(self, client):
        comment = makers.in_state("unconfirmed")
        path = letters.link(letters.one(), "thu/xac-nhan")
        moderation.withdraw(comment=fresh(comment))
        page = client.post(path).content.decode()
        assert "Đã nhận bình luận" not in page
        assert "Bạn đã rút" in page

    def test_nobody_is_told_anything_before_his_address_is_confirmed(self, client):
        comment = makers.pending(wants_notices=True)
        path = letters.link(letters.one(), "thu/nhan-thu")
        client.get(path)
        assert fresh(comment).email_confirmed_at is None
        client.post(path)
        moderation.approve(actor=makers.moderator(), comment=fresh(comment))
        assert "đã được đăng" in letters.one().subject

    def test_without_the_wish_no_letter(self):
        comment = makers.pending()
        moderation.approve(actor=makers.moderator(), comment=comment)
        assert letters.delivered() == []

    def test_a_letter_to_a_stranger_holds_nothing_that_was_typed(self):
        typed = {"name": "Mua ngay thuốc", "text": "Gọi 0900 000 000 hôm nay."}
        article = factories.published(headline="Cầu mới")
        makers.in_state("unconfirmed", article, email="a@example.com", **typed)
        makers.pending(article, email="b@example.com", wants_notices=True, **typed)
        found = letters.delivered()
        assert len(found) == 2
        for letter in found:
            said = str(letter.message())
            assert "Cầu mới" in letter.body
            assert not any(word in letter.body + said for word in ("thuốc", "0900"))

    def test_the_letter_says_when_it_is_deleted_as_it_is_set(self, settings):
        settings.KEEP_COMMENTS_DAYS = settings.KEEP_COMMENTS_DAYS | {"unconfirmed": 5}
        makers.in_state("unconfirmed")
        assert "sau 5 ngày bình luận ấy bị xóa" in letters.one().body

    def test_nobody_is_bombed_with_letters(self):
        article = factories.published()
        for _ in range(8):
            with suppress(limits.TooMany):
                makers.in_state("unconfirmed", article, email="Nan-Nhan@example.com")
        assert len(letters.delivered()) == 4
        assert Comment.objects.count() == 4, "none waits for a letter that never comes"
        with pytest.raises(limits.TooMany):
            makers.in_state("unconfirmed", article, email="nan-nhan@EXAMPLE.com")
        makers.in_state("unconfirmed", article, email="khac@example.com")
        assert letters.one().to == ["khac@example.com"]

    def test_the_same_question_is_asked_once(self):
        comment = makers.in_state("unconfirmed")
        notices.write(comment, "confirm")
        assert len(letters.delivered()) == 1
        notices.write(comment, "confirm")
        assert letters.delivered() == []


class TestLinks:
    def test_who_sent_the_comment_cannot_confirm_an_address_that_is_not_his(self, client):
        comment = makers.in_state("unconfirmed")
        path = letters.link(letters.one(), "thu/xac-nhan")
        ours = path.split("/")[-2]
        forged = ours[:-1] + ("1" if ours[-1] == "0" else "0")
        for token in (tickets.token_of(comment), forged, "1-1-" + "0" * 32):
            assert client.post(f"/binh-luan/thu/xac-nhan/{token}/").status_code == 404
        other_way = path.replace("xac-nhan", "ngung-thu")
        assert client.post(other_way).status_code == 404
        assert fresh(comment).state == "unconfirmed"

    def test_pages_are_kept_by_nobody_and_set_no_cookie(self, client):
        makers.in_state("unconfirmed")
        answer = client.get(letters.link(letters.one(), "thu/xac-nhan"))
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies


class TestDecided:
    def test_a_published_one_with_its_place(self):
        comment = letters.subscriber()
        moderation.approve(actor=makers.moderator(), comment=comment)
        letter = letters.one()
        assert letter.to == [letters.EMAIL]
        assert f"{comment.article.get_absolute_url()}#y-kien-{comment.pk}" in letter.body

    def test_a_rejected_one_with_the_reason_for_readers_and_no_other(self):
        comment = letters.subscriber()
        said = {"note": "Kẻ này quen mặt.", "reader_note": "Mời bạn bỏ lời xúc phạm & gửi lại."}
        moderation.reject(actor=makers.moderator(), comment=comment, reason="insult", **said)
        body = letters.one().body
        assert "Mời bạn bỏ lời xúc phạm & gửi lại." in body
        assert "Lý do:" in body
        assert "quen mặt" not in body

    def test_spam_is_told_nothing(self):
        moderation.mark_spam(actor=makers.moderator(), comment=letters.subscriber())
        assert letters.delivered() == []

    def test_a_slip_that_is_taken_back_is_never_told(self):
        actor, comment = makers.moderator(), letters.subscriber()
        moderation.mark_spam(actor=actor, comment=comment, batch="a")
        moderation.undo(actor=actor, batch="a")
        moderation.reject(actor=actor, comment=fresh(comment), reason="advert", batch="b")
        notices.deliver()
        assert mail.outbox == []
        moderation.undo(actor=actor, batch="b")
        moderation.approve(actor=actor, comment=fresh(comment))
        assert "đã được đăng" in letters.one().subject

    def test_removed_after_all(self):
        actor, comment = makers.moderator(), letters.subscriber()
        moderation.approve(actor=actor, comment=comment)
        letters.one()
        moderation.remove(actor=actor, comment=comment, reason="untrue")
        assert "bị gỡ" in letters.one().subject

    def test_of_each_outcome_once(self):
        actor, comment = makers.moderator(), letters.subscriber()
        moderation.approve(actor=actor, comment=comment)
        letters.one()
        moderation.remove(actor=actor, comment=fresh(comment), reason="untrue", batch="a")
        moderation.undo(actor=actor, batch="a")
        assert letters.delivered() == [], "readers never missed it"
        moderation.reopen(actor=actor, comment=fresh(comment))
        moderation.approve(actor=actor, comment=fresh(comment))
        assert letters.delivered() == []
        moderation.remove(actor=actor, comment=fresh(comment), reason="untrue", batch="b")
        assert "bị gỡ" in letters.one().subject
        moderation.undo(actor=actor, batch="b")
        assert letters.delivered() == []

    def test_what_never_went_out_was_not_told(self):
        actor, comment = makers.moderator(), letters.subscriber()
        moderation.approve(actor=actor, comment=comment)
        moderation.reopen(actor=actor, comment=fresh(comment))
        moderation.approve(actor=actor, comment=fresh(comment))
        assert "đã được đăng" in letters.one().subject

    def test_withdrawn_or_purged_nothing_goes_out_any_more(self):
        comment = letters.subscriber()
        moderation.approve(actor=makers.moderator(), comment=comment)
        moderation.withdraw(comment=comment)
        assert letters.delivered() == []


class TestReplies:
    @pytest.fixture
    def asked(self):
        comment = letters.subscriber(name="Hỏi")
        moderation.approve(actor=makers.moderator(), comment=comment)
        letters.delivered()
        return fresh(comment)

    def reply(self, asked, **fields):
        fields = {"email": "", "answered": asked} | fields
        reply = makers.pending(asked.article, **fields)
        moderation.approve(actor=makers.moderator(), comment=reply)
        return reply

    def test_an_hour_of_replies_is_one_letter(self, asked):
        self.reply(asked, text="Câu trả lời thứ nhất.")
        second = self.reply(asked, text="Câu thứ hai <b>đậm</b>.", name="Tý", desk="Ban Bạn đọc")
        self.reply(asked, text="Câu bị rút lại.")
        moderation.withdraw(comment=Comment.objects.get(text="Câu bị rút lại."))
        notices.deliver()
        assert mail.outbox == [], "replies are gathered"
        body = letters.one().body
        assert body.index("Câu trả lời thứ nhất.") < body.index("Câu thứ hai <b>đậm</b>.")
        assert "Ban Bạn đọc, thay mặt tòa soạn:" in body
        assert "bị rút lại" not in body
        assert letters.delivered() == []
        moderation.reopen(actor=makers.moderator(), comment=fresh(second))
        moderation.approve(actor=makers.moderator(), comment=fresh(second))
        assert letters.delivered() == [], "of one reply nobody is told twice"
        self.reply(asked, text="Một giờ sau.")
        assert "Một giờ sau." in letters.one().body

    def test_a_reply_that_is_not_public_is_none(self, asked):
        reply = makers.pending(asked.article, answered=asked)
        moderation.mark_spam(actor=makers.moderator(), comment=reply)
        assert letters.delivered() == []

    def test_nobody_hears_of_his_own_reply(self, asked):
        self.reply(asked, email=letters.EMAIL.upper())
        assert letters.delivered() == []


class TestUnsubscribing:
    def test_one_click_ends_all_letters_to_the_address(self, client):
        first, second = letters.subscriber(), letters.subscriber(email="Loi@Example.com")
        moderation.approve(actor=makers.moderator(), comment=first)
        letter = letters.one()
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        url = letter.extra_headers["List-Unsubscribe"].strip("<>")
        assert url in letter.body
        path = url.removeprefix("http://testserver")
        client.get(path)
        assert fresh(first).wants_notices
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        moderation.approve(actor=makers.moderator(), comment=fresh(second))
        assert letters.delivered() == []

    def test_who_changes_his_mind_gets_letters_again(self, client):
        makers.pending(wants_notices=True)
        path = letters.link(letters.one(), "thu/nhan-thu")
        client.post(path)
        comment = Comment.objects.get()
        confirmed_at = comment.email_confirmed_at
        notices.unsubscribe(comment)
        assert "đã được xác nhận" in client.post(path).content.decode()
        comment = fresh(comment)
        assert (comment.wants_notices, comment.email_confirmed_at) == (True, confirmed_at)
        moderation.approve(actor=makers.moderator(), comment=comment)
        assert "đã được đăng" in letters.one().subject


class TestTheEnvelope:
    def test_no_header_can_be_smuggled_in(self):
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": "Kinh Bắc\nBcc: x@y.z"})
        SiteSettings.objects.filter(pk=1).update(name='"Kinh Bắc", <a@b.c>')
        comment = letters.subscriber(name="Lợi\r\nBcc: nguoi-khac@example.com")
        moderation.approve(actor=makers.moderator(), comment=comment)
        letter = letters.one()
        message = letter.message()
        assert (letter.to, letter.bcc, letter.cc) == ([letters.EMAIL], [], [])
        assert message["Bcc"] is None
        assert letter.recipients() == [letters.EMAIL]
        assert letter.from_email.endswith("<toa-soan@bao.example.vn>")
        assert message.get_content_type() == "text/plain"
        assert message.get_content_charset() == "utf-8"
        assert len(letter.subject) <= 60


class TestFailures:
    @pytest.fixture
    def broken(self, monkeypatch):
        def refuse(self, messages):
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

        backend = "django.core.mail.backends.locmem.EmailBackend.send_messages"
        monkeypatch.setattr(backend, refuse)

    def test_a_refused_letter_is_tried_again_and_then_given_up(self, broken):
        comment = makers.in_state("unconfirmed")
        pauses = []
        for _ in range(7):
            Notice.objects.update(due_at=timezone.now())
            notices.deliver()
            row = Notice.objects.get(comment=comment)
            pauses.append(round((row.due_at - timezone.now()).total_seconds() / 60))
            assert row.sent_at is None
        assert pauses == [1, 5, 30, 180, 180, 0, 0]
        assert row.attempts == 5

    def test_one_that_works_again_is_sent(self, broken, monkeypatch):
        makers.in_state("unconfirmed")
        notices.deliver()
        monkeypatch.undo()
        assert len(letters.delivered()) == 1

    def test_one_bad_letter_does_not_stop_the_next(self, monkeypatch):
        article = factories.published()
        makers.in_state("unconfirmed", article, email="a@example.com")
        makers.in_state("unconfirmed", article, email="b@example.com")
        plain = mail.backends.locmem.EmailBackend.send_messages

        def picky(self, messages):
            if messages[0].to == ["a@example.com"]:
                raise smtplib.SMTPRecipientsRefused({})
            return plain(self, messages)

        monkeypatch.setattr(mail.backends.locmem.EmailBackend, "send_messages", picky)
        (letter,) = letters.delivered()
        assert letter.to == ["b@example.com"]

    def test_one_that_cannot_be_composed_waits_and_the_others_go_out(
        self, monkeypatch, caplog, capsys
    ):
        article = factories.published()
        emails = [f"nguoi{number}@example.com" for number in range(FAILURES_IN_A_ROW)]
        for email in emails:
            makers.in_state("unconfirmed", article, email=email)
        makers.pending(article, email="khac@example.com", wants_notices=True)
        with monkeypatch.context() as patch:
            patch.delitem(SUBJECTS, "confirm")
            call_command("send_notices")
        (letter,) = mail.outbox
        assert letter.to == ["khac@example.com"]
        assert "Đã gửi 1 thư, hoãn 3" in capsys.readouterr().out
        rows = Notice.objects.filter(kind="confirm")
        assert set(rows.values_list("sent_at", "attempts")) == {(None, 1)}
        assert "KeyError in compose" in caplog.text
        assert "example.com" not in caplog.text
        assert len(letters.delivered()) == 3, "mended, they go out"


def test_the_command_sends_what_is_due_and_nothing_else(capsys):
    comment = letters.subscriber()
    moderation.approve(actor=makers.moderator(), comment=comment)
    call_command("send_notices")
    assert mail.outbox == []
    Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    call_command("send_notices")
    assert "Đã gửi 1 thư" in capsys.readouterr().out
    assert len(mail.outbox) == 1
