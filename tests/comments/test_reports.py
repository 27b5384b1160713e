"""A reader reports a comment: the form, the ticket, and how the newsroom is done with it."""

import re

import pytest
from django.test import Client

from comments import moderation
from comments.models import Comment, Report
from comments.moderation import reporting
from comments.senders import Sender
from comments.views import reports
from newsroom.models import Event
from newsroom.refusals import Conflict, NotReady
from tests import factories
from tests.comments import makers
from tests.comments.reader import text_of

pytestmark = pytest.mark.django_db

READER = Sender("a" * 32, "b" * 32)


@pytest.fixture
def comment():
    return makers.shown(factories.published(), text="Câu chửi bới.")


def address(comment):
    return f"/binh-luan/y-kien/{comment.pk}/bao-cao/"


def send(client, comment, **fields):
    """What a reader sends after opening the form."""
    typed = {"reason": "insult", "note": ""} | fields
    network = typed.pop("network", 1)
    return client.post(address(comment), typed, REMOTE_ADDR=f"10.0.{network}.7")


def ticket_in(response):
    return re.search(r"Số báo cáo của bạn: (\S+)", text_of(response))[1]


def report(comment, sender=READER, **fields):
    return moderation.report(comment=comment, sender=sender, **{"reason": "insult"} | fields)


class TestTheForm:
    def test_it_shows_the_comment_and_asks_why(self, client, comment):
        response = client.get(address(comment))
        assert response.status_code == 200
        assert "Câu chửi bới." in text_of(response)
        assert "Xúc phạm hoặc đe dọa người khác" in text_of(response)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"

    def test_the_reader_gets_a_number_that_can_be_read_aloud(self, client, comment):
        response = send(client, comment, note="Chửi cả làng.")
        assert response.status_code == 201
        stored = Report.objects.get()
        assert ticket_in(response) == stored.ticket
        assert re.fullmatch(rf"BC-[{reporting.LETTERS}]{{6}}", stored.ticket)
        assert not set("0O1IL5S") & set(reporting.LETTERS)
        assert (stored.reason, stored.note) == ("insult", "Chửi cả làng.")
        comment.refresh_from_db()
        assert comment.reported_at == stored.at

    def test_the_same_reader_again_gets_the_same_number(self, client, comment):
        first = ticket_in(send(client, comment))
        assert ticket_in(send(client, comment, reason="advert")) == first
        assert ticket_in(send(client, comment, network=2)) != first
        assert Report.objects.count() == 2
        assert Event.objects.filter(verb="report").count() == 2

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"reason": ""}, "hãy chọn một lý do."),
            ({"reason": "hack"}, "hãy chọn một lý do."),
            ({"reason": "other"}, "hãy viết vài chữ cho biết vi phạm điều gì."),
            ({"reason": "other", "note": "\u200b \u3164"}, "hãy viết vài chữ"),
            ({"note": "a" * 501}, "501 ký tự"),
        ],
    )
    def test_what_is_missing_is_said_and_what_was_typed_stays(self, client, comment, fields, said):
        response = send(client, comment, **{"note": "Chữ đã gõ"} | fields)
        if "note" not in fields and fields.get("reason") == "other":
            assert response.status_code == 201
            return
        assert response.status_code == 422
        assert said in text_of(response)
        assert ("Chữ đã gõ" in text_of(response)) == ("note" not in fields)
        assert not Report.objects.exists()

    def test_without_the_browsers_word_nothing_is_lost(self, comment):
        strict = Client(enforce_csrf_checks=True)
        response = send(strict, comment, note="Chữ đã gõ")
        assert response.status_code == 403
        assert "Chữ đã gõ" in text_of(response)
        assert not Report.objects.exists()
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]
        assert send(strict, comment, csrfmiddlewaretoken=token).status_code == 201

    def test_a_strangers_page_gets_no_form_back_ready_to_be_sent(self, comment):
        strict = Client(enforce_csrf_checks=True)
        typed = {"reason": "insult", "note": "Chữ của người lạ"}
        foreign = {"Origin": "https://evil.example"}
        response = strict.post(address(comment), typed, headers=foreign)
        assert response.status_code == 403
        assert "người lạ" not in text_of(response)
        assert "checked" not in response.content.decode()
        assert not Report.objects.exists()

    def test_one_network_cannot_flood_the_queue(self, client, monkeypatch):
        article = factories.published()
        comments = [makers.shown(article) for _ in range(3)]
        monkeypatch.setattr(reports, "PER_NETWORK", reports.limits.Limit("reports", 2, 3600))
        answers = [send(client, each, note="Chữ đã gõ") for each in comments]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert "Chữ đã gõ" in text_of(answers[2])
        assert Report.objects.count() == 2
        assert send(client, comments[2], network=2).status_code == 201

    def test_a_reader_without_a_known_address_is_taken_too(self, client, comment):
        for _ in range(2):
            assert client.post(address(comment), {"reason": "insult"}, REMOTE_ADDR="")
        assert Report.objects.count() == 2


class TestTheVerbs:
    def test_readers_see_the_comment_as_before(self, client, comment):
        report(comment)
        assert "Câu chửi bới." in text_of(client.get(comment.article.get_absolute_url()))

    def test_the_log_holds_nothing_of_the_reader(self, comment):
        report(comment, note="Tôi tên là Lợi.")
        event = Event.objects.get(verb="report")
        assert event.actor is None
        assert "Lợi" not in f"{event.object_label}{event.reason}{event.data}"

    def test_who_keeps_the_comment_closes_them(self, comment):
        first = report(comment)
        report(comment, sender=Sender("c" * 32))
        actor = makers.moderator()
        assert moderation.close_reports(actor=actor, comment=comment) == 2
        first.refresh_from_db()
        comment.refresh_from_db()
        assert (first.closed_by, comment.reported_at) == (actor, None)
        assert moderation.close_reports(actor=actor, comment=comment) == 0
        assert Event.objects.filter(verb="close_reports").count() == 1

    def test_afterwards_the_same_reader_opens_a_new_one(self, comment):
        first = report(comment)
        moderation.close_reports(actor=makers.moderator(), comment=comment)
        assert report(comment).ticket != first.ticket
        comment.refresh_from_db()
        assert comment.reported_at

    @pytest.mark.parametrize("verb", ["remove", "reopen", "withdraw"])
    def test_with_the_comment_they_go(self, comment, verb):
        made, actor = report(comment), makers.moderator()
        by = {} if verb == "withdraw" else {"actor": actor}
        because = makers.BECAUSE if verb == "remove" else {}
        getattr(moderation, verb)(comment=comment, **by, **because)
        made.refresh_from_db()
        assert made.closed_at
        assert made.closed_by == by.get("actor")
        assert Comment.objects.get(pk=comment.pk).reported_at is None

    def test_what_readers_do_not_see_any_more_is_not_reported(self, comment):
        stale = Comment.objects.get(pk=comment.pk)
        moderation.withdraw(comment=comment)
        with pytest.raises(Conflict):
            report(stale)
        assert not Report.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [({"reason": "x"}, "reason"), ({"reason": "other"}, "note"), ({"note": "a" * 501}, "note")],
    )
    def test_what_says_nothing_is_refused(self, comment, fields, problem):
        with pytest.raises(NotReady) as refusal:
            report(comment, **fields)
        assert set(refusal.value.problems) == {problem}
