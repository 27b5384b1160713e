"""What a form says it has seen: nothing of another person's is overwritten, nothing typed lost."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Photo, Publication, Revision
from newsroom import vietnamese
from newsroom.roles import Role
from tests import factories
from tests.articles.test_admin_form import ADD, TestPhotos, only_article, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter(client):
    """Trung Kiên, logged in."""
    person = factories.user(Role.REPORTER, full_name="Nguyễn Trung Kiên")
    factories.AuthorFactory(name="Trung Kiên", slug="trung-kien", account=person)
    client.force_login(person)
    return person


@pytest.fixture
def secretary():
    return factories.user(Role.SECRETARY, full_name="Phạm Đức Hiển")


def moved(article, actor, **fields):
    """The article after somebody changed its placement while it was a draft."""
    placement = factories.placement(**fields)
    text = factories.text(headline=article.newest_revision.headline)
    workflow.save_revision(
        actor=actor,
        article=article,
        text=text,
        base=article.newest_revision.number,
        placement=placement,
    )
    return only_article()


class TestStale:
    def test_a_mistake_does_not_make_a_stale_form_fresh(self, client, reporter, secretary):
        article = factories.draft(by=reporter)
        data = typed(article=article)
        factories.edited(article, by=secretary)
        page = client.post(url(article), data | {"headline": ""}).content.decode()
        assert 'name="base" value="1"' in page
        assert client.post(url(article), data).status_code == 409

    def test_every_field_that_differs_is_shown(self, client, reporter, secretary):
        article = factories.draft(by=reporter)
        data = typed(article=article, photo_caption="Chú thích của tôi")
        other = factories.AuthorFactory(name="Bá Phúc")
        factories.edited(
            article, by=secretary, byline=[other], source_line="Theo TTXVN", body=data["body"]
        )
        page = client.post(url(article), data)
        shown = dict(page.context["differences"])
        assert shown["Dòng tác giả"] == "Bá Phúc"
        assert shown["Nguồn tin"] == "Theo TTXVN"
        assert "Chính văn" not in shown
        assert "Chú thích của tôi" in page.content.decode()

    def test_another_section_chosen_meanwhile_is_a_conflict(self, client, reporter, secretary):
        article = factories.draft(by=reporter)
        data = typed(article=article, section=factories.SectionFactory().pk)
        theirs = moved(article, secretary)
        data["base"] = theirs.newest_revision.number
        page = client.post(url(article), data)
        assert page.status_code == 409
        assert theirs.section.name in str(dict(page.context["differences"])["Chuyên mục"])
        assert only_article().section == theirs.section
        seen = page.context["page"].place_mark
        data |= {"verb": "save_over", "seen": theirs.newest_revision.number, "place_seen": seen}
        assert client.post(url(article), data).status_code == 302
        assert only_article().section_id == data["section"]

    def test_who_only_writes_is_not_stopped_by_a_move(self, client, reporter, secretary):
        """The section he was shown comes along unchanged: he did not choose it."""
        article = factories.draft(by=reporter)
        data = typed(article=article)
        theirs = moved(article, secretary)
        data["base"] = theirs.newest_revision.number
        assert client.post(url(article), data).status_code == 302
        assert only_article().section == theirs.section

    def test_a_preview_of_a_stale_text_says_so(self, client, reporter, secretary):
        article = factories.draft(by=reporter)
        data = typed("preview", article=article)
        factories.edited(article, by=secretary)
        assert client.post(url(article), data).status_code == 409

    def test_a_mistake_does_not_undo_a_move(self, client, reporter, secretary):
        """The form shows the old section again, and he presses once more."""
        article = factories.draft(by=reporter)
        data = typed("submit", article=article, byline=())
        theirs = moved(article, secretary)
        data["base"] = theirs.newest_revision.number
        page = client.post(url(article), data)
        assert page.status_code == 409
        again = typed("submit", article=only_article()) | {
            "section": data["section"],
            "base": page.context["page"].base,
            "place_base": page.context["page"].place_base,
        }
        client.post(url(article), again)
        assert only_article().section == theirs.section


class TestPublicPlace:
    def test_nothing_is_moved_without_pressing_move(self, client, secretary):
        article = factories.published()
        name = article.newest_revision.byline.get().name
        client.force_login(secretary)
        other = factories.SectionFactory()
        data = typed(article=article, byline=[name], section=other.pk, headline="Tít chữa vội")
        page = client.post(url(article), data)
        assert page.status_code == 409
        assert "Tít chữa vội" in page.content.decode()
        assert only_article().newest_revision.number == 1
        assert client.post(url(article), data | {"verb": "place"}).status_code == 302
        assert only_article().section == other

    def test_a_move_over_another_move_is_a_conflict(self, client, secretary):
        article = factories.published()
        name = article.newest_revision.byline.get().name
        data = typed("place", article=article, byline=[name], section=factories.SectionFactory().pk)
        theirs = factories.placement()
        workflow.place(actor=None, article=article, placement=theirs)
        client.force_login(secretary)
        page = client.post(url(article), data)
        assert page.status_code == 409
        assert theirs.section.name in str(dict(page.context["differences"])["Chuyên mục"])
        now = page.context["page"]
        data |= {"base": now.base, "place_base": now.place_base}
        assert client.post(url(article), data).status_code == 409
        assert only_article().section == theirs.section
        data |= {"verb": "place_over", "seen": now.base, "place_seen": now.place_mark}
        assert client.post(url(article), data).status_code == 302
        assert only_article().section_id == data["section"]


class TestLostRights:
    def test_words_sent_to_an_article_one_may_not_save_are_shown(self, client, reporter):
        other = factories.draft(by=factories.user(Role.REPORTER), headline="Bài của người khác")
        data = typed(article=other, body="<p>Mười dòng của tôi.</p>")
        page = client.post(url(other), data)
        assert page.status_code == 403
        assert "Mười dòng của tôi." in page.content.decode()
        assert "Bài của người khác" not in page.content.decode()
        assert only_article().newest_revision.number == 1

    def test_so_is_every_other_word(self, client, reporter):
        fields = ("headline", "standfirst", "body", "source_line", "slug", "reason")
        words = {name: f"Chữ {name}" for name in (*fields, "photo_alt", "photo_caption")}
        words |= {"photo_credit": "Ảnh: Bá Phúc"}
        data = typed(byline=["Trung Kiên", "Bá Phúc"], **words)
        others = factories.draft(by=factories.user(Role.REPORTER))
        client.force_login(factories.user(Role.MODERATOR))
        for address in (ADD, url(others), url(others).replace(str(others.pk), "999999")):
            page = client.post(address, data)
            assert page.status_code == 403
            shown = dict(page.context["typed"])
            assert {*words.values(), "Trung Kiên, Bá Phúc"} == {*shown.values()}
            assert all(str(label) in page.content.decode() for label in shown)

    def test_publishing_without_the_right_saves_and_says_why(self, client, reporter):
        factories.require_review()
        data = typed("publish", section=factories.SectionFactory().pk)
        page = client.post(ADD, data)
        assert page.status_code == 403
        assert "Chiếc xe đầu tiên" in page.content.decode()
        assert f'action="{url(only_article())}"' in page.content.decode()


class TestButtons:
    def offered(self, client, article):
        return re.findall(
            r'<button name="verb" value="(\w+)"', client.get(url(article)).content.decode()
        )

    @pytest.mark.parametrize("state", ["approved", "in_review", "published"])
    def test_who_publishes_is_not_asked_to_submit(self, client, secretary, state):
        article = getattr(factories, state)()
        client.force_login(secretary)
        assert "submit" not in self.offered(client, article)
        assert "submit" in self.offered(client, factories.draft())

    def test_a_reporter_under_review_hands_in_an_edit_of_a_live_text(self, client, reporter):
        article = factories.published(by=reporter)
        factories.require_review()
        assert "submit" in self.offered(client, article)

    def test_what_is_live_as_it_stands_is_not_pressed_to_be_published(self, client, reporter):
        page = client.get(url(factories.published(by=reporter)))
        filled = [button.verb for button in page.context["buttons"] if button.filled]
        assert filled == ["save"]

    def test_no_field_cuts_what_is_pasted(self, client, reporter):
        page = client.get(ADD).content.decode()
        assert not re.search(r'name="(headline|standfirst|photo_\w+)"[^>]*maxlength', page)


class TestForged:
    @pytest.mark.parametrize("value", ["x", "\0", "²", "9" * 30, "-1"])
    @pytest.mark.parametrize("name", ["photo", "tags", "section", "byline-0-part", "publish_time"])
    def test_no_value_is_an_error_of_the_server(self, client, reporter, name, value):
        answer = client.post(ADD, typed(**{name: value}))
        assert answer.status_code in (302, 422)

    def test_words_of_a_picture_too_long_for_the_library(self, client, reporter):
        words = {f"photo_{name}": "chữ " * 300 for name in ("alt", "caption", "credit")}
        page = client.post(ADD, typed(photo_file=TestPhotos().upload(), **words))
        assert page.status_code == 422
        assert ("chữ " * 300).strip() in page.content.decode()
        assert Photo.objects.count() == 1

    def test_a_preview_keeps_no_picture(self, client, reporter):
        assert (
            client.post(ADD, typed("preview", photo_file=TestPhotos().upload())).status_code == 200
        )
        assert not Photo.objects.exists()


class TestHour:
    AT = dt.datetime(2090, 7, 10, 6, tzinfo=vietnamese.ZONE)

    def test_the_hour_it_waits_for_stands_in_the_form(self, client, reporter):
        article = factories.scheduled(by=reporter, at=self.AT)
        page = client.get(url(article)).content.decode()
        assert 'value="06:00"' in page
        assert 'value="10/07/2090"' in page
        assert "Đổi giờ" in page

    def test_a_newer_edit_is_scheduled_not_rescheduled(self, client, reporter):
        article = factories.edited(factories.scheduled(by=reporter, at=self.AT))
        assert "Đổi giờ" not in client.get(url(article)).content.decode()

    @pytest.mark.parametrize("hour", ["6h30", "06:30", "6g30"])
    def test_hours_as_people_write_them(self, client, reporter, hour):
        section = factories.SectionFactory()
        data = typed("schedule", section=section.pk, publish_time=hour, publish_date="10/7/2090")
        client.post(ADD, data)
        assert Publication.objects.get().starts_at == self.AT + dt.timedelta(minutes=30)


class TestSteps:
    def steps(self, client, article):
        return [step["who"] for step in client.get(url(article)).context["steps"]]

    def test_an_edit_has_not_been_approved_or_published(self, client, reporter):
        article = factories.published(by=reporter)
        workflow.save_revision(
            actor=reporter, article=article, text=factories.text(headline="Khác"), base=1
        )
        assert self.steps(client, article) == ["Nguyễn Trung Kiên", "", ""]

    def test_what_was_taken_back_is_not_published(self, client, reporter):
        article = factories.draft(by=reporter)
        at = timezone.now() + dt.timedelta(days=1)
        workflow.publish(actor=reporter, revision=article.newest_revision, at=at)
        assert self.steps(client, article)[1:] == ["Nguyễn Trung Kiên", "Nguyễn Trung Kiên"]
        workflow.unschedule(actor=reporter, article=article)
        assert self.steps(client, article)[2] == ""

    def test_who_approved_stays_who_approved(self, client, reporter, secretary):
        article = factories.in_review(by=reporter)
        editor = factories.user(Role.EDITOR, full_name="Trần Lan Chi")
        workflow.approve(actor=editor, revision=article.newest_revision)
        workflow.publish(actor=secretary, revision=article.newest_revision)
        assert self.steps(client, article)[1:] == ["Trần Lan Chi", "Phạm Đức Hiển"]

    def test_a_returned_text_is_no_longer_approved(self, client, reporter):
        article = factories.approved(by=reporter)
        workflow.return_(actor=None, revision=article.newest_revision, reason="Sai tên.")
        assert Revision.objects.get().state == "returned"
        assert self.steps(client, article)[1] == ""


def test_the_history_leads_to_every_version(client, reporter):
    article = factories.edited(factories.published(by=reporter), headline="Tít bản hai")
    history = client.get(reverse("admin:articles_article_history", args=[article.pk]))
    for number in (1, 2):
        address = reverse("admin:articles_article_version", args=[article.pk, number])
        assert f'href="{address}"' in history.content.decode()
        assert client.get(address).status_code == 200
    assert "Tít bản hai" in client.get(address).content.decode()
    assert Article.objects.count() == 1
