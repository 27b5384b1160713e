"""A reader's rights: everything kept about his comments as a file, and all of it gone."""

import json
import time

import pytest
from django.core import mail
from django.db.models import CharField, JSONField, TextField

from comments import moderation, notices, own_data, takedowns, tickets
from comments.models import Comment, Decision, Notice, Report
from newsroom import stamps
from newsroom.models import Event
from newsroom.refusals import NotReady
from newsroom.roles import Role
from tests import factories
from tests.comments import letters, makers

pytestmark = pytest.mark.django_db

SECRET = "Nhà tôi ở ngõ 12 phố Lúa"
REQUEST = "/binh-luan/du-lieu/yeu-cau/"


def page(comment, end=""):
    return f"/binh-luan/phieu/{tickets.token_of(comment)}/{end}"


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def confirmed(article, **fields):
    comment = makers.pending(article, **fields)
    notices.subscribe(comment)
    return fresh(comment)


def on_hold(comment):
    takedowns.hold(actor=factories.user(Role.SECRETARY), comment=comment, reason="Tòa án yêu cầu.")


class TestExport:
    def got(self, client, path):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer["Cache-Control"]
        return json.loads(answer.content)

    def test_all_that_is_kept_of_it_but_no_private_note(self, client):
        comment = makers.pending(text=SECRET)
        said = {"reason": "insult", "note": "Kẻ này quen mặt.", "reader_note": "Mời viết lại."}
        moderation.reject(actor=makers.moderator(full_name="Lan Chi"), comment=comment, **said)
        found = json.dumps(self.got(client, page(comment, "tai-ve/")), ensure_ascii=False)
        for kept in (SECRET, comment.name, comment.email, "Mời viết lại.", "Cầu mới thông xe"):
            assert kept in found
        assert "quen mặt" not in found
        assert "Lan Chi" not in found

    def test_with_a_confirmed_address_its_other_comments_too(self, client):
        article = factories.published()
        first = confirmed(article, text="Câu thứ nhất.")
        confirmed(article, text="Câu thứ hai.")
        makers.pending(article, text="Câu ai đó gửi bằng địa chỉ của tôi.")
        makers.pending(article, text="Câu của người khác.", email="khac@example.com")
        found = json.dumps(self.got(client, page(first, "tai-ve/")), ensure_ascii=False)
        assert "Câu thứ nhất." in found
        assert "Câu thứ hai." in found
        assert "ai đó" not in found
        assert "người khác" not in found

    def test_whoever_typed_an_address_that_is_not_his_gets_nothing_of_it(self, client):
        article = factories.published()
        confirmed(article, text="Câu của chủ địa chỉ.")
        stranger = makers.pending(article, text="Câu của kẻ lạ.")
        found = json.dumps(self.got(client, page(stranger, "tai-ve/")), ensure_ascii=False)
        assert "chủ địa chỉ" not in found

    def test_a_guessed_link_opens_nothing(self, client):
        comment = makers.pending()
        for end in ("tai-ve/", "xoa/"):
            assert client.get(f"/binh-luan/phieu/{comment.pk}-{'0' * 24}/{end}").status_code == 404


def texts_of(row):
    """All that is written in the columns of a row that can hold words."""
    kinds = (CharField, TextField, JSONField)
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices
    }


class TestErasing:
    def test_in_two_steps_without_a_script_and_for_good(self, client):
        comment = makers.in_state("approved", text=SECRET)
        article = comment.article
        before = stamps.versions([stamps.comments(article.pk)])
        assert SECRET in client.get(article.get_absolute_url()).content.decode()
        assert "Xóa hẳn" in client.get(page(comment, "xoa/")).content.decode()
        assert fresh(comment).state == "approved"
        answer = client.post(page(comment, "xoa/"))
        assert answer.status_code == 303
        after = client.get(answer["Location"]).content.decode()
        assert "đã được xóa hẳn" in after
        main = after.partition("<main")[2].partition("</main>")[0]
        assert f'href="{article.get_absolute_url()}"' in main
        assert 'href="/"' in main
        assert SECRET not in client.get(article.get_absolute_url()).content.decode()
        assert stamps.versions([stamps.comments(article.pk)]) != before
        assert client.post(page(comment, "xoa/")).status_code == 303

    def test_nothing_of_the_reader_is_left_but_the_row_and_the_log(self):
        comment = makers.in_state("rejected", text=SECRET, wants_notices=True, nonce="a" * 32)
        columns = {"address_hash": "1" * 32, "prefix_hash": "2" * 32, "original_text": SECRET}
        Comment.objects.filter(pk=comment.pk).update(hits=[{"found": SECRET}], **columns)
        Decision.objects.filter(comment=comment).update(note=SECRET, reader_note=SECRET)
        hashes = {"address_hash": "3" * 32, "prefix_hash": "4" * 32}
        reported = {"comment": comment, "reason": "insult", "note": SECRET, "at": comment.queued_at}
        Report.objects.create(ticket="A1", **reported, **hashes)
        comment.given_likes.create(device_hash="5" * 32, at=comment.queued_at)
        comment.sketch.create(band=1, at=comment.queued_at)
        own_data.erase(comment)
        comment = fresh(comment)
        kept = {name: text for name, text in texts_of(comment).items() if text}
        assert set(kept) == set()
        assert (comment.email_confirmed_at, comment.wants_notices) == (None, False)
        report = Report.objects.get()
        assert {name for name, text in texts_of(report).items() if text} == {"ticket"}
        assert report.closed_at
        assert not any((row.note, row.reader_note) != ("", "") for row in Decision.objects.all())
        rows = (comment.given_likes, comment.sketch, comment.notices)
        assert not any(related.exists() for related in rows)
        log = Event.objects.filter(object_type="comment", object_id=comment.pk)
        assert list(log.order_by("id").values_list("verb", flat=True))[-2:] == ["withdraw", "purge"]
        assert not any(SECRET in f"{event.reason}{event.data}{event}" for event in log)

    def test_what_is_kept_for_a_legal_matter_is_refused_with_a_sentence(self, client):
        comment = makers.pending(text=SECRET)
        on_hold(comment)
        answer = client.post(page(comment, "xoa/"))
        assert answer.status_code == 409
        assert "giữ vì lý do pháp lý" in answer.content.decode()
        assert fresh(comment).text == SECRET
        with pytest.raises(NotReady):
            own_data.erase(comment)


class TestTheLostLink:
    def ask(self, client, email):
        answer = client.post(REQUEST, {"email": email}, follow=True)
        return answer.status_code, answer.content

    def test_the_answer_is_the_same_whether_the_address_is_known_or_not(self, client):
        makers.pending()
        assert self.ask(client, "LOI@example.com") == self.ask(client, "ai-do@example.com")
        letter = letters.one()
        assert letter.to == [letters.EMAIL]

    def test_the_letter_leads_to_all_comments_of_the_address(self, client):
        article = factories.published()
        for number in range(3):
            makers.pending(article, text=f"Câu số {number}.")
        makers.pending(article, text="Của người khác.", email="khac@example.com")
        self.ask(client, letters.EMAIL)
        path = letters.link(letters.one(), "du-lieu/thu")
        html = client.get(path).content.decode()
        assert all(f"Câu số {number}." in html for number in range(3))
        assert "Của người khác." not in html
        found = json.loads(client.get(f"{path}tai-ve/").content)
        assert "Câu số 2." in json.dumps(found, ensure_ascii=False)
        client.get(f"{path}xoa/")
        assert not Comment.objects.filter(state="purged").exists()
        assert "Đã xóa hẳn 3" in client.post(f"{path}xoa/").content.decode()
        assert Comment.objects.filter(state="purged").count() == 3
        assert client.get(path).status_code == 404

    def test_the_file_has_all_and_the_page_says_what_it_leaves_out(self, client, monkeypatch):
        article = factories.published()
        for number in range(5):
            makers.pending(article, text=f"Câu số {number}.")
        self.ask(client, letters.EMAIL)
        path = letters.link(letters.one(), "du-lieu/thu")
        assert "mới nhất" not in client.get(path).content.decode()
        monkeypatch.setattr(own_data, "AT_ONCE", 2)
        html = client.get(path).content.decode()
        assert "Trang này chỉ có 2 bình luận mới nhất" in html
        assert [number for number in range(5) if f"Câu số {number}." in html] == [3, 4]
        found = json.loads(client.get(f"{path}tai-ve/").content)
        texts = [row["ý kiến"] for row in found["ý kiến bạn đọc"]]
        assert texts == [f"Câu số {number}." for number in (4, 3, 2, 1, 0)]

    def test_one_that_is_held_is_told_and_stays(self, client):
        article = factories.published()
        makers.pending(article)
        held = makers.pending(article)
        on_hold(held)
        self.ask(client, letters.EMAIL)
        path = letters.link(letters.one(), "du-lieu/thu")
        html = client.post(f"{path}xoa/").content.decode()
        assert "Đã xóa hẳn 1" in html
        assert "lý do pháp lý" in html
        assert fresh(held).text == makers.TEXT

    def test_the_link_dies_after_a_day(self, client, monkeypatch):
        makers.pending()
        self.ask(client, letters.EMAIL)
        path = letters.link(letters.one(), "du-lieu/thu")
        later = time.time() + 24 * 3600 + 5
        monkeypatch.setattr("comments.notices.links.time.time", lambda: later)
        for end in ("", "tai-ve/", "xoa/"):
            assert client.get(path + end).status_code == 404

    def test_a_mistyped_address_is_said(self, client):
        answer = client.post(REQUEST, {"email": "không phải"})
        assert answer.status_code == 422
        assert "không phải" in answer.content.decode()

    def test_nobody_tries_addresses_out(self, client):
        statuses = [client.post(REQUEST, {"email": f"{n}@x.vn"}).status_code for n in range(12)]
        assert statuses == [303] * 10 + [429] * 2
        assert mail.outbox == []
        assert not Notice.objects.exists()


def test_the_page_of_a_comment_shows_the_ways(client):
    comment = makers.pending()
    html = client.get(page(comment)).content.decode()
    assert page(comment, "tai-ve/") in html
    assert page(comment, "xoa/") in html
