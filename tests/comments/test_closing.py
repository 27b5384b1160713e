"""When readers may comment: rules of a site, a section, an age, the hours of a night."""

import datetime as dt

import pytest
from django.urls import reverse

from articles.models import Article
from comments import closing, moderation
from comments.models import ClosingRule, Comment
from newsroom import freshness, stamps
from newsroom.models import Event, SiteSettings
from newsroom.refusals import NotAllowed
from newsroom.roles import Role
from newsroom.vietnamese import ZONE
from tests import factories
from tests.comments import makers
from tests.comments.reader import fill, late_text_in, text_of

pytestmark = pytest.mark.django_db

PUBLISHED = dt.datetime(2026, 11, 1, 9, 0, tzinfo=ZONE)


@pytest.fixture
def article():
    parent = factories.SectionFactory()
    section = factories.SectionFactory(parent=parent)
    return factories.published(section=section, at=PUBLISHED)


def rule(kind="always", section=None, **fields):
    return ClosingRule.objects.create(kind=kind, section=section, **fields)


def night(closes="22:00", opens="06:00", **fields):
    hours = (dt.time.fromisoformat(closes), dt.time.fromisoformat(opens))
    return rule("night", closes_at=hours[0], opens_at=hours[1], **fields)


def at(text):
    """A moment of Vietnam: "10/11 22:00"."""
    return dt.datetime.strptime(f"2026 {text}", "%Y %d/%m %H:%M").replace(tzinfo=ZONE)


def reason(article, moment="10/11 12:00"):
    found = Article.objects.select_related("section").get(pk=article.pk)
    return closing.reason(found, SiteSettings.load(), at(moment))


def changes_at(article, moment):
    """When a page that says the reason at that moment ends."""
    with freshness.making() as made:
        closing.reason(article, SiteSettings.load(), moment)
    return made.until


def changes(article, moment):
    found = changes_at(article, at(moment))
    return found and f"{found.astimezone(ZONE):%d/%m %H:%M}"


class TestReason:
    def test_without_a_rule_it_is_open(self, article):
        assert reason(article) is None

    def test_each_switch_says_so(self, article):
        SiteSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
        assert reason(article) == "Tòa soạn đang tạm dừng nhận bình luận."
        Article.objects.filter(pk=article.pk).update(comments_open=False)
        assert reason(article) == "Bài này đã khóa bình luận."

    def test_a_section_closes_with_its_sub_sections(self, article):
        rule(section=factories.SectionFactory())
        assert reason(article) is None
        rule(section=article.section.parent)
        assert reason(article) == "Chuyên mục này không nhận bình luận."

    def test_a_rule_of_the_whole_site_does_not_blame_a_section(self, article):
        rule()
        assert reason(article) == "Tòa soạn hiện không nhận bình luận."

    def test_a_sub_section_closes_alone(self, article):
        rule(section=article.section)
        assert reason(article)
        sister = factories.published(section=article.section.parent)
        assert reason(sister) is None

    def test_a_rule_that_is_switched_off_closes_nothing(self, article):
        rule(is_active=False)
        assert reason(article) is None

    def test_what_is_older_than_some_days_takes_none(self, article):
        rule("age", days=30)
        assert reason(article, "01/12 08:59") is None
        said = "Bài đã đăng quá 30 ngày nên không nhận bình luận nữa."
        assert reason(article, "01/12 09:00") == said

    @pytest.mark.parametrize(
        ("moment", "is_closed"),
        [("10/11 21:59", 0), ("10/11 22:00", 1), ("11/11 00:00", 1), ("11/11 05:59", 1)]
        + [("11/11 06:00", 0)],
    )
    def test_a_night_goes_over_midnight_by_the_clocks_of_vietnam(self, article, moment, is_closed):
        night()
        said = "Bình luận mở lại lúc 6:00."
        assert reason(article, moment) == (said if is_closed else None)

    @pytest.mark.parametrize(
        ("moment", "is_closed"), [("10/11 11:29", 0), ("10/11 11:30", 1), ("10/11 13:00", 0)]
    )
    def test_hours_within_a_day(self, article, moment, is_closed):
        night("11:30", "13:00")
        assert bool(reason(article, moment)) == bool(is_closed)

    def test_the_newsroom_may_say_it_in_its_own_words(self, article):
        night(sentence="Hẹn bạn sáng mai.")
        assert reason(article, "10/11 23:00") == "Hẹn bạn sáng mai."

    def test_of_several_the_one_that_lasts_longest_is_told(self, article):
        night()
        rule("age", days=1)
        assert "quá 1 ngày" in reason(article, "10/11 23:00")
        rule(sentence="Đóng hẳn.")
        assert reason(article, "10/11 23:00") == "Đóng hẳn."

    def test_it_costs_one_query_however_many_rules(self, article, django_assert_num_queries):
        found = Article.objects.select_related("section").get(pk=article.pk)
        site = SiteSettings.load()
        for _ in range(5):
            night()
        with django_assert_num_queries(1):
            closing.reason(found, site, at("10/11 12:00"))


class TestChangesAt:
    def test_without_a_rule_never(self, article):
        assert changes(article, "10/11 12:00") is None

    def test_closed_for_good_never(self, article):
        night()
        rule()
        assert changes(article, "10/11 12:00") is None

    def test_a_switch_is_no_rule(self, article):
        night()
        article.comments_open = False
        assert changes(article, "10/11 12:00") is None

    @pytest.mark.parametrize(
        ("moment", "then"),
        [("10/11 12:00", "10/11 22:00"), ("10/11 22:00", "11/11 06:00")]
        + [("11/11 03:00", "11/11 06:00"), ("11/11 06:00", "11/11 22:00")],
    )
    def test_by_night_at_each_end(self, article, moment, then):
        night()
        assert changes(article, moment) == then

    def test_by_age_once(self, article):
        rule("age", days=30)
        assert changes(article, "10/11 12:00") == "01/12 09:00"
        assert changes(article, "01/12 09:00") is None

    def test_where_hours_overlap_the_end_of_both(self, article):
        night("22:00", "06:00")
        night("05:00", "07:00")
        assert changes(article, "10/11 12:00") == "10/11 22:00"
        # Here the sentence changes: what readers are told is another hour.
        assert changes(article, "10/11 23:00") == "11/11 06:00"
        assert changes(article, "11/11 06:30") == "11/11 07:00"

    def test_what_it_says_is_true(self, article):
        night()
        rule("age", days=12)
        moment = at("10/11 12:00")
        told = [closing.reason(article, SiteSettings.load(), moment)]
        while then := changes_at(article, moment):
            before = closing.reason(article, SiteSettings.load(), then - dt.timedelta(seconds=1))
            assert before == told[-1]
            moment = then
            told.append(closing.reason(article, SiteSettings.load(), moment))
            assert told[-1] != told[-2]
        assert moment == PUBLISHED + dt.timedelta(days=12)


class TestReaders:
    def test_they_are_told_on_the_article_and_what_was_published_stays(self, client, article):
        makers.shown(article)
        rule(sentence="Mục này không nhận bình luận.")
        shown = text_of(client.get(article.get_absolute_url()))
        assert "Mục này không nhận bình luận." in shown
        assert makers.TEXT in shown
        assert "Gửi bình luận" not in shown
        assert "Trả lời" not in shown

    def test_the_form_says_so_and_a_late_text_is_given_back(self, client, article):
        sent = fill(client, article)
        rule(sentence="Mục này không nhận bình luận.")
        response = client.post(f"/binh-luan/{article.pk}/", sent)
        assert "Mục này không nhận bình luận." in text_of(response)
        assert late_text_in(response) == sent["text"]
        assert not Comment.objects.exists()

    def test_no_verb_gets_past_a_rule(self, article):
        rule(section=article.section.parent, sentence="Không nhận.")
        with pytest.raises(moderation.Closed, match="Không nhận"):
            makers.pending(article)


class TestTheDesk:
    @pytest.fixture
    def desk(self, client):
        client.force_login(factories.user(Role.SECRETARY))
        return client

    def send(self, client, **fields):
        typed = {"kind": "night", "closes_at": "22:00", "opens_at": "06:00", "is_active": "on"}
        return client.post(reverse("admin:comments_closingrule_add"), typed | fields)

    def test_a_rule_is_made_logged_and_every_page_hears_of_it(self, desk):
        before = stamps.versions([stamps.SITE])[stamps.SITE]
        assert self.send(desk).status_code == 302
        made = ClosingRule.objects.get()
        assert (made.closes_at, made.opens_at) == (dt.time(22), dt.time(6))
        assert stamps.versions([stamps.SITE])[stamps.SITE] == before + 1
        assert Event.objects.get(object_type="closingrule").verb == "add"

    def test_it_is_changed_and_deleted_the_same_way(self, desk):
        made = rule("age", days=3)
        where = [made.pk]
        change = reverse("admin:comments_closingrule_change", args=where)
        desk.post(change, {"kind": "age", "days": 9, "is_active": "on"})
        assert ClosingRule.objects.get().days == 9
        desk.post(reverse("admin:comments_closingrule_delete", args=where), {"post": "yes"})
        assert not ClosingRule.objects.exists()
        verbs = Event.objects.filter(object_type="closingrule").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == ["change", "delete"]
        assert stamps.versions([stamps.SITE])[stamps.SITE] >= 2

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"kind": "age"}, "Hãy ghi số ngày."),
            ({"kind": "age", "days": 0}, "Hãy ghi số ngày."),
            ({"closes_at": ""}, "Hãy ghi từ giờ nào đến giờ nào."),
            ({"opens_at": "22:00"}, "Giờ đóng và giờ mở phải khác nhau."),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, desk, fields, said):
        response = self.send(desk, **fields)
        assert response.status_code == 200
        assert said in text_of(response)
        assert not ClosingRule.objects.exists()

    def test_the_form_says_which_kind_needs_what(self, desk):
        shown = text_of(desk.get(reverse("admin:comments_closingrule_add")))
        assert "Chuyên mục: cả trang" in shown
        assert shown.count("Chỉ cần cho “ban đêm”.") == 2
        assert "Mở lại lúc" in shown

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.MODERATOR])
    def test_others_have_no_say(self, role):
        actor, made = factories.user(role), rule()
        for verb in (moderation.save_closing_rule, moderation.delete_closing_rule):
            with pytest.raises(NotAllowed):
                verb(actor=actor, rule=made)
        assert ClosingRule.objects.filter(pk=made.pk).exists()
