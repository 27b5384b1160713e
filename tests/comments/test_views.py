"""The form on its own address: what a reader without any script gets."""

import re
import unicodedata
from types import SimpleNamespace

import pytest
from captcha.models import CaptchaStore
from django.test import Client

from articles.models import Article
from comments import captcha, tickets
from comments.models import MAX_TEXT, Comment
from comments.views import writing
from newsroom.models import Event, SiteSettings
from tests import factories
from tests.comments import makers
from tests.comments.reader import NASTY, address, fails, fill, late_text_in, text_of, values_in

pytestmark = pytest.mark.django_db

FETCH = {"headers": {"X-Requested-With": "fetch"}}
SENT = "Đã nhận bình luận của bạn."


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới thông xe")


class TestOpening:
    def test_the_form_stands_alone_under_the_articles_headline(self, client, article):
        response = client.get(address(article))
        assert response.status_code == 200
        page = response.content.decode()
        assert f'href="{article.get_absolute_url()}"' in page
        assert "Cầu mới thông xe" in text_of(response)
        assert article.section.name in text_of(response)
        assert values_in(response) == {"name": "", "email": "", "text": "", "answer": ""}
        assert "error-summary" not in page

    def test_its_buttons_say_what_they_do(self, client, article):
        page = client.get(address(article)).content.decode()
        buttons = re.findall(r"<button([^>]*)>(.*?)</button>", page, re.DOTALL)
        named = {re.sub(r"<.*?>", "", text).strip(): attributes for attributes, text in buttons}
        assert 'title="reset captcha"' in named["Đổi mã khác"]
        assert 'value="refresh"' in named["Đổi mã khác"]
        assert "formnovalidate" in named["Đổi mã khác"]
        assert 'value="clear"' in named["Nhập lại"]
        assert "button--solid" in named["Gửi bình luận"]
        in_form = [re.sub(r"<.*?>", "", text).strip() for attributes, text in buttons[-5:]]
        assert in_form[0] == "Gửi bình luận", "the Enter key presses the first button"

    def test_one_captcha_is_made_and_nothing_else(self, client, article):
        events = Event.objects.count()
        client.get(address(article))
        assert CaptchaStore.objects.count() == 1
        assert Event.objects.count() == events
        assert not Comment.objects.exists()

    def test_the_captchas_picture_is_described_and_shown(self, client, article):
        page = client.get(address(article)).content.decode()
        image = re.search(r'<img src="(/binh-luan/ma/[^"]+)"[^>]* alt="([^"]+)"', page)
        assert "các chữ số" in image[2]
        answer = client.get(image[1])
        assert answer["Content-Type"] == "image/png"
        assert answer.content == captcha.image(makers.key_in(page))

    @pytest.mark.attack(8)
    def test_no_cache_and_no_search_engine_keeps_it(self, client, article):
        response = client.get(address(article))
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
        assert "X-Requested-With" in response["Vary"]

    def test_no_cache_keeps_the_picture(self, client):
        response = client.get(f"/binh-luan/ma/{captcha.issue()}.png")
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert not response.cookies

    def test_picture_and_sound_end_with_their_captcha(self, client):
        key = captcha.issue()
        captcha.consume(key, "x")
        for kind in ("png", "wav"):
            assert client.get(f"/binh-luan/ma/{key}.{kind}").status_code == 410
            assert client.get(f"/binh-luan/ma/{'x' * 10_000}.{kind}").status_code == 410

    @pytest.mark.parametrize("asked", [None, "bytes=0-", "bytes=10-19", "bytes=-5", "x"])
    def test_the_sound_is_sent_whole_or_in_parts(self, client, article, asked):
        page = client.get(address(article)).content.decode()
        where = re.search(r'<audio controls preload="none" src="([^"]+)"', page)[1]
        assert f'href="{where}" download=' in page
        whole = captcha.audio(makers.key_in(page))
        answer = client.get(where, headers={"Range": asked} if asked else {})
        assert answer["Content-Type"] == "audio/wav"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        parts = {"bytes=0-": whole, "bytes=10-19": whole[10:20]}
        assert answer.content == parts.get(asked, whole)
        assert answer.status_code == (206 if asked in parts else 200)
        if asked == "bytes=10-19":
            assert answer["Content-Range"] == f"bytes 10-19/{len(whole)}"

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, client, article, method):
        assert getattr(client, method)(address(article)).status_code == 405

    @pytest.mark.attack(29)
    @pytest.mark.parametrize("make", [factories.draft, factories.in_review, factories.scheduled])
    def test_what_was_never_public_has_no_form(self, client, make):
        article = make(headline="Chưa ai được biết")
        response = client.get(address(article))
        assert response.status_code == 404
        assert "Chưa ai được biết" not in text_of(response)
        assert not CaptchaStore.objects.exists()

    @pytest.mark.attack(29)
    @pytest.mark.parametrize("number", [0, 999_999, 10**18, 10**30])
    def test_a_number_without_an_article_has_no_form(self, client, number):
        assert client.get(f"/binh-luan/{number}/").status_code == 404

    @pytest.mark.attack(29)
    def test_a_withdrawn_article_is_gone_and_so_is_its_form(self, client):
        article = factories.withdrawn(headline="Tin sai")
        response = client.get(address(article))
        assert response.status_code == 410
        assert "Bài này đã được gỡ" in text_of(response)
        assert "Tin sai" not in text_of(response)
        assert not CaptchaStore.objects.exists()

    def test_a_text_for_an_article_withdrawn_meanwhile_can_be_copied(self, client):
        article = factories.withdrawn(headline="Tin sai")
        response = client.post(address(article), {"text": "Tôi viết <b>lâu</b> rồi."})
        assert response.status_code == 410
        assert "Bài này đã được gỡ" in text_of(response)
        assert "Tôi viết &lt;b&gt;lâu&lt;/b&gt; rồi." in response.content.decode()
        assert "Tin sai" not in text_of(response)
        assert "no-store" in response.headers["Cache-Control"]
        assert not Comment.objects.exists()

    def test_an_unfinished_edit_of_a_live_story_stays_unseen(self, client, article):
        factories.edited(article, headline="Tít chưa duyệt")
        shown = text_of(client.get(address(article)))
        assert "Cầu mới thông xe" in shown
        assert "Tít chưa duyệt" not in shown

    def test_nothing_readers_wrote_is_shown_with_the_form(self, client, article):
        for state in Comment.State.values:
            makers.in_state(state, article, text=f"Ý kiến {state} ấy")
        shown = text_of(client.get(address(article)))
        assert not re.search(r"Ý kiến \w+ ấy", shown)


class TestSending:
    def test_a_comment_is_taken_and_waits(self, client, article):
        response = client.post(address(article), fill(client, article))
        assert response.status_code == 303
        comment = Comment.objects.get()
        assert response["Location"] == tickets.url_of(comment)
        assert (comment.name, comment.text) == ("Hồng Ngữ", "Đúng thứ cần thấy.")
        assert (comment.email, comment.state) == ("ngu@example.com", "pending")
        assert comment.article == article

    def test_what_is_typed_is_stored_as_text(self, client, article):
        client.post(address(article), fill(client, article, name="<i>Lợi</i>", text=NASTY))
        comment = Comment.objects.get()
        assert comment.name == "<i>Lợi</i>"
        lines = comment.text.split("\n")
        assert lines[:2] == ['Dòng "một" & <b>hai</b>', ""]
        assert lines[2].startswith("<script>alert(1)</script> {{ 7 }} 👩")

    @pytest.mark.attack(18)
    def test_decomposed_letters_are_put_together(self, client, article):
        typed = {
            name: unicodedata.normalize("NFD", text)
            for name, text in {"name": "Hồng Ngữ", "text": "Đường quê ấy"}.items()
        }
        client.post(address(article), fill(client, article, **typed))
        comment = Comment.objects.get()
        assert (comment.name, comment.text) == ("Hồng Ngữ", "Đường quê ấy")

    def test_the_address_may_be_left_out(self, client, article):
        client.post(address(article), fill(client, article, email=""))
        assert Comment.objects.get().email == ""

    @pytest.mark.attack(16)
    def test_the_length_is_counted_after_putting_together(self, client, article):
        text = unicodedata.normalize("NFD", "ộ" * MAX_TEXT)
        assert client.post(address(article), fill(client, article, text=text)).status_code == 303

    @pytest.mark.attack(30)
    def test_nobody_approves_his_own_by_more_fields(self, client, article):
        more = {"state": "approved", "approved": "true", "decided_by": "1", "article": "7"}
        client.post(address(article), fill(client, article) | more)
        assert Comment.objects.get().state == "pending"
        assert Comment.objects.get().decided_by is None

    @pytest.mark.attack(2)
    def test_a_captcha_is_good_for_one_comment(self, client, article):
        sent = fill(client, article)
        client.post(address(article), sent)
        sent["text"] = "Một ý khác."
        response = client.post(address(article), sent)
        assert response.status_code == 422
        assert "mã xác nhận đã hết hạn" in text_of(response)
        assert makers.key_in(response.content.decode()) != sent["captcha_key"]
        assert values_in(response)["text"] == sent["text"]
        assert Comment.objects.count() == 1


class TestClosed:
    @pytest.fixture(params=["article", "site"])
    def closed(self, request, article):
        def close():
            if request.param == "site":
                SiteSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
            else:
                Article.objects.filter(pk=article.pk).update(comments_open=False)

        close.said = {
            "article": "Bài này đã khóa bình luận.",
            "site": "Tòa soạn đang tạm dừng nhận bình luận.",
        }[request.param]
        return close

    def test_one_sentence_and_no_form(self, client, article, closed):
        closed()
        response = client.get(address(article))
        assert response.status_code == 200
        assert closed.said in text_of(response)
        assert "comment-text" not in response.content.decode()
        assert not CaptchaStore.objects.exists()

    @pytest.mark.attack(29)
    @pytest.mark.parametrize("action", ["send", "refresh"])
    def test_who_comes_too_late_still_has_his_text(self, client, article, closed, action):
        sent = fill(client, article, text=NASTY) | {"action": action}
        closed()
        response = client.post(address(article), sent)
        assert closed.said in text_of(response)
        assert late_text_in(response) == NASTY
        assert not Comment.objects.exists()

    def test_closed_while_sending_leaves_the_captcha(self, client, article, monkeypatch):
        sent = fill(client, article, text=NASTY)
        monkeypatch.setattr(writing, "closing", SimpleNamespace(reason=lambda *_: None))
        Article.objects.filter(pk=article.pk).update(comments_open=False)
        response = client.post(address(article), sent)
        assert "Bài này đã khóa bình luận." in text_of(response)
        assert late_text_in(response) == NASTY
        assert captcha.is_live(sent["captcha_key"])


class TestForgery:
    @pytest.fixture
    def strict(self):
        return Client(enforce_csrf_checks=True)

    def test_without_the_cookie_nothing_is_stored_and_nothing_lost(self, strict, article):
        sent = fill(strict, article, text=NASTY)
        strict.cookies.clear()
        response = strict.post(address(article), sent)
        key = fails(response, "Trình duyệt chưa xác nhận", status=403)
        assert key == sent["captcha_key"]
        assert values_in(response)["text"] == NASTY
        assert values_in(response)["answer"] == sent["answer"]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())
        again = strict.post(address(article), sent | {"csrfmiddlewaretoken": token[1]})
        assert again.status_code == 303

    def test_with_the_token_of_the_form_it_is_taken(self, strict, article):
        page = strict.get(address(article)).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        sent = makers.sent_by(page)
        response = strict.post(address(article), sent | {"csrfmiddlewaretoken": token})
        assert response.status_code == 303

    def test_a_page_of_somebody_else_sends_nothing(self, strict, article):
        page = strict.get(address(article)).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        sent = fill(strict, article) | {"csrfmiddlewaretoken": token}
        foreign = {"Origin": "https://evil.example"}
        assert strict.post(address(article), sent, headers=foreign).status_code == 403
        assert not Comment.objects.exists()

    @pytest.mark.parametrize(
        "headers",
        [{"Origin": "https://evil.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}],
    )
    @pytest.mark.parametrize("action", ["", "refresh", "renew", "mail"])
    def test_what_it_typed_does_not_come_back_ready_to_be_sent(
        self, strict, article, headers, action
    ):
        sent = fill(strict, article, text="Chữ của người lạ", name="Kẻ Lạ") | {"action": action}
        strict.cookies.clear()
        response = strict.post(address(article), sent, headers=headers)
        assert response.status_code == 403
        shown = values_in(response)
        assert (shown["text"], shown["name"], shown["answer"]) == ("", "", "")
        assert "người lạ" not in text_of(response)
        assert not Comment.objects.exists()


class TestFragment:
    """The same address for the script: only the part inside the page."""

    def test_the_form_alone(self, client, article):
        response = client.get(address(article), **FETCH)
        page = response.content.decode()
        assert page.lstrip().startswith("<div")
        assert "<html" not in page
        assert makers.key_in(page)
        assert 'name="csrfmiddlewaretoken"' in page
        assert "csrftoken" in response.cookies

    def test_a_refused_form(self, client, article):
        sent = fill(client, article, right=False, text=NASTY)
        response = client.post(address(article), sent, **FETCH)
        fails(response, "mã xác nhận chưa đúng")
        assert "<html" not in response.content.decode()
        assert values_in(response)["text"] == NASTY

    def test_thanks(self, client, article):
        response = client.post(address(article), fill(client, article), **FETCH)
        assert response.status_code == 201
        assert SENT in text_of(response)
        assert f'href="{tickets.url_of(Comment.objects.get())}"' in response.content.decode()
        assert "<html" not in response.content.decode()
        assert Comment.objects.count() == 1

    def test_closed(self, client, article):
        Article.objects.filter(pk=article.pk).update(comments_open=False)
        response = client.get(address(article), **FETCH)
        assert "<html" not in response.content.decode()
        assert text_of(response) == "Bài này đã khóa bình luận."
