"""What a form was made for: no other article, reply or code takes it, and twice is once."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from comments import captcha, tickets
from comments.form_token import FormToken
from comments.models import Comment, ConsentText
from tests import factories
from tests.comments import makers
from tests.comments.reader import NASTY, address, fails, fill, text_of, values_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới thông xe")


def replying(article, comment):
    return f"{address(article)}?tra-loi={comment.pk}"


def reopened(response, **fields):
    """What a reader sends from the form that came back."""
    return makers.sent_by(response.content.decode(), **fields)


class TestForeign:
    def refused(self, client, article, sent, phrase="mã xác nhận không thuộc biểu mẫu này"):
        response = client.post(address(article), sent | {"text": NASTY})
        fails(response, phrase)
        assert values_in(response)["text"] == NASTY
        assert client.post(address(article), reopened(response)).status_code == 303

    @pytest.mark.attack(3)
    def test_a_code_of_another_article_is_worth_nothing(self, client, article):
        sent = fill(client, factories.published())
        self.refused(client, article, sent)
        assert captcha.is_live(sent["captcha_key"]), "nobody can burn a code of another form"

    def test_a_code_solved_elsewhere_is_worth_nothing(self, client, article):
        key = captcha.issue()
        foreign = {"captcha_key": key, "answer": makers.solution(key)}
        self.refused(client, article, fill(client, article) | foreign)

    def test_the_code_of_a_reply_is_for_that_reply(self, client, article):
        comment = makers.in_state("approved", article)
        sent = makers.sent_by(client.get(replying(article, comment)).content.decode())
        response = client.post(address(article), sent)
        assert response.status_code == 422
        assert "không thuộc biểu mẫu này" in text_of(response)
        assert Comment.objects.get() == comment

    @pytest.mark.attack(27)
    @pytest.mark.parametrize(
        "forge",
        [
            lambda token: "",
            lambda token: "x" * 10_000,
            lambda token: "\0é" + token,
            lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
            lambda token: token.replace(".", "0.", 1),
            lambda token: token.partition(":")[0],
        ],
    )
    def test_a_forged_token_brings_a_new_form(self, client, article, forge):
        sent = fill(client, article)
        self.refused(client, article, sent | {"token": forge(sent["token"])})

    @pytest.mark.attack(27)
    def test_a_token_from_the_future_brings_a_new_form(self, client, article):
        sent = fill(client, article)
        token = FormToken.new(article.pk, None, sent["captcha_key"])
        later = replace(token, issued_at=timezone.now() + dt.timedelta(minutes=5))
        self.refused(client, article, sent | {"token": later.signed()})

    def test_a_form_of_a_machine_whose_clock_is_a_little_ahead_is_as_old_as_it_is(self, clock):
        now = timezone.now()
        clock(now + dt.timedelta(seconds=30))
        signed = FormToken.new(1, None, "key").signed()
        clock(now)
        assert FormToken.read(signed).age == 0

    def test_another_newsrooms_token_brings_a_new_form(self, client, article, settings):
        sent = fill(client, article)
        ours, settings.SECRET_KEY = settings.SECRET_KEY, "another newsroom" * 4
        foreign = FormToken.new(article.pk, None, sent["captcha_key"]).signed()
        settings.SECRET_KEY = ours
        self.refused(client, article, sent | {"token": foreign})


@pytest.mark.attack(23)
class TestTwice:
    def test_the_same_form_leads_to_the_same_page(self, client, article):
        sent = fill(client, article)
        first = client.post(address(article), sent)
        again = client.post(address(article), sent)  # pressed twice, sent again after "back"
        assert first.status_code == again.status_code == 303
        assert first["Location"] == again["Location"] == tickets.url_of(Comment.objects.get())

    def test_also_by_the_script(self, client, article):
        sent = fill(client, article)
        client.post(address(article), sent)
        again = client.post(address(article), sent, headers={"X-Requested-With": "fetch"})
        assert again.status_code == 201
        assert tickets.url_of(Comment.objects.get()) in again.content.decode()

    def test_also_with_a_code_that_was_changed_meanwhile(self, client, article):
        sent = fill(client, article)
        client.post(address(article), sent)  # the answer never came back
        renewed = client.post(address(article), sent | {"action": "refresh"})
        assert client.post(address(article), reopened(renewed, text="Khác.")).status_code == 303
        assert Comment.objects.count() == 2, "another text is another comment"

    def test_a_code_changed_before_anything_was_stored_keeps_the_form_the_same(
        self, client, article
    ):
        sent = fill(client, article)
        renewed = reopened(client.post(address(article), sent | {"action": "refresh"}))
        first = client.post(address(article), renewed)
        again = client.post(address(article), renewed)
        assert first["Location"] == again["Location"]
        assert Comment.objects.count() == 1

    @pytest.mark.attack(2)
    def test_another_text_with_the_used_code_is_refused(self, client, article):
        sent = fill(client, article)
        client.post(address(article), sent)
        response = client.post(address(article), sent | {"text": "Một ý khác."})
        assert response.status_code == 422
        assert values_in(response)["text"] == "Một ý khác."
        assert Comment.objects.count() == 1
        assert client.post(address(article), reopened(response, text="Ý")).status_code == 303

    def test_another_nonce_with_the_used_code_is_refused(self, client, article):
        sent = fill(client, article)
        client.post(address(article), sent)
        other = FormToken.new(article.pk, None, sent["captcha_key"]).signed()
        response = client.post(address(article), sent | {"token": other})
        assert response.status_code == 422
        assert "mã xác nhận đã hết hạn" in text_of(response)
        assert Comment.objects.count() == 1


class TestReplying:
    def test_whom_one_answers_is_said_and_stored(self, client, article):
        comment = makers.in_state("approved", article)
        page = client.get(replying(article, comment))
        assert "Trả lời @Nguyễn Văn Lợi" in text_of(page)
        client.post(replying(article, comment), reopened(page))
        reply = Comment.objects.latest("pk")
        assert (reply.answered, reply.thread) == (comment, comment)

    @pytest.mark.parametrize("action", ["send", "refresh", "renew", "clear", "mail"])
    def test_it_outlives_mistakes_and_new_codes(self, client, article, action):
        comment = makers.in_state("approved", article)
        sent = reopened(client.get(replying(article, comment)), right=False, action=action)
        response = client.post(replying(article, comment), sent)
        assert "Trả lời @Nguyễn Văn Lợi" in text_of(response)
        assert f'action="{replying(article, comment)}"' in response.content.decode()
        sent = reopened(response)
        assert client.post(replying(article, comment), sent).status_code == 303
        assert Comment.objects.latest("pk").answered == comment

    @pytest.mark.attack(29)
    @pytest.mark.parametrize("target", ["pending", "removed", "foreign", "0", "x" * 99, "\0"])
    def test_nobody_answers_what_readers_do_not_see(self, client, article, target):
        if target in ("pending", "removed"):
            target = makers.in_state(target, article).pk
        elif target == "foreign":
            target = makers.in_state("approved").pk
        page = client.get(address(article), {"tra-loi": target})
        assert "Ý kiến bạn trả lời không còn nữa." in text_of(page)
        assert "Trả lời @" not in text_of(page)
        assert client.post(address(article), reopened(page)).status_code == 303
        assert Comment.objects.latest("pk").answered is None

    def test_gone_while_writing_costs_neither_text_nor_code(self, client, article):
        comment = makers.in_state("approved", article)
        where = replying(article, comment)
        sent = reopened(client.get(where), text=NASTY)
        Comment.objects.filter(pk=comment.pk).update(state="removed")
        response = client.post(where, sent)
        assert response.status_code == 422
        assert "Ý kiến bạn trả lời không còn nữa." in text_of(response)
        assert values_in(response)["text"] == NASTY
        assert values_in(response)["answer"] == sent["answer"]
        again = reopened(response, text=NASTY)
        assert again["captcha_key"] == sent["captcha_key"]
        assert client.post(address(article), again).status_code == 303


class TestCarried:
    @pytest.mark.attack(27)
    def test_who_sends_and_how_fast_is_noticed(self, client, article):
        client.post(address(article), fill(client, article))
        comment = Comment.objects.get()
        assert len(comment.address_hash) == len(comment.prefix_hash) == 32
        assert "fast" in [hit["rule"] for hit in comment.hits]

    def test_who_takes_his_time_is_not_fast(self, client, article):
        sent = fill(client, article)
        token = FormToken.read(sent["token"])
        slow = replace(token, issued_at=token.issued_at - dt.timedelta(minutes=2))
        client.post(address(article), sent | {"token": slow.signed()})
        assert Comment.objects.get().hits == []

    @pytest.mark.attack(26)
    def test_the_hidden_field_is_noticed_and_refuses_nobody(self, client, article):
        page = client.get(address(article)).content.decode()
        assert 'class="trap" aria-hidden="true"' in page
        sent = fill(client, article, right=False, nha_in="1 Lê Lợi\0")
        response = client.post(address(article), sent)
        again = reopened(response) | {"nha_in": "1 Lê Lợi"}
        assert 'name="nha_in" value="1 Lê Lợi' in response.content.decode()
        assert client.post(address(article), again).status_code == 303
        comment = Comment.objects.get()
        assert comment.state == "pending"
        assert "trap" in [hit["rule"] for hit in comment.hits]

    def test_notices_need_an_address(self, client, article):
        client.post(address(article), fill(client, article, wants_notices="on"))
        client.post(address(article), fill(client, article, wants_notices="on", email=""))
        client.post(address(article), fill(client, article))
        wants = Comment.objects.order_by("pk").values_list("wants_notices", flat=True)
        assert list(wants) == [True, False, False]

    def test_the_wish_for_notices_outlives_a_mistake(self, client, article):
        sent = fill(client, article, right=False, wants_notices="on")
        for action in ("send", "refresh"):
            page = client.post(address(article), sent | {"action": action}).content.decode()
            assert 'id="comment-wants_notices" checked' in page

    def test_the_terms_are_those_in_force_when_the_form_was_shown(self, client, article):
        ConsentText.objects.all().delete()
        now = timezone.now()
        old, shown = [
            ConsentText.objects.create(text=f"Bản {days}", valid_from=now - dt.timedelta(days=days))
            for days in (20, 10)
        ]
        ConsentText.objects.create(text="Bản sau", valid_from=now + dt.timedelta(days=1))
        sent = fill(client, article)
        ConsentText.objects.create(text="Bản mới", valid_from=timezone.now())
        client.post(address(article), sent)
        assert Comment.objects.get().consent == shown != old
        page = text_of(client.get(address(article)))
        assert "là bạn đồng ý với Quy tắc bình luận và cách tòa soạn dùng dữ liệu" in page
