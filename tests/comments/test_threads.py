"""Threads in a list, their orders and pages, and the permanent address of each comment."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from comments import listing, moderation
from comments.models import Comment
from newsroom import stamps
from newsroom.models import Event
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới")


def read(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def names(markup):
    """The names over the comments of a page, in order."""
    return re.findall(r'<p class="comment__head"><b>([^<]*)</b>', markup)


def list_of(article, query=""):
    return f"/binh-luan/{article.pk}/y-kien/{query}"


def address(comment):
    return f"/binh-luan/y-kien/{comment.pk}/"


def next_page(markup):
    found = re.search(r'rel="next nofollow" href="([^"]+)"', markup)
    return html.unescape(found[1]) if found else None


def remove(comment):
    actor = makers.moderator(full_name="Lan Chi")
    comment = Comment.objects.get(pk=comment.pk)
    return moderation.remove(actor=actor, comment=comment, **makers.BECAUSE)


class TestReplies:
    def test_they_stand_under_their_thread_oldest_first_and_say_whom_they_answer(
        self, client, article
    ):
        top = makers.shown(article, name="Lợi")
        first = makers.shown(article, name="Oanh", answered=top)
        makers.shown(article, name="Vinh", answered=first)
        shown = page(client, article.get_absolute_url())
        assert names(shown) == ["Lợi", "Oanh", "Vinh"]
        assert re.findall(r"trả lời @(\w+)", read(shown)) == ["Oanh"]

    def test_three_of_them_and_a_way_to_the_others(self, client, article):
        top = makers.shown(article, name="Lợi")
        for number in range(5):
            makers.shown(article, name=f"Người {number}", answered=top)
        shown = page(client, article.get_absolute_url())
        assert names(shown) == ["Lợi", "Người 0", "Người 1", "Người 2"]
        rest = html.unescape(re.search(r'href="([^"]+)"[^>]*>Xem thêm trả lời', shown)[1])
        assert names(page(client, rest)) == ["Lợi", "Người 3", "Người 4"]

    def test_of_what_is_gone_a_gap_stays_while_a_reply_stands(self, client, article):
        top = makers.shown(article, name="Lợi", text="Lời bị gỡ")
        reply = makers.shown(article, name="Oanh", answered=top)
        remove(top)
        shown = page(client, article.get_absolute_url())
        assert "Ý kiến này đã được gỡ." in read(shown)
        assert "Lời bị gỡ" not in shown
        assert names(shown) == ["Oanh"]
        remove(reply)
        assert "Ý kiến này đã được gỡ." not in read(page(client, article.get_absolute_url()))

    @pytest.mark.parametrize("then", ["withdraw", "reopen"])
    def test_the_gap_stays_whatever_becomes_of_what_is_gone(self, client, article, then):
        top = makers.shown(article, name="Lợi")
        makers.shown(article, name="Oanh", answered=top)
        removed = remove(top)
        by = {"actor": makers.moderator()} if then == "reopen" else {}
        getattr(moderation, then)(comment=removed, **by)
        assert names(page(client, article.get_absolute_url())) == ["Oanh"]

    def test_whose_name_is_gone_is_not_named_by_others(self, client, article):
        top = makers.shown(article, name="Lợi")
        first = makers.shown(article, name="Oanh", answered=top)
        makers.shown(article, name="Vinh", answered=first)
        remove(first)
        assert "Oanh" not in page(client, article.get_absolute_url())


class TestOrders:
    @pytest.fixture(autouse=True)
    def comments(self, article):
        now = timezone.now()
        for age, likes in ((1, 0), (2, 5), (3, 1)):
            at = now - dt.timedelta(minutes=age)
            makers.shown(article, name=f"Trước {age}", likes=likes, at=at)

    @pytest.mark.parametrize(
        ("query", "ages"),
        [("", "231"), ("?xep=quan-tam", "231"), ("?xep=moi", "123"), ("?xep=cu", "321")],
    )
    def test_each_is_a_plain_address(self, client, article, query, ages):
        shown = page(client, list_of(article, query))
        assert names(shown) == [f"Trước {age}" for age in ages]
        assert re.findall(r'aria-current="true" data-comment-order>([^<]+)<', shown) == [
            {"?xep=moi": "Mới nhất", "?xep=cu": "Cũ nhất"}.get(query, "Quan tâm nhất")
        ]

    def test_they_are_known_by_one_address_and_left_out_of_search_engines(self, client, article):
        shown = page(client, list_of(article, "?xep=cu"))
        canonical = f'<link rel="canonical" href="http://testserver{list_of(article)}">'
        assert canonical in shown
        assert '<meta name="robots" content="noindex, follow">' in shown

    def test_the_article_links_to_them(self, client, article):
        shown = page(client, article.get_absolute_url())
        nav = re.search(r'<nav class="sorts".*?</nav>', shown, re.DOTALL)[0]
        found = re.findall(r'href="([^"]+)"', nav)
        assert found == [list_of(article, query) for query in ("", "?xep=moi", "?xep=cu")]

    def test_what_nobody_knows_is_the_usual_order(self, client, article):
        usual = names(page(client, list_of(article)))
        for query in (
            "?xep=lon",
            "?sau=x",
            "?sau=9_9_9",
            "?truoc=99999999999999999_1",
            "?sau=-1_1",
        ):
            assert names(page(client, list_of(article, query))) == usual


class TestPages:
    @pytest.mark.parametrize("order", sorted(listing.ORDERS))
    def test_each_comment_stands_on_one_page(self, client, article, order):
        makers.many_shown(article, 45)
        seen, at = [], list_of(article, f"?xep={order}")
        sizes = []
        while at:
            shown = page(client, at)
            sizes.append(len(names(shown)))
            seen += names(shown)
            at = next_page(shown)
        assert sizes == [20, 20, 5]
        assert sorted(seen) == sorted(Comment.objects.values_list("name", flat=True))

    def test_and_back_again(self, client, article):
        makers.many_shown(article, 45)
        first = page(client, list_of(article, "?xep=moi"))
        second = page(client, next_page(first))
        third = page(client, next_page(second))

        def back(markup):
            return html.unescape(re.search(r'rel="prev" href="([^"]+)"', markup)[1])

        assert names(page(client, back(third))) == names(second)
        assert names(page(client, back(second))) == names(first)

    def test_a_page_costs_the_same_however_many_there_are(self, client, article):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                page(client, list_of(article))
            return len(asked)

        makers.shown(article)
        queries()  # what a process asks once
        few = queries()
        makers.many_shown(article, 300)
        assert queries() == few

    @pytest.mark.skipif("connection.vendor != 'postgresql'")
    @pytest.mark.parametrize("order", sorted(listing.ORDERS))
    def test_the_database_walks_along_the_index(self, article, order):
        makers.many_shown(article, 6000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE comments_comment")
        rows = listing._threads(article.pk, [])
        kind = listing.ORDERS[order]
        sign = "-" if kind.falling else ""
        plan = rows.order_by(f"{sign}{kind.column}", f"{sign}pk")[:21].explain()
        index = "comment_public_by_likes" if kind.column == "likes" else "comment_public_by_time"
        assert f"using {index}" in plan
        assert "Sort" not in plan
        assert "Seq Scan" not in plan
        assert "hashed" not in plan
        tops = list(rows.order_by("pk").values_list("pk", flat=True)[:20])
        replies = Comment.objects.filter(pk__in=listing._first_numbers(tops))
        assert "Seq Scan" not in listing._columns(replies).explain()


class TestPermanentAddress:
    def test_it_shows_the_thread_and_a_way_to_the_article(self, client, article):
        top = makers.shown(article, name="Lợi")
        makers.shown(article, name="Oanh", answered=top)
        shown = page(client, address(top))
        assert names(shown) == ["Lợi", "Oanh"]
        assert f'<h1 class="hed"><a href="{article.get_absolute_url()}">Cầu mới</a></h1>' in shown
        assert f'href="{list_of(article)}"' in shown
        assert '<meta name="robots" content="noindex, follow">' in shown

    def test_the_time_leads_there(self, client, article):
        comment = makers.shown(article)
        shown = page(client, article.get_absolute_url())
        assert re.search(rf'<a [^>]*href="{address(comment)}"[^>]*><time', shown)

    def test_of_a_reply_it_begins_with_that_one(self, client, article):
        top = makers.shown(article, name="Lợi")
        replies = [makers.shown(article, name=f"Số {n}", answered=top) for n in range(30)]
        shown = page(client, address(replies[5]))
        assert names(shown) == ["Lợi", *(f"Số {n}" for n in range(5, 25))]
        assert names(page(client, next_page(shown))) == ["Lợi", *(f"Số {n}" for n in range(25, 30))]
        assert re.search(rf'href="{address(top)}"[^>]*>Xem từ đầu', shown)

    @pytest.mark.parametrize("state", sorted(set(Comment.State.values) - {"approved", "removed"}))
    def test_what_was_never_public_is_not_there(self, client, article, state):
        comment = makers.in_state(state, article)
        for end in ("", "bao-cao/"):
            assert client.get(address(comment) + end).status_code == 404

    def test_what_was_taken_away_is_gone(self, client, article):
        removed = makers.in_state("removed", article)
        taken_back = moderation.withdraw(comment=makers.in_state("approved", article))
        for comment in (removed, taken_back):
            for end in ("", "bao-cao/"):
                response = client.get(address(comment) + end)
                assert response.status_code == 410
                assert makers.TEXT not in response.content.decode()
                assert "Ý kiến này đã được gỡ" in response.content.decode()

    def test_an_answer_of_the_desk_was_public_without_anybodys_approval(self, client, article):
        said = {"text": "Tòa soạn đã hỏi.", "desk": "Ban Bạn đọc"}
        actor, comment = makers.moderator(), makers.shown(article)
        answer = moderation.answer_as_desk(actor=actor, comment=comment, **said)
        moderation.reopen(actor=actor, comment=remove(answer))
        assert client.get(address(answer)).status_code == 410

    def test_a_gap_is_shown_with_its_replies(self, client, article):
        top = makers.shown(article, name="Lợi")
        makers.shown(article, name="Oanh", answered=top)
        remove(top)
        assert names(page(client, address(top))) == ["Oanh"]
        assert client.get(f"{address(top)}bao-cao/").status_code == 410

    def test_with_its_article_it_goes(self, client, article):
        comment = makers.shown(article)
        hidden = makers.pending(article)
        workflow.withdraw(actor=None, article=article, reason="Sai.")
        assert client.get(address(comment)).status_code == 410
        assert client.get(address(hidden)).status_code == 404
        assert client.get(list_of(article)).status_code == 410

    @pytest.mark.parametrize("number", ["1", "9" * 18, "0"])
    def test_what_does_not_exist(self, client, number):
        for path in (f"y-kien/{number}/", f"y-kien/{number}/bao-cao/", f"{number}/y-kien/"):
            assert client.get(f"/binh-luan/{path}").status_code == 404

    def test_an_article_nobody_may_see_yet_has_no_list(self, client):
        assert client.get(list_of(factories.scheduled())).status_code == 404


class TestPublicPages:
    def test_they_hold_nothing_of_who_asks_and_write_nothing(self, client, article):
        top = makers.shown(article)
        pages = (list_of(article), address(top), "/binh-luan/quy-tac/")
        everybody = {}
        for path in pages:
            with CaptureQueriesContext(connection) as asked:
                response = client.get(path)
            assert not response.cookies
            assert not response.has_header("Vary")
            assert response["Cache-Control"] == "no-cache"
            assert "csrfmiddlewaretoken" not in response.content.decode()
            assert {query["sql"].lstrip("(")[:6] for query in asked.captured_queries} == {"SELECT"}
            everybody[path] = response.content
        client.force_login(factories.user(Role.MODERATOR))
        assert {path: client.get(path).content for path in pages} == everybody

    def test_the_rules_say_what_is_not_published(self, client):
        shown = read(page(client, "/binh-luan/quy-tac/"))
        assert "Viết trong 2.000 ký tự." in shown
        assert "Xúc phạm, đe dọa" in shown

    def test_the_article_leads_to_the_rules(self, client, article):
        assert 'href="/binh-luan/quy-tac/"' in page(client, article.get_absolute_url())


class TestTheNewsroomsVoice:
    def test_what_it_chooses_stands_first_and_bears_a_mark(self, client, article):
        makers.shown(article, name="Được thích", likes=9)
        chosen = makers.shown(article, name="Được chọn")
        moderation.pick(actor=makers.moderator(), comment=chosen)
        shown = page(client, article.get_absolute_url())
        assert names(shown) == ["Được chọn", "Được thích"]
        assert read(shown).count("Tòa soạn chọn") == 1
        chosen = Comment.objects.get(pk=chosen.pk)
        moderation.unpick(actor=makers.moderator(), comment=chosen)
        shown = page(client, article.get_absolute_url())
        assert names(shown) == ["Được thích", "Được chọn"]
        assert "Tòa soạn chọn" not in shown

    def test_of_many_chosen_each_stands_once(self, client, article):
        makers.many_shown(article, 30)
        for comment in Comment.objects.all()[:6]:
            moderation.pick(actor=makers.moderator(), comment=comment)
        first = page(client, article.get_absolute_url())
        second = page(client, next_page(first))
        assert len(names(first)) == 20
        assert sorted(names(first) + names(second)) == sorted(
            Comment.objects.values_list("name", flat=True)
        )

    def test_its_answer_stands_in_the_thread_under_its_own_name(self, client, article):
        top = makers.shown(article, name="Lợi")
        actor = makers.moderator(full_name="Lan Chi")
        before = stamps.versions([stamps.comments(article.pk)])[stamps.comments(article.pk)]
        answer = moderation.answer_as_desk(
            actor=actor, comment=top, text="Cảm ơn ông.", desk="Ban Bạn đọc"
        )
        shown = page(client, article.get_absolute_url())
        assert names(shown) == ["Lợi", "Tòa soạn trả lời"]
        assert 'aria-label="Trả lời tòa soạn"' in shown
        assert 'aria-label="Trả lời Ban Bạn đọc"' not in shown
        assert re.search(r"Cảm ơn ông\. Ban Bạn đọc", read(shown))
        assert "Lan Chi" not in shown
        assert "Ý kiến bạn đọc (2)" in read(shown)
        assert (answer.decided_by, answer.thread) == (actor, top)
        key = stamps.comments(article.pk)
        assert stamps.versions([key])[key] == before + 1
        event = Event.objects.get(verb="answer")
        assert (event.actor, event.object_id) == (actor, top.pk)

    def test_the_same_answer_sent_twice_is_one(self, article):
        top, actor = makers.shown(article), makers.moderator()
        said = {"actor": actor, "comment": top, "desk": "Ban Bạn đọc"}
        first = moderation.answer_as_desk(**said, text="Cảm ơn ông.")
        assert moderation.answer_as_desk(**said, text="Cảm ơn  ông.") == first
        assert moderation.answer_as_desk(**said, text="Cảm ơn ông lần nữa.") != first
        assert Comment.objects.exclude(desk="").count() == 2

    def test_what_was_removed_is_not_chosen_any_more(self, article):
        comment, actor = makers.shown(article), makers.moderator()
        comment = moderation.pick(actor=actor, comment=comment)
        comment = moderation.remove(actor=actor, comment=comment, reason="insult")
        comment = moderation.reopen(actor=actor, comment=comment)
        moderation.approve(actor=actor, comment=comment)
        assert Comment.objects.get(pk=comment.pk).picked_at is None

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"text": ""}, "text"),
            ({"text": "a" * 2001}, "text"),
            ({"desk": ""}, "desk"),
            ({"desk": "b" * 61}, "desk"),
        ],
    )
    def test_an_answer_has_the_lengths_of_others(self, article, fields, problem):
        top = makers.shown(article)
        values = {"text": "Cảm ơn ông.", "desk": "Ban Bạn đọc"} | fields
        with pytest.raises(NotReady) as refusal:
            moderation.answer_as_desk(actor=makers.moderator(), comment=top, **values)
        assert set(refusal.value.problems) == {problem}
        assert Comment.objects.count() == 1

    def test_what_readers_do_not_see_is_neither_chosen_nor_answered(self, article):
        waiting, stale = makers.pending(article), makers.shown(article)
        remove(stale)
        actor = makers.moderator()
        for comment in (waiting, stale):
            for verb, more in (
                (moderation.pick, {}),
                (moderation.answer_as_desk, {"text": "a", "desk": "b"}),
            ):
                with pytest.raises(Conflict):
                    verb(actor=actor, comment=comment, **more)
        assert not Comment.objects.exclude(desk="").exists()

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.ADMINISTRATOR])
    def test_only_who_moderates_speaks_for_it(self, article, role):
        comment, actor = makers.shown(article), factories.user(role)
        more = {"answer_as_desk": {"text": "a", "desk": "b"}}
        verbs = "pick unpick answer_as_desk close_reports release_likes drop_likes".split()
        for verb in verbs:
            with pytest.raises(NotAllowed):
                getattr(moderation, verb)(actor=actor, comment=comment, **more.get(verb, {}))

    def test_what_it_edited_says_so(self, client, article):
        comment = makers.shown(article)
        assert "đã biên tập" not in page(client, article.get_absolute_url())
        Comment.objects.filter(pk=comment.pk).update(redacted_at=timezone.now())
        assert "đã biên tập" in page(client, article.get_absolute_url())
