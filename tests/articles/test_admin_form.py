"""The article form as its users meet it: typing, saving, verbs, conflicts, mistakes."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Author, Photo, Publication, Revision
from newsroom import vietnamese
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
State = Revision.State
ADD = "/admin/articles/article/add/"


@pytest.fixture
def reporter():
    """Trung Kiên, who writes under that name."""
    person = factories.user(Role.REPORTER, full_name="Nguyễn Trung Kiên")
    factories.AuthorFactory(name="Trung Kiên", slug="trung-kien", account=person)
    return person


@pytest.fixture
def secretary():
    return factories.user(Role.SECRETARY, full_name="Phạm Đức Hiển")


def url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def typed(verb="save", *, article=None, byline=("Trung Kiên",), **fields):
    """What the form would send."""
    data = {
        "verb": verb,
        "headline": "Cầu Kênh Mới thông xe",
        "standfirst": "Xe dưới 10 tấn được qua cầu.",
        "body": "<p>Chiếc xe đầu tiên qua cầu lúc sáu giờ.</p>",
        "comments_open": "on",
        "byline-TOTAL_FORMS": len(byline),
        "byline-INITIAL_FORMS": 0,
    }
    for number, name in enumerate(byline):
        data |= {f"byline-{number}-name": name, f"byline-{number}-part": "text"}
    if article is not None:
        mark = workflow.current_placement(article).mark
        data |= {"base": article.newest_revision.number, "place_base": mark}
        data |= {"section": article.section_id or ""}
        data |= {"tags": list(article.tags.values_list("pk", flat=True)), "slug": article.slug}
    return data | fields


def only_article():
    return Article.objects.select_related("newest_revision", "section").get()


def is_public(article):
    return Publication.objects.public(timezone.now()).filter(article=article).exists()


class TestWriting:
    def test_an_empty_form_offers_the_writers_own_name(self, client, reporter):
        client.force_login(reporter)
        page = client.get(ADD)
        assert page.status_code == 200
        assert 'value="Trung Kiên"' in page.content.decode()

    @pytest.mark.parametrize("verb", ["withdraw", "read", "moderate", "khong-co"])
    def test_a_verb_no_button_has_saves_and_says_no_more(self, client, reporter, verb):
        article = factories.published(by=reporter)
        client.force_login(reporter)
        page = client.post(url(article), typed(verb, article=article), follow=True)
        assert "Đã lưu nháp" in page.content.decode()
        assert "Đã gỡ" not in page.content.decode()
        assert is_public(article)

    def test_a_reporter_begins_an_article(self, client, reporter):
        client.force_login(reporter)
        section = factories.SectionFactory()
        topic = factories.TopicFactory()
        answer = client.post(ADD, typed(section=section.pk, tags=[topic.pk]))
        article = only_article()
        assert answer.headers["Location"] == url(article)
        revision = article.newest_revision
        assert revision.headline == "Cầu Kênh Mới thông xe"
        assert revision.state == State.DRAFT
        assert article.created_by == reporter
        assert article.section == section
        assert [tag.pk for tag in article.tags.all()] == [topic.pk]
        assert [credit.name for credit in revision.byline.all()] == ["Trung Kiên"]
        assert not is_public(article)

    def test_he_publishes_it_himself_where_no_review_is_required(self, client, reporter):
        client.force_login(reporter)
        section = factories.SectionFactory()
        client.post(ADD, typed("publish", section=section.pk))
        article = only_article()
        assert is_public(article)
        assert article.publications.get().signed_by == reporter

    def test_with_review_he_submits_and_cannot_publish(self, client, reporter):
        factories.require_review()
        client.force_login(reporter)
        section = factories.SectionFactory()
        page = client.get(ADD).content.decode()
        assert 'value="submit"' in page
        assert 'value="publish"' not in page
        assert client.post(ADD, typed("publish", section=section.pk)).status_code == 403
        assert not Publication.objects.exists()
        article = only_article()
        client.post(url(article), typed("submit", article=article))
        assert only_article().newest_revision.state == State.IN_REVIEW

    def test_saving_again_adds_a_version(self, client, reporter):
        client.force_login(reporter)
        client.post(ADD, typed())
        article = only_article()
        client.post(url(article), typed(article=article, headline="Tít khác"))
        assert only_article().newest_revision.number == 2
        assert only_article().newest_revision.headline == "Tít khác"

    def test_what_was_typed_comes_back_as_it_was(self, client, reporter):
        article = factories.draft(by=reporter, headline='Tít "lạ" & <b>', standfirst="Sapo")
        client.force_login(reporter)
        page = client.get(url(article)).content.decode()
        assert "Tít &quot;lạ&quot; &amp; &lt;b&gt;" in page
        assert f'name="base" value="{article.newest_revision.number}"' in page


class TestMistakes:
    def test_a_missing_headline_loses_nothing(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed(headline=" ", body="<p>Mười dòng chữ.</p>"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Mười dòng chữ." in page
        assert "#field-headline" in page
        assert not Article.objects.exists()

    def test_a_body_too_long_comes_back_whole(self, client, reporter):
        client.force_login(reporter)
        body = "<p>" + "chữ " * 110_000 + "hết</p>"
        answer = client.post(ADD, typed(body=body))
        assert answer.status_code == 422
        assert "hết&lt;/p&gt;" in answer.content.decode()

    def test_what_is_missing_is_listed_and_the_text_is_saved(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed("submit", byline=()))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert {"#field-section", "#field-byline"} <= set(re.findall(r"#field-\w+", page))
        assert only_article().newest_revision.state == State.DRAFT

    def test_after_such_a_mistake_the_next_save_goes_on(self, client, reporter):
        client.force_login(reporter)
        page = client.post(ADD, typed("submit")).content.decode()
        article = only_article()
        assert f'action="{url(article)}"' in page
        section = factories.SectionFactory()
        client.post(url(article), typed("submit", article=article, section=section.pk))
        assert Article.objects.count() == 1
        assert only_article().newest_revision.state == State.IN_REVIEW

    def test_an_unknown_name_is_asked_about_and_alike_ones_are_offered(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed(byline=["Trung Kien"]))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Trung Kiên" in page
        assert "byline-0-is_new" in page
        assert Author.objects.count() == 1

    def test_a_name_marked_as_new_becomes_a_pen_name(self, client, reporter):
        client.force_login(reporter)
        client.post(ADD, typed(byline=["Hà Vi"], **{"byline-0-is_new": "on"}))
        assert Author.objects.get(name="Hà Vi").account is None
        assert only_article().newest_revision.byline.get().name == "Hà Vi"

    def test_the_same_name_twice_is_refused(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed(byline=["Trung Kiên", "Trung Kiên"]))
        assert answer.status_code == 422

    def test_invisible_letters_are_no_headline(self, client, reporter):
        client.force_login(reporter)
        assert client.post(ADD, typed(headline="\u200b\u3164")).status_code == 422

    @pytest.mark.parametrize("number", ["x", "-1", "999999999999", ""])
    def test_a_forged_version_number_is_a_conflict_not_an_error(self, client, reporter, number):
        article = factories.draft(by=reporter)
        client.force_login(reporter)
        answer = client.post(url(article), typed(article=article, base=number))
        assert answer.status_code in (409, 422)
        assert only_article().newest_revision.number == 1


class TestConflicts:
    def test_a_stale_save_shows_both_texts_and_overwrites_nothing(
        self, client, reporter, secretary
    ):
        article = factories.draft(by=reporter)
        factories.edited(article, by=secretary, headline="Tít của thư ký", body="<p>Thư ký.</p>")
        client.force_login(reporter)
        answer = client.post(url(article), typed(article=article, body="<p>Phóng viên.</p>"))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Phạm Đức Hiển" in page
        assert "Tít của thư ký" in page
        assert "<p>Thư ký.</p>" in page
        assert "&lt;p&gt;Phóng viên.&lt;/p&gt;" in page
        assert only_article().newest_revision.headline == "Tít của thư ký"

    def test_pressing_save_again_is_still_a_conflict(self, client, reporter, secretary):
        article = factories.draft(by=reporter)
        factories.edited(article, by=secretary)
        client.force_login(reporter)
        first = client.post(url(article), typed(article=article)).content.decode()
        assert 'name="base" value="1"' in first
        assert client.post(url(article), typed(article=article)).status_code == 409

    def test_having_read_the_other_text_one_may_save_over_it(self, client, reporter, secretary):
        article = factories.draft(by=reporter)
        factories.edited(article, by=secretary)
        client.force_login(reporter)
        client.post(url(article), typed("save_over", article=article, seen=2))
        newest = only_article().newest_revision
        assert (newest.number, newest.headline) == (3, "Cầu Kênh Mới thông xe")

    def test_saving_over_counts_only_for_the_version_that_was_shown(
        self, client, reporter, secretary
    ):
        article = factories.draft(by=reporter)
        again = factories.edited(factories.edited(article, by=secretary), by=secretary)
        client.force_login(reporter)
        answer = client.post(url(article), typed("save_over", article=article, seen=2))
        assert answer.status_code == 409
        assert only_article().newest_revision == again.newest_revision

    def test_a_lost_race_to_publish_names_who_was_faster(self, client, secretary):
        article = factories.approved()
        text = {"byline": (article.newest_revision.byline.get().name,)}
        fast = factories.user(Role.SECRETARY, full_name="Lê Nhanh")
        workflow.publish(actor=fast, revision=article.newest_revision)
        client.force_login(secretary)
        same = {"headline": "Cầu mới thông xe", "standfirst": "Xe qua cầu từ sáng nay."}
        same["body"] = "<p>Chiếc xe đầu tiên qua cầu lúc sáu giờ.</p>"
        answer = client.post(url(article), typed("publish", article=article, **text, **same))
        assert answer.status_code == 409
        assert "Lê Nhanh" in answer.content.decode()
        assert Publication.objects.count() == 1


class TestReview:
    def test_an_editor_mends_and_approves_in_one_step(self, client, reporter):
        factories.require_review()
        article = factories.in_review(by=reporter)
        client.force_login(factories.user(Role.EDITOR))
        client.post(url(article), typed("approve", article=article, headline="Tít đã chữa"))
        newest = only_article().newest_revision
        assert (newest.headline, newest.state) == ("Tít đã chữa", State.APPROVED)

    def test_returning_takes_a_reason_the_writer_reads(self, client, reporter):
        article = factories.in_review(by=reporter, byline=[Author.objects.get()])
        same = {"headline": "Cầu mới thông xe", "standfirst": "Xe qua cầu từ sáng nay."}
        editor = factories.user(Role.EDITOR, full_name="Trần Lan Chi")
        client.force_login(editor)
        answer = client.post(url(article), typed("return", article=article, **same))
        assert answer.status_code == 409
        client.post(url(article), typed("return", article=article, reason="Thiếu nguồn.", **same))
        assert only_article().newest_revision.state == State.RETURNED
        client.force_login(reporter)
        page = client.get(url(article)).content.decode()
        assert "Thiếu nguồn." in page
        assert "Trần Lan Chi" in page

    def test_a_reason_beside_another_button_is_told_as_not_sent(self, client, reporter):
        article = factories.in_review(by=reporter)
        client.force_login(factories.user(Role.EDITOR))
        data = typed(article=article, headline="Tít đã chữa", reason="Thiếu <b>nguồn</b>.")
        page = client.post(url(article), data, follow=True).content.decode()
        assert "chưa được gửi cho người viết" in page
        assert "Thiếu &lt;b&gt;nguồn&lt;/b&gt;." in page

    def test_what_was_saved_meanwhile_is_not_returned_unread(self, client, reporter):
        article = factories.in_review(by=reporter, byline=[Author.objects.get()])
        same = {"headline": "Cầu mới thông xe", "standfirst": "Xe qua cầu từ sáng nay."}
        data = typed("return", article=article, reason="Thiếu nguồn.", **same)
        factories.edited(article, by=reporter)
        client.force_login(factories.user(Role.EDITOR))
        page = client.post(url(article), data)
        assert page.status_code == 409
        assert "Nguyễn Trung Kiên đã lưu phiên bản" in page.content.decode()
        assert "Thiếu nguồn." in page.content.decode()

    def test_a_changed_text_is_not_thrown_away_by_returning(self, client, reporter):
        article = factories.in_review(by=reporter)
        client.force_login(factories.user(Role.EDITOR))
        data = typed("return", article=article, headline="Tít tôi vừa chữa", reason="Thiếu.")
        answer = client.post(url(article), data)
        assert answer.status_code == 409
        assert "Tít tôi vừa chữa" in answer.content.decode()
        assert only_article().newest_revision.state == State.IN_REVIEW

    def test_nobody_approves_his_own(self, client, reporter, secretary):
        article = factories.in_review(by=secretary)
        client.force_login(secretary)
        assert 'value="approve"' not in client.get(url(article)).content.decode()
        answer = client.post(url(article), typed("approve", article=article))
        assert answer.status_code == 403
        assert only_article().newest_revision.state != State.APPROVED


class TestSchedule:
    def moment(self, hours):
        at = timezone.now().astimezone(vietnamese.ZONE) + dt.timedelta(hours=hours)
        return {"publish_time": f"{at:%H:%M}", "publish_date": f"{at.day}/{at.month}/{at.year}"}

    def test_the_hour_is_vietnams_and_the_day_comes_first(self, client, reporter):
        client.force_login(reporter)
        data = typed("schedule", section=factories.SectionFactory().pk)
        client.post(ADD, data | {"publish_time": "06:00", "publish_date": "10/7/2090"})
        starts_at = Publication.objects.get().starts_at
        assert starts_at == dt.datetime(2090, 7, 10, 6, tzinfo=vietnamese.ZONE)

    def test_an_hour_that_has_passed_is_refused_in_words(self, client, reporter):
        client.force_login(reporter)
        section = factories.SectionFactory()
        answer = client.post(ADD, typed("schedule", section=section.pk) | self.moment(-3))
        assert answer.status_code == 409
        assert "field-publish_at" in answer.content.decode()
        assert not Publication.objects.exists()

    def test_without_a_day_nothing_is_scheduled(self, client, reporter):
        client.force_login(reporter)
        data = typed("schedule", section=factories.SectionFactory().pk, publish_time="06:00")
        assert client.post(ADD, data).status_code == 409
        assert not Publication.objects.exists()

    def test_a_wrong_date_is_named_and_the_text_kept(self, client, reporter):
        client.force_login(reporter)
        data = typed("schedule", publish_time="06:00", publish_date="31/2/2090")
        answer = client.post(ADD, data)
        assert answer.status_code == 422
        assert "Chiếc xe đầu tiên" in answer.content.decode()

    def test_cancelling(self, client, reporter):
        author = Author.objects.get()
        article = factories.scheduled(by=reporter, byline=[author])
        client.force_login(reporter)
        assert 'value="unschedule"' in client.get(url(article)).content.decode()
        client.post(url(article), typed("unschedule", article=article))
        assert not Publication.objects.waiting(timezone.now()).exists()


class TestPlacing:
    def test_a_reporter_cannot_move_what_readers_have_seen(self, client, reporter):
        article = factories.published(by=reporter)
        other = factories.SectionFactory()
        client.force_login(reporter)
        client.post(url(article), typed(article=article, section=other.pk))
        assert only_article().section == article.section
        moving = typed("place", article=only_article(), section=other.pk)
        assert client.post(url(article), moving).status_code == 403
        assert only_article().section == article.section

    def test_the_secretary_moves_it_at_once(self, client, secretary):
        article = factories.published()
        other = factories.SectionFactory()
        name = article.newest_revision.byline.get().name
        client.force_login(secretary)
        data = typed("place", article=article, section=other.pk, byline=[name])
        client.post(url(article), data)
        assert only_article().section == other
        assert Event.objects.filter(verb="place").exists()


class TestPhotos:
    def upload(self, content=None):
        content = content or factories.picture().getvalue()
        return SimpleUploadedFile("anh.jpg", content, content_type="image/jpeg")

    def test_a_chosen_file_becomes_the_lead_photo(self, client, reporter):
        client.force_login(reporter)
        words = {"photo_alt": "Cầu", "photo_caption": "Cầu mới.", "photo_credit": "Bá Phúc"}
        client.post(ADD, typed(photo_file=self.upload(), **words))
        revision = only_article().newest_revision
        assert revision.photo == Photo.objects.get()
        assert (revision.photo_alt, revision.photo_credit) == ("Cầu", "Bá Phúc")

    def test_another_mistake_does_not_lose_the_picture(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed(headline="", photo_file=self.upload()))
        assert answer.status_code == 422
        photo = Photo.objects.get()
        assert f'id="id_photo" value="{photo.pk}"' in answer.content.decode()

    def test_a_file_too_large_is_refused_and_the_text_kept(self, client, reporter):
        client.force_login(reporter)
        large = factories.picture().getvalue() + bytes(21 << 20)
        answer = client.post(ADD, typed(photo_file=self.upload(large)))
        assert answer.status_code == 422
        assert "Chiếc xe đầu tiên" in answer.content.decode()
        for door in ("add/", "pick/"):
            words = {"file": self.upload(large), "alt": "a", "credit": "b"}
            answer = client.post(f"/admin/articles/photo/{door}", words)
            assert answer.status_code in (200, 422)
            assert "20 MB" in answer.content.decode()
        assert not Photo.objects.exists()

    def test_what_is_no_picture_is_refused_and_the_text_kept(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed(photo_file=self.upload(b"<svg onload=alert(1)>")))
        assert answer.status_code == 422
        assert "Chiếc xe đầu tiên" in answer.content.decode()
        assert not Photo.objects.exists()


class TestPreview:
    def test_it_shows_what_was_typed_and_stores_nothing(self, client, reporter):
        article = factories.published(by=reporter, byline=[Author.objects.get()])
        client.force_login(reporter)
        before = Event.objects.count()
        answer = client.post(
            url(article), typed("preview", article=article, headline="Tít chưa lưu")
        )
        assert answer.status_code == 200
        assert "Tít chưa lưu" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert only_article().newest_revision.number == 1
        assert Event.objects.count() == before

    def test_an_article_without_section_or_address_is_previewed_too(self, client, reporter):
        client.force_login(reporter)
        answer = client.post(ADD, typed("preview"))
        assert answer.status_code == 200
        assert not Article.objects.exists()


class TestWithdrawing:
    def test_a_page_asks_why(self, client, secretary):
        article = factories.published()
        address = reverse("admin:articles_article_withdraw", args=[article.pk])
        client.force_login(secretary)
        assert client.get(address).status_code == 200
        assert is_public(article)
        assert client.post(address, {"reason": " "}).status_code == 409
        assert is_public(article)
        client.post(address, {"reason": "Sai tên."})
        assert not is_public(article)
        assert client.post(address, {"reason": "Lần nữa."}).status_code == 409

    def test_an_old_version_is_published_again(self, client, secretary):
        article = factories.published()
        edited = factories.edited(article)
        workflow.publish(actor=None, revision=edited.newest_revision)
        client.force_login(secretary)
        address = reverse("admin:articles_article_version", args=[article.pk, 1])
        assert "button--go" in client.get(address).content.decode()
        client.post(address)
        current = Publication.objects.public(timezone.now()).get(article=article)
        assert current.revision.number == 1

    def test_a_version_that_never_was_public_is_not(self, client, secretary):
        article = factories.edited(factories.draft())
        client.force_login(secretary)
        address = reverse("admin:articles_article_version", args=[article.pk, 1])
        assert "button--go" not in client.get(address).content.decode()
        client.post(address)
        assert not Publication.objects.exists()


class TestEndedSession:
    def test_what_was_typed_is_carried_through_the_log_in(self, client, reporter):
        article = factories.draft(by=reporter)
        data = typed(article=article, headline='Tít gõ lúc "mất" phiên', body="<p>a\nb</p>")
        page = client.post(url(article), data)
        assert page.status_code == 200
        text = page.content.decode()
        assert "Tít gõ lúc &quot;mất&quot; phiên" in text
        assert only_article().newest_revision.number == 1
        answers = {"log_in-username": reporter.username, "log_in-password": "sai"}
        again = client.post(url(article), data | answers)
        assert "Tít gõ lúc &quot;mất&quot; phiên" in again.content.decode()
        answers["log_in-password"] = factories.PASSWORD
        done = client.post(url(article), data | answers)
        assert done.headers["Location"] == url(article)
        assert only_article().newest_revision.headline == 'Tít gõ lúc "mất" phiên'

    def test_whoever_logs_in_needs_the_right_himself(self, client, reporter):
        article = factories.draft(by=reporter)
        other = factories.user(Role.REPORTER)
        answers = {"log_in-username": other.username, "log_in-password": factories.PASSWORD}
        client.post(url(article), typed(article=article, headline="Của người khác") | answers)
        assert only_article().newest_revision.number == 1

    def test_whoever_has_no_right_loses_no_word_of_it(self, client, reporter):
        moderator = factories.user(Role.MODERATOR)
        answers = {"log_in-username": moderator.username, "log_in-password": factories.PASSWORD}
        page = client.post(ADD, typed(headline="Gõ trước khi hết phiên") | answers)
        assert page.status_code == 403
        assert "Gõ trước khi hết phiên" in page.content.decode()
        answers["log_in-username"] = reporter.username
        client.post(ADD, typed(headline="Gõ trước khi hết phiên") | answers)
        assert only_article().newest_revision.headline == "Gõ trước khi hết phiên"
        assert only_article().created_by == reporter

    def test_passwords_are_never_kept_in_a_page(self, client):
        data = {"old_password": "bi-mat-cu", "new_password1": "bi-mat-moi"}
        answer = client.post("/admin/password_change/", data)
        assert answer.status_code == 302
        assert "bi-mat" not in answer.content.decode()


def test_an_hour_typed_and_not_used_is_still_there_after_saving(client, reporter):
    client.force_login(reporter)
    hour = {"publish_date": "10/7/2030", "publish_time": "08:30"}
    page = client.post(ADD, typed(**hour), follow=True).content.decode()
    assert 'value="10/7/2030"' in page
    assert 'value="08:30"' in page
    assert not Publication.objects.exists()
