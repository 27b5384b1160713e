"""The lists, desks and side doors of the admin: who finds what, and at what cost."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Author, Photo, Revision, Tag
from newsroom import vietnamese
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
HIDDEN = "Bí mật của người khác"


@pytest.fixture
def reporter():
    return factories.user(Role.REPORTER)


@pytest.fixture
def hidden():
    """A draft of somebody else."""
    return factories.draft(by=factories.user(Role.REPORTER), headline=HIDDEN)


class TestList:
    def test_a_reporter_finds_his_own_alone(self, client, reporter, hidden):
        mine = factories.draft(by=reporter, headline="Bài của tôi")
        client.force_login(reporter)
        by_writer = f"?state=all&writer={hidden.created_by_id}"
        for query in ("", "?state=all", "?state=all&q=bi+mat", by_writer):
            assert HIDDEN not in client.get(LIST + query).content.decode()
        assert str(mine) in client.get(LIST).content.decode()

    def test_search_needs_no_accents(self, client):
        factories.draft(headline="Đường Điện Biên Phủ thông xe")
        factories.draft(headline="Chợ nổi họp lại")
        client.force_login(factories.user(Role.SECRETARY))
        for typed in ("dien bien", "Điện Biên", "duong dien bien phu", "DIEN BIEN"):
            page = client.get(LIST, {"state": "all", "q": typed}).content.decode()
            assert "Điện Biên Phủ" in page
            assert "Chợ nổi" not in page

    @pytest.mark.parametrize(
        ("tab", "shown"),
        [
            ("open", {"Nháp", "Chờ", "Trả", "Duyệt", "Sửa"}),
            ("draft", {"Nháp", "Sửa"}),
            ("in_review", {"Chờ"}),
            ("returned", {"Trả"}),
            ("approved", {"Duyệt"}),
            ("scheduled", {"Hẹn"}),
            ("published", {"Đăng", "Sửa"}),
            ("withdrawn", {"Gỡ"}),
            ("all", {"Nháp", "Chờ", "Trả", "Duyệt", "Hẹn", "Đăng", "Gỡ", "Sửa"}),
        ],
    )
    def test_tabs(self, client, tab, shown):
        factories.draft(headline="Nháp")
        factories.in_review(headline="Chờ")
        factories.returned(headline="Trả")
        factories.approved(headline="Duyệt")
        factories.scheduled(headline="Hẹn")
        factories.published(headline="Đăng")
        factories.withdrawn(headline="Gỡ")
        factories.edited(factories.published(), headline="Sửa")
        client.force_login(factories.user(Role.SECRETARY))
        page = client.get(LIST, {"state": tab})
        rows = page.context["cl"].result_list
        assert {row.newest_revision.headline for row in rows} == shown

    def test_filters_keep_what_they_say(self, client):
        parent = factories.SectionFactory()
        child = factories.SectionFactory(parent=parent)
        person = factories.user(Role.REPORTER)
        factories.draft(section=child, headline="Trong mục con")
        factories.draft(by=person, headline="Của người này")
        client.force_login(factories.user(Role.SECRETARY))
        for query, shown in (
            ({"section": parent.pk}, {"Trong mục con"}),
            ({"writer": person.pk}, {"Của người này"}),
            ({"days": "1"}, {"Trong mục con", "Của người này"}),
        ):
            rows = client.get(LIST, query).context["cl"].result_list
            assert {row.newest_revision.headline for row in rows} == shown, query

    def test_yesterday_begins_at_its_midnight_in_vietnam(self, client):
        article = factories.draft()
        yesterday = timezone.localdate(timezone=vietnamese.ZONE) - dt.timedelta(days=1)
        midnight = dt.datetime.combine(yesterday, dt.time(), vietnamese.ZONE)
        client.force_login(factories.user(Role.SECRETARY))
        for moment, shown in ((midnight, 1), (midnight - dt.timedelta(seconds=1), 0)):
            Revision.objects.filter(article=article).update(saved_at=moment)
            assert len(client.get(LIST, {"days": "1"}).context["cl"].result_list) == shown

    @pytest.mark.parametrize("name", ["section", "writer", "days", "state", "q", "p", "o", "e"])
    def test_a_forged_address_is_no_error(self, client, name):
        factories.draft()
        client.force_login(factories.user(Role.SECRETARY))
        for value in ("\0", "²", "9" * 30, "-1", "x"):
            assert client.get(LIST, {name: value}).status_code in (200, 302), value

    def test_thirty_rows_cost_what_one_costs(self, client):
        client.force_login(factories.user(Role.SECRETARY))
        factories.published(tags=[factories.TopicFactory()])
        before = self.cost(client)
        for number in range(29):
            factories.published(by=factories.user(Role.REPORTER), headline=f"Bài {number}")
        assert self.cost(client) == before

    def cost(self, client):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"state": "all"})
        return len(queries)

    def test_nothing_is_deleted_or_published_from_a_list(self, client):
        article = factories.draft()
        client.force_login(factories.user(Role.SECRETARY))
        for action in ("delete_selected", "publish"):
            client.post(LIST, {"action": action, "_selected_action": [article.pk], "index": 0})
        assert type(article).objects.filter(pk=article.pk).exists()
        assert not article.publications.exists()


class TestSideDoors:
    """A hidden article is like one that never was."""

    def test_its_pages(self, client, reporter, hidden):
        client.force_login(reporter)
        missing = 10**6
        for name, more in [
            ("change", []),
            ("history", []),
            ("withdraw", []),
            ("version", [1]),
            ("delete", []),
        ]:
            for_hidden = client.get(
                reverse(f"admin:articles_article_{name}", args=[hidden.pk, *more])
            )
            for_missing = client.get(
                reverse(f"admin:articles_article_{name}", args=[missing, *more])
            )
            assert for_hidden.status_code == for_missing.status_code, name
            assert HIDDEN not in for_hidden.content.decode()

    def test_no_address_leads_to_any_object_by_number(self, client, reporter, hidden):
        client.force_login(reporter)
        kind = ContentType.objects.get_for_model(type(hidden)).pk
        assert client.get(f"/admin/r/{kind}/{hidden.pk}/").status_code == 404

    def test_look_ups_through_relations_are_refused(self, client, reporter):
        client.force_login(reporter)
        answer = client.get(LIST, {"created_by__password__startswith": "md5"})
        assert answer.status_code in (302, 400)

    def test_drafts_pictures_are_for_the_staff(self, client, reporter):
        photo = factories.photo()
        address = reverse("admin:photo_size", args=[photo.token, 264])
        assert client.get(address).status_code == 302
        client.force_login(factories.user(Role.MODERATOR))
        assert client.get(address).status_code == 403
        client.force_login(reporter)
        answer = client.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert client.get(address.replace("264", "265")).status_code == 404


class TestTagPicker:
    ADDRESS = "/admin/autocomplete/"
    QUERY = {"app_label": "articles", "model_name": "article", "field_name": "tags"}

    def found(self, client, term):
        answer = client.get(self.ADDRESS, self.QUERY | {"term": term})
        return [row["text"] for row in answer.json()["results"]]

    def test_places_say_their_type_and_last_day_todays_first(self, client, reporter):
        client.force_login(reporter)
        found = self.found(client, "hung yen")
        assert [text.startswith("Hưng Yên") for text in found] == [True, True]
        assert "30/6/2025" not in found[0]
        assert "30/6/2025" in found[1]

    def test_clusters_and_topics_are_found_without_accents(self, client, reporter):
        factories.cluster()
        factories.TopicFactory(name="Quản lý đất đai", slug="quan-ly-dat-dai")
        client.force_login(reporter)
        assert self.found(client, "cum thi dua") == [
            "Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường"
        ]
        assert self.found(client, "dat dai") == ["Quản lý đất đai"]

    def test_it_is_closed_to_moderators(self, client):
        client.force_login(factories.user(Role.MODERATOR))
        assert client.get(self.ADDRESS, self.QUERY).status_code == 403


class TestDesks:
    def desk(self, client, person):
        client.force_login(person)
        return client.get("/admin/")

    def test_a_reporter_sees_why_his_text_came_back(self, client, reporter):
        factories.returned(by=reporter, headline="Bị trả", reason="Thiếu nguồn tin.")
        page = self.desk(client, reporter).content.decode()
        assert "Bị trả" in page
        assert "Thiếu nguồn tin." in page

    def test_an_editor_sees_what_waits_in_his_sections_oldest_first(self, client):
        editor = factories.user(Role.EDITOR)
        other = factories.SectionFactory()
        other.editors.add(factories.user(Role.EDITOR))
        first = factories.in_review(headline="Gửi trước")
        second = factories.in_review(headline="Gửi sau")
        factories.in_review(headline="Ban khác", section=other)
        page = self.desk(client, editor).content.decode()
        assert page.index(str(first)) < page.index(str(second))
        assert "Ban khác" not in page

    def test_a_secretary_sees_what_to_publish_and_what_comes(self, client):
        factories.approved(headline="Chờ đăng")
        factories.scheduled(headline="Sắp lên", at=timezone.now() + dt.timedelta(minutes=30))
        factories.published(headline="Vừa lên")
        page = self.desk(client, factories.user(Role.SECRETARY)).content.decode()
        for headline in ("Chờ đăng", "Sắp lên", "Vừa lên"):
            assert headline in page

    def test_a_moderator_lands_in_the_queue(self, client):
        answer = self.desk(client, factories.user(Role.MODERATOR))
        assert answer.headers["Location"] == "/admin/comments/comment/"

    def test_an_administrator_lands_in_the_catalogue(self, client):
        answer = self.desk(client, factories.user(Role.ADMINISTRATOR))
        assert answer.headers["Location"] == "/admin/danh-muc/"

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.SECRETARY])
    def test_desks_cost_the_same_with_many_articles(self, client, role):
        person = factories.user(role)
        client.force_login(person)
        self.one_of_each(person)
        before = self.cost(client)
        for _number in range(4):
            self.one_of_each(person)
        assert self.cost(client) == before

    def one_of_each(self, person):
        for by in (person, factories.user(Role.REPORTER)):
            factories.approved(by=by)
            factories.in_review(by=by)
            factories.returned(by=by)
            factories.scheduled(by=by)
            factories.edited(factories.published(by=by))

    def cost(self, client):
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        return len(queries)


class TestCatalogue:
    def test_a_renamed_section_keeps_its_old_address(self, client):
        section = factories.SectionFactory(slug="cu")
        client.force_login(factories.user(Role.ADMINISTRATOR))
        data = {"name": "Tên mới", "slug": "moi", "parent": "", "position": 1, "editors": []}
        client.post(reverse("admin:articles_section_change", args=[section.pk]), data)
        section.refresh_from_db()
        assert section.slug == "moi"
        assert section.old_slugs.get().slug == "cu"

    def test_editors_of_a_section_are_ticked(self, client):
        editor = factories.user(Role.EDITOR, full_name="Trần Lan Chi")
        section = factories.SectionFactory()
        client.force_login(factories.user(Role.ADMINISTRATOR))
        url = reverse("admin:articles_section_change", args=[section.pk])
        page = client.get(url).content.decode()
        assert f'type="checkbox" name="editors" value="{editor.pk}"' in page
        assert "Trần Lan Chi" in page
        assert "Control" not in page
        data = {"name": section.name, "slug": section.slug, "position": 1, "editors": [editor.pk]}
        client.post(url, data)
        assert section.editors.get() == editor

    def test_moderators_of_a_section_are_ticked_and_logged(self, client):
        person = factories.user(Role.MODERATOR, full_name="Vũ Thị Ngân")
        section = factories.SectionFactory()
        client.force_login(factories.user(Role.ADMINISTRATOR))
        url = reverse("admin:articles_section_change", args=[section.pk])
        page = client.get(url).content.decode()
        assert f'type="checkbox" name="moderators" value="{person.pk}"' in page
        data = {"name": section.name, "slug": section.slug, "position": 1}
        client.post(url, data | {"moderators": [person.pk]})
        assert section.moderators.get() == person
        assert Event.objects.latest("id").data["moderators"] == [person.pk]
        client.post(url, data)
        assert not section.moderators.exists()

    def test_a_section_with_articles_says_why_it_cannot_be_deleted(self, client):
        section = factories.published().section
        client.force_login(factories.user(Role.ADMINISTRATOR))
        url = reverse("admin:articles_section_delete", args=[section.pk])
        assert f"“{section.name}”, vì còn:" in client.get(url).content.decode()

    @pytest.mark.parametrize("slug", ["admin", "tim-kiem", "anh", "dia-phuong"])
    def test_a_section_cannot_take_an_address_of_the_site(self, client, slug):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        data = {"name": "Lạ", "slug": slug, "parent": "", "position": 1}
        answer = client.post("/admin/articles/section/add/", data)
        assert answer.status_code == 200
        assert slug in answer.content.decode()

    def test_an_empty_address_is_made_from_the_name(self, client):
        client.force_login(factories.user(Role.REPORTER))
        client.post("/admin/articles/topic/add/", {"name": "Đất đai", "slug": ""})
        assert Tag.objects.get(name="Đất đai").slug == "dat-dai"

    def test_a_topic_that_is_there_is_not_made_twice(self, client):
        factories.TopicFactory(name="Đất đai", slug="dat-dai")
        client.force_login(factories.user(Role.REPORTER))
        answer = client.post("/admin/articles/topic/add/", {"name": "đất  đai", "slug": ""})
        assert answer.status_code == 200
        assert Tag.objects.filter(kind="topic").count() == 1

    def test_a_new_section_is_offered_the_last_place(self, client):
        factories.SectionFactory(position=7)
        client.force_login(factories.user(Role.ADMINISTRATOR))
        page = client.get("/admin/articles/section/add/").content.decode()
        assert 'name="position" value="8"' in page
        data = {"name": "Lạ", "slug": "la", "position": "9" * 20}
        assert client.post("/admin/articles/section/add/", data).status_code == 200

    def test_a_section_with_articles_is_not_deleted(self, client):
        article = factories.draft()
        client.force_login(factories.user(Role.ADMINISTRATOR))
        address = reverse("admin:articles_section_delete", args=[article.section_id])
        client.post(address, {"post": "yes"})
        article.refresh_from_db()
        assert article.section is not None

    def test_only_the_administrator_ties_a_pen_name_to_an_account(self, client):
        reporter = factories.user(Role.REPORTER)
        client.force_login(reporter)
        client.post("/admin/articles/author/add/", {"name": "Tên Mới", "account": reporter.pk})
        assert Author.objects.get(name="Tên Mới").account is None

    def test_new_words_of_a_photo_leave_published_texts_alone(self, client):
        photo = factories.photo(caption="Chú thích cũ")
        article = factories.published(body=f"<p>a</p><p>[[photo:{photo.pk}]]</p>")
        client.force_login(factories.user(Role.SECRETARY))
        words = {"alt": "a", "caption": "Chú thích mới", "credit": "b"}
        client.post(reverse("admin:articles_photo_change", args=[photo.pk]), words)
        photo.refresh_from_db()
        assert photo.caption == "Chú thích mới"
        assert article.newest_revision.body_photos.get().caption == "Chú thích cũ"
        assert workflow.problems(article, article.newest_revision) == {}

    def test_a_photo_is_added_without_an_article(self, client):
        client.force_login(factories.user(Role.REPORTER))
        file = factories.picture()
        file.name = "anh.jpg"
        data = {"file": file, "alt": "Cầu", "caption": "Cầu mới", "credit": "Bá Phúc"}
        client.post("/admin/articles/photo/add/", data)
        photo = Photo.objects.get()
        assert photo.caption == "Cầu mới"
        size = client.get(reverse("admin:photo_size", args=[photo.token, photo.widths[0]]))
        assert size.status_code == 200

    def test_the_picker_takes_an_upload(self, client):
        client.force_login(factories.user(Role.REPORTER))
        file = factories.picture()
        file.name = "anh.jpg"
        data = {"file": file, "alt": "Cầu", "caption": "Cầu mới", "credit": "Bá Phúc"}
        page = client.post("/admin/articles/photo/pick/?_popup=1&editor=id_body", data)
        assert page.status_code == 200
        assert 'id="picked"' in page.content.decode()
