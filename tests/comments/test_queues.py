"""The tabs: what stands in each, in what order, narrowed to what, counted how far."""

import datetime as dt

import pytest
from django.utils import timezone

from comments import moderation
from comments.models import Comment, Decision
from comments.senders import Sender
from newsroom import vietnamese
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import (
    QUEUE,
    State,
    decide,
    many,
    names,
    page_of,
    reported,
    sent,
    text_of,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


def list_names(client, state="", **more):
    return names(client.get(QUEUE, ({"state": state} if state else {}) | more))


def suspect(comment):
    Comment.objects.filter(pk=comment.pk).update(suspect=True)
    return comment


class TestTabs:
    def test_what_waits_stands_in_two_queues(self, client, article, moderator):
        sent(article, name="Sau", minutes=5)
        sent(article, name="Trước", minutes=50)
        suspect(sent(article, name="Ngờ", minutes=90))
        assert list_names(client) == ["Trước", "Sau"]
        assert list_names(client, "suspect") == ["Ngờ"]

    def test_what_was_reported_longest_ago_stands_first(self, client, article, moderator):
        for number, name in enumerate(("Một", "Hai")):
            comment = moderation.approve(actor=moderator, comment=sent(article, name=name))
            reported(comment, number=number)
        moderation.remove(actor=moderator, comment=Comment.objects.get(name="Một"), reason="insult")
        moderation.approve(actor=moderator, comment=sent(article, name="Không ai báo"))
        assert list_names(client, "reported") == ["Hai"]

    def test_mine_is_what_i_have_open_and_what_was_left_to_me(self, client, article, moderator):
        colleague = factories.user(Role.MODERATOR)
        opened, left, theirs = (sent(article, name=name) for name in ("Mở", "Để lại", "Của họ"))
        moderation.claim(actor=moderator, comment=opened)
        moderation.hold(actor=colleague, comment=left, assigned_to=moderator)
        moderation.claim(actor=colleague, comment=theirs)
        assert set(list_names(client, "mine")) == {"Mở", "Để lại"}
        Comment.objects.filter(pk=opened.pk).update(claimed_until=timezone.now())
        assert list_names(client, "mine") == ["Để lại"]

    @pytest.mark.parametrize("state", ["approved", "rejected", "spam", "removed", "withdrawn"])
    def test_what_is_decided_stands_newest_first(self, client, article, moderator, state):
        for name in ("Trước", "Sau"):
            makers.in_state(state, article, name=name)
        assert list_names(client, state) == ["Sau", "Trước"]

    def test_numbers_stand_on_the_tabs_where_somebody_waits(self, client, article, moderator):
        sent(article)
        suspect(sent(article))
        reported(moderation.approve(actor=moderator, comment=sent(article)))
        page = text_of(client.get(QUEUE))
        assert "1 Bị báo cáo 1 Chờ duyệt 1 Nghi vấn Giữ lại Của tôi Đã đăng" in page

    def test_beyond_a_thousand_the_number_is_honest(self, client, article, moderator):
        first = sent(article)
        Comment.objects.bulk_create(
            Comment(article=article, name="N", text="T", submitted_at=at, queued_at=at)
            for at in [first.queued_at] * 1000
        )
        page = text_of(client.get(QUEUE))
        assert "hơn 1.000 Chờ duyệt" in page
        assert "Ý kiến bạn đọc hơn 1.000" in page

    def test_over_it_stands_what_was_done_today(self, client, article, moderator):
        comments = [sent(article), sent(article)]
        many(client, comments, "mark_spam")
        assert "Bạn đã xử lý 2 từ " in text_of(client.get(QUEUE))
        Decision.objects.update(at=timezone.now() - dt.timedelta(days=1, hours=1))
        assert "Bạn đã xử lý" not in text_of(client.get(QUEUE))
        midnight = timezone.localtime(timezone=vietnamese.ZONE)
        midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
        Decision.objects.update(at=midnight)
        assert "Bạn đã xử lý 2 từ 00:00" in text_of(client.get(QUEUE))


class TestPaging:
    def test_pages_follow_one_another_without_a_gap(self, client, article, moderator):
        now = timezone.now()
        for number in range(120):
            at = now - dt.timedelta(minutes=number // 7)  # several at the same moment
            sent(article, name=f"Người {number}")
            Comment.objects.filter(name=f"Người {number}").update(queued_at=at)
        wanted = list(Comment.objects.order_by("queued_at", "pk").values_list("name", flat=True))
        seen, page = [], client.get(QUEUE)
        while page:
            seen += names(page)
            to = page.context["cl"].next_url
            page = client.get(QUEUE + to) if to else None
        assert seen == wanted

    def test_the_same_backwards_through_what_is_decided(self, client, article, moderator):
        for number in range(60):
            comment = sent(article, name=f"Người {number}")
            moderation.mark_spam(actor=moderator, comment=comment)
        page = client.get(QUEUE, {"state": "spam"})
        further = client.get(QUEUE + page.context["cl"].next_url)
        assert [*names(page), *names(further)] == [f"Người {n}" for n in range(59, -1, -1)]


class TestNarrowing:
    def test_to_an_article_in_the_queues_order(self, client, article, moderator):
        sent(factories.published(), name="Bài khác")
        sent(article, name="Sau", minutes=1)
        sent(article, name="Trước", minutes=9)
        assert list_names(client, article=article.pk) == ["Trước", "Sau"]

    def test_to_a_section_and_those_within_it(self, client, article, moderator):
        child = factories.SectionFactory(parent=article.section)
        sent(article, name="Mẹ", minutes=3)
        sent(factories.published(section=child), name="Con", minutes=2)
        sent(factories.published(section=factories.SectionFactory()), name="Khác", minutes=1)
        assert list_names(client, section=article.section_id) == ["Mẹ", "Con"]
        assert list_names(client, section=child.pk) == ["Con"]

    def test_to_one_sender_by_one_of_his_comments(self, client, article, moderator):
        one = sent(article, name="A", minutes=3, sender=Sender("a" * 32, ""))
        sent(article, name="B", minutes=2, sender=Sender("a" * 32, ""), email="b@example.com")
        sent(article, name="C", minutes=1, sender=Sender("c" * 32, ""), email="b@example.com")
        assert list_names(client, sender_of=one.pk) == ["A", "B"]
        two = Comment.objects.get(name="B")
        assert list_names(client, sender_of=two.pk) == ["A", "B", "C"]

    def test_an_unknown_sender_is_himself_alone(self, client, article, moderator):
        one = sent(article, name="A")
        sent(article, name="B")
        assert list_names(client, sender_of=one.pk) == ["A"]

    def test_addresses_cannot_be_tried_out(self, client, article, moderator):
        sent(article, name="A", sender=Sender("a" * 32, "b" * 32), email="a@example.com")
        for name, value in (
            ("address_hash", "c"),
            ("address_hash__startswith", "c"),
            ("email", "b@example.com"),
            ("email__contains", "zzz"),
            ("prefix_hash", "c"),
            ("sender_of", "a@example.com"),
        ):
            assert list_names(client, **{name: value}) == ["A"], name

    def test_to_what_a_rule_noticed(self, client, article, moderator):
        one = sent(article, name="A")
        sent(article, name="B")
        hits = [{"rule": "fast", "points": 20, "found": "", "start": None, "end": None}]
        Comment.objects.filter(pk=one.pk).update(hits=hits)
        assert list_names(client, rule="fast") == ["A"]
        assert list_names(client, rule="trap") == []

    def test_the_way_through_stays_narrowed(self, client, article, moderator):
        first = sent(article, name="A", minutes=9)
        sent(factories.published(), name="B", minutes=6)
        last = sent(article, name="C", minutes=3)
        query = f"?article={article.pk}"
        page = client.get(url(first) + query)
        assert page.context["next_url"] == url(last) + query
        answer = decide(client, first, "approve", query)
        assert answer.headers["Location"].startswith(url(last) + query)

    def test_what_it_is_narrowed_to_is_said_with_the_way_back(self, client, article, moderator):
        sent(article)
        page = client.get(QUEUE, {"article": article.pk, "state": "suspect"})
        assert "Một bài" in text_of(page)
        assert 'href="?state=suspect"' in page_of(page)


class TestSections:
    """Each moderator sees and decides what is his."""

    @pytest.fixture
    def foreign(self, article):
        article.section.moderators.add(factories.user(Role.MODERATOR))
        return sent(article, name="Của người khác", minutes=9)

    def test_lists_and_numbers_leave_out_the_others(self, client, foreign, moderator):
        own = sent(factories.published(), name="Của tôi", minutes=1)
        page = client.get(QUEUE)
        assert names(page) == ["Của tôi"]
        assert "1 Chờ duyệt" in text_of(page)
        assert client.get(url(own)).context["previous_url"] == ""

    @pytest.mark.attack(30)
    def test_the_page_of_anothers_is_closed(self, client, foreign, moderator):
        assert client.get(url(foreign)).status_code == 403
        for verb in ("approve", "claim", "release", "see_address", "pick"):
            assert decide(client, foreign, verb).status_code == 403
        assert client.get(url(foreign, "redact")).status_code == 403
        foreign.refresh_from_db()
        assert (foreign.state, foreign.claimed_by) == (State.PENDING, None)

    def test_another_sections_sender_and_text_are_not_tried_out(self, client, foreign, moderator):
        sent(factories.published(), name="Của tôi")
        assert list_names(client, text_of=foreign.pk) == []
        assert list_names(client, sender_of=foreign.pk) == []

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR])
    def test_secretary_and_administrator_see_all(self, client, foreign, role):
        client.force_login(factories.user(role))
        assert names(client.get(QUEUE)) == ["Của người khác"]
        assert client.get(url(foreign)).status_code == 200

    def test_the_administrator_claims_nothing_by_reading(self, client, foreign):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        page = client.get(url(foreign)).content.decode()
        assert "<button name=" not in page
        foreign.refresh_from_db()
        assert foreign.claimed_by is None
