"""The moderators' list: the queue, what it shows of articles, forged addresses."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from comments import moderation
from comments.models import Comment
from tests import factories
from tests.comments.desk import QUEUE, UNDO, State, form, sent, state_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


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
        assert "<dt>Đã chờ</dt>" not in client.get(url(done)).content.decode()

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

    @pytest.mark.attack(15)
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


PARAMETERS = "q p o e undo after section article text_of sender_of rule email".split()
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
    @pytest.mark.parametrize(
        "name",
        [
            "q",
            "p",
            "o",
            "e",
            "undo",
            "after",
            "section",
            "article",
            "text_of",
            "sender_of",
            "rule",
            "email",
        ],
    )
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
        data = form(first, "hold", state=value, note="\0")
        answer = client.post(url(first), data, query_params={"state": value})
        assert answer.headers["Location"].startswith(f"{url(second)}?undo=")
        assert state_of(first) == State.HELD

    @pytest.mark.parametrize("value", FORGED)
    def test_a_version_nobody_was_shown_decides_nothing(self, client, article, moderator, value):
        comment = sent(article)
        client.post(url(comment), form(comment, "approve", version=value))
        assert state_of(comment) == State.PENDING

    @pytest.mark.parametrize("value", FORGED)
    def test_taking_back_what_was_never_done(self, client, article, moderator, value):
        assert client.post(UNDO, {"batch": value}, follow=True).status_code == 200

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
