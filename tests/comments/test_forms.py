"""What the form refuses: the reason is told, and nothing typed is lost."""

import re

import pytest
from captcha.models import CaptchaStore
from django.utils import timezone

from comments import captcha
from comments.models import MAX_NAME, MAX_TEXT, Comment
from tests import factories
from tests.comments import makers
from tests.comments.reader import NASTY, address, fails, fill, text_of, values_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới thông xe")


class TestFailing:
    TYPED = {"name": 'Lợi "Còi" <3', "email": "loi@example.com", "text": NASTY}

    def kept(self, response, **changed):
        assert values_in(response) == self.TYPED | {"answer": ""} | changed

    def test_a_wrong_answer_costs_the_captcha_and_nothing_else(self, client, article):
        sent = fill(client, article, right=False, **self.TYPED)
        response = client.post(address(article), sent)
        key = fails(response, "mã xác nhận chưa đúng")
        assert key != sent["captcha_key"]
        assert not captcha.is_live(sent["captcha_key"])
        assert "Lỗi: mã chưa khớp" in text_of(response)
        self.kept(response)

    @pytest.mark.attack(9)
    def test_the_word_of_the_test_mode_is_wrong(self, client, article):
        sent = fill(client, article, answer="PASSED", **self.TYPED)
        fails(client.post(address(article), sent), "mã xác nhận chưa đúng")

    @pytest.mark.attack(5)
    def test_an_expired_captcha_is_told_from_a_wrong_one(self, client, article):
        sent = fill(client, article, **self.TYPED)
        CaptchaStore.objects.update(expiration=timezone.now())
        response = client.post(address(article), sent)
        assert fails(response, "mã xác nhận đã hết hạn") != sent["captcha_key"]
        assert "chưa khớp" not in text_of(response)
        self.kept(response)

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("Côm thi ®ua sè 1 - Bé Tµi nguyªn, ch\u00ad¬ng tr×nh", "TCVN3 (ABC)"),
            ("Cuïm thi ñua soá 1 - Boä Taøi nguyeân", "VNI"),
        ],
    )
    def test_an_old_encoding_is_named_and_every_word_kept(self, client, article, text, encoding):
        sent = fill(client, article, **self.TYPED | {"text": text})
        response = client.post(address(article), sent)
        fails(response, "ý kiến chưa dùng Unicode")
        assert f"bảng mã cũ {encoding}" in text_of(response)
        self.kept(response, text=text, answer=sent["answer"])

    @pytest.mark.attack(6)
    @pytest.mark.attack(12)
    @pytest.mark.attack(16)
    @pytest.mark.parametrize(
        ("field", "value", "phrase"),
        [
            ("name", "", "chưa có họ và tên"),
            ("name", "   ", "chưa có họ và tên"),
            ("name", "\u200b\u3164", "chưa có họ và tên"),
            ("name", "x" * (MAX_NAME + 1), "họ và tên dài quá"),
            ("email", "không phải", "địa chỉ e-mail chưa đúng"),
            ("email", f"{'x' * 250}@a.vn", "địa chỉ e-mail"),
            ("text", "", "chưa có nội dung"),
            ("text", "\u200b\u2060\u3164\u2800 \u202e", "chưa có nội dung"),
            ("text", "x" * (MAX_TEXT + 1), "ý kiến dài quá"),
            ("text", "a\n" * 100_000, "ý kiến dài quá"),
        ],
    )
    def test_a_mistake_elsewhere_does_not_cost_the_captcha(
        self, client, article, field, value, phrase
    ):
        sent = fill(client, article, **self.TYPED | {field: value})
        response = client.post(address(article), sent)
        assert fails(response, phrase) == sent["captcha_key"]
        self.kept(response, **{field: value, "answer": sent["answer"]})
        again = sent | {"name": "Lợi", "email": "", "text": "Ngắn gọn."}
        assert client.post(address(article), again).status_code == 303

    def test_the_fields_are_tied_to_what_is_wrong_with_them(self, client, article):
        sent = fill(client, article, name="", email="x", text="", answer="")
        page = client.post(address(article), sent).content.decode()
        for field in ("name", "email", "text", "answer"):
            assert f'<a href="#comment-{field}">' in page
            assert f'id="comment-{field}_error"' in page
            tag = re.search(rf'<(?:input|textarea)[^>]*id="comment-{field}"[^>]*>', page)[0]
            assert f'aria-describedby="comment-{field}_error"' in tag
            assert 'aria-invalid="true"' in tag
        assert "Hãy sửa 4 chỗ:" in text_of(client.post(address(article), sent))
        assert "<title>Lỗi: " in page

    @pytest.mark.attack(11)
    def test_without_an_answer_there_is_a_new_captcha(self, client, article):
        sent = fill(client, article, answer="", **self.TYPED)
        response = client.post(address(article), sent)
        assert fails(response, "chưa nhập mã xác nhận") != sent["captcha_key"]
        self.kept(response)

    def test_a_mistake_elsewhere_with_an_expired_captcha_tells_both(self, client, article):
        sent = fill(client, article, **self.TYPED | {"name": ""})
        CaptchaStore.objects.update(expiration=timezone.now())
        response = client.post(address(article), sent)
        assert fails(response, "chưa có họ và tên") != sent["captcha_key"]
        assert "mã xác nhận đã hết hạn" in text_of(response)
        self.kept(response, name="")

    @pytest.mark.attack(11)
    @pytest.mark.parametrize(
        "change",
        [
            {"captcha_key": "x" * 10_000},
            {"captcha_key": "\0"},
            {"captcha_key": ""},
            {"answer": "\0"},
            {"answer": "\u200b"},
            {"answer": "9" * 1_000_000},
            {"answer": ["1", "2"]},
            {"captcha_key": ["a" * 40, "b" * 40]},
            {"token": "\0" * 1_000_000},
        ],
    )
    def test_strange_captchas_end_in_a_form(self, client, article, change):
        sent = fill(client, article, **self.TYPED) | change
        response = client.post(address(article), sent)
        fails(response, "mã xác nhận")
        self.kept(response)

    @pytest.mark.attack(11)
    def test_nothing_at_all_ends_in_a_form(self, client, article):
        fails(client.post(address(article)), "chưa có nội dung")

    @pytest.mark.attack(11)
    def test_a_body_that_is_no_form_ends_in_a_form(self, client, article):
        body = '{"text": "\\ud800"}'
        response = client.post(address(article), body, content_type="application/json")
        fails(response, "chưa có nội dung")

    def test_a_zero_byte_is_no_text(self, client, article):
        client.post(address(article), fill(client, article, text="Mưa\0 to", name="Lợi\0"))
        assert (Comment.objects.get().text, Comment.objects.get().name) == ("Mưa to", "Lợi")

    @pytest.mark.attack(13)
    def test_stacked_marks_are_capped(self, client, article):
        client.post(address(article), fill(client, article, text="a" + "\u0301" * 500))
        assert len(Comment.objects.get().text) <= 4

    @pytest.mark.attack(17)
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("text=" + "x" * 3_000_000, "application/x-www-form-urlencoded"),
            ("&".join(f"a{n}=1" for n in range(1_001)), "application/x-www-form-urlencoded"),
            ("text=+AOk-", "application/x-www-form-urlencoded; charset=utf-7"),
            ("text=x", "multipart/form-data"),
            ("--b\r\nx", f"multipart/form-data; boundary={'b' * 300}"),
        ],
    )
    def test_too_much_or_too_strange_is_refused_whole(self, client, article, body, kind):
        response = client.post(address(article), body, content_type=kind)
        assert response.status_code == 400
        assert 'href="/"' in response.content.decode()
        assert not Comment.objects.exists()


class TestRenewing:
    TYPED = {"name": "Lợi", "email": "không phải", "text": NASTY}

    def test_another_code_keeps_the_texts_and_complains_of_nothing(self, client, article):
        sent = fill(client, article, **self.TYPED) | {"action": "refresh"}
        response = client.post(address(article), sent)
        assert response.status_code == 200
        assert values_in(response) == self.TYPED | {"answer": ""}
        assert "Lỗi" not in text_of(response)
        assert makers.key_in(response.content.decode()) != sent["captcha_key"]
        assert not captcha.is_live(sent["captcha_key"])
        assert not Comment.objects.exists()

    def test_start_again_really_empties_the_form(self, client, article):
        failed = client.post(address(article), fill(client, article, right=False, **self.TYPED))
        key = makers.key_in(failed.content.decode())
        page = failed.content.decode()
        sent = makers.sent_by(page, **self.TYPED) | {"action": "clear"}
        response = client.post(address(article), sent)
        assert response.status_code == 200
        assert values_in(response) == {"name": "", "email": "", "text": "", "answer": ""}
        assert "Lỗi" not in text_of(response)
        assert makers.key_in(response.content.decode()) != key

    def test_renewing_leaves_one_captcha(self, client, article):
        sent = fill(client, article) | {"action": "refresh"}
        for _ in range(5):
            page = client.post(address(article), sent).content.decode()
            sent = makers.sent_by(page) | {"action": "refresh"}
        assert CaptchaStore.objects.count() == 1
