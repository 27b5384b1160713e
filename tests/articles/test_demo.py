"""The demo newsroom: whole, believable, and only ever in an empty database."""

import datetime as dt
import re
import unicodedata
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles.cluster_years import NextYear
from articles.demo import plan
from articles.demo.album import Album
from articles.models import Article, Author, Photo, Province, Publication, Revision, Section, Topic
from comments import moderation
from comments.models import Comment
from newsroom import vietnamese
from newsroom.backup import files
from newsroom.models import Event, SiteSettings, User
from newsroom.roles import Role
from tests import factories
from tests.articles import signing

pytestmark = pytest.mark.django_db
PLAN = plan.load()
OLD_STYLE = re.compile(r"o[àáảãạ]\b|o[èéẻẽẹ]\b|(?<![qQ])u[ỳýỷỹỵ]\b")


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="class")
def _loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for a class of tests that only look at it."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        media = tmp_path_factory.mktemp("demo")
        patch.setattr("django.conf.settings.MEDIA_ROOT", media)
        load()
        yield media
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded, settings):
    settings.MEDIA_ROOT = _loaded
    return _loaded


def article(key: str) -> Article:
    return Article.objects.get(source_id=f"demo:{key}")


def rows() -> Counter:
    found = Counter()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.update((table, repr(row)) for row in cursor.fetchall())
    return found


class TestTheNewsroom:
    def test_a_second_run_changes_nothing(self, demo):
        before, media = rows(), sorted(files.walk(demo))
        assert "nothing was changed" in load() or "không" in load()
        assert rows() == before
        assert sorted(files.walk(demo)) == media

    def test_five_people_can_log_in_each_in_one_role(self, demo, settings):
        people = {user.username: user for user in User.objects.all()}
        assert {name: set(user.roles) for name, user in people.items()} == {
            "phongvien": {Role.REPORTER},
            "bientap": {Role.EDITOR},
            "thuky": {Role.SECRETARY},
            "kiemduyet": {Role.MODERATOR},
            "quantri": {Role.ADMINISTRATOR},
        }
        for name, user in people.items():
            assert Client().login(username=name, password=settings.DEMO_PASSWORD)
            assert user.is_staff
            assert not user.is_superuser

    def test_about_sixty_articles_in_eight_sections_and_two_years(self, demo):
        now = timezone.now()
        public = Publication.objects.public(now)
        assert public.count() >= 60
        assert Section.objects.filter(parent=None).count() == 8
        assert all(section.articles.exists() for section in Section.objects.all())
        starts = public.filter(date_precision=vietnamese.TIME).values_list("starts_at", flat=True)
        assert dt.timedelta(days=600) < now - min(starts) < dt.timedelta(days=800)

    def test_every_state_is_there(self, demo):
        now = timezone.now()
        states = Counter(Revision.objects.filter(newest_of__isnull=False).values_list("state"))
        assert {state for (state,) in states} == {"draft", "in_review", "returned", "approved"}
        assert article("hen-gio-don-ky-hop").publications.waiting(now).exists()
        assert not article("da-go-quan-an").publications.public(now).exists()
        live = article("dang-sua-bai-song")
        assert live.publications.public(now).get().revision != live.newest_revision
        updated = article("cap-nhat-mua-lon")
        assert updated.publications.count() == 2
        assert "Đến 10 giờ cùng ngày" in updated.publications.public(now).get().revision.body

    def test_every_pen_name_lists_what_it_signed(self, demo):
        signing.check(timezone.now())
        signing.check(factories.tomorrow() + dt.timedelta(days=30))
        signing.check_dates()

    def test_the_log_reads_like_a_newsrooms(self, demo):
        history = Event.objects.filter(
            object_type="article", object_id=article("cum-1-so-ket-2020").pk
        ).order_by("id")
        assert [(event.verb, event.actor.username) for event in history] == [
            ("save", "phongvien"),
            ("submit", "phongvien"),
            ("approve", "bientap"),
            ("publish", "thuky"),
        ]
        back = Event.objects.get(verb="return")
        assert (back.actor.username, back.object_id) == ("bientap", article("tra-lai-xuong-may").pk)
        assert set(Publication.objects.values_list("signed_by__username", flat=True)) == {"thuky"}

    def test_the_article_it_all_grew_from(self, demo):
        modelled = article("cum-1-so-ket-2020")
        publication = modelled.publications.get()
        shown = vietnamese.long_date(publication.starts_at, publication.date_precision)
        assert shown == "Thứ sáu, 10/7/2020"
        names = publication.revision.byline.order_by("position").values_list("name", flat=True)
        assert list(names) == ["Trung Kiên", "Bá Phúc"]
        units = [tag.province for tag in modelled.tags.filter(kind="province")]
        assert len(units) == 10
        assert all(unit.valid_on(dt.date(2020, 7, 10)) for unit in units)
        cluster = modelled.tags.get(kind="cluster").cluster
        assert cluster.name == "Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường"
        assert cluster.members.count() == 10
        assert cluster.terms.get(year=2020).chair.province in units

    def test_a_cluster_shows_years_members_and_merged_places(self, demo, client):
        cluster = article("thu-vien-giao-uoc-2025").tags.get(kind="cluster").cluster
        page = client.get(cluster.get_absolute_url()).content.decode()
        for words in ("2023", "2024", "nay: Hải Phòng", "Số bài theo thành viên và năm"):
            assert words in page
        assert NextYear(cluster, 2026, Province.objects.all()).newcomers

    def test_topics_are_found_by_their_other_names(self, demo):
        assert Topic.objects.called("cđs").name == "Chuyển đổi số"

    def test_each_picture_became_one_photo(self, demo):
        leads = [row["photo"]["file"] for row in PLAN["articles"] if "photo" in row]
        assert Photo.objects.count() == len({*leads, "thu-vien.webp"})
        within = article("thuyen-quan-ho").newest_revision.body_photos.get()
        assert within.credit == "Thảo My"
        assert len(list(files.walk(demo))) == sum(
            1 + len(photo.widths) for photo in Photo.objects.all()
        )

    def test_comments_stand_in_every_state_after_their_article_and_before_now(self, demo):
        assert set(Comment.objects.values_list("state", flat=True)) == set(Comment.State.values)
        now = timezone.now()
        for comment in Comment.objects.select_related("article"):
            assert comment.article.first_public_at < comment.submitted_at < now
        decided = Comment.objects.filter(state__in=moderation.DECIDED)
        assert set(decided.values_list("decided_by__username")) == {("kiemduyet",)}

    def test_comments_are_answered_liked_chosen_hidden_and_reported(self, demo, client):
        page = client.get(article("de-nuoc-len").get_absolute_url()).content.decode()
        for words in ("Phòng Bạn đọc", "Tòa soạn chọn", "@Chị Bốt Đê"):
            assert words in page, words
        assert not Comment.objects.filter(likes_frozen=True).exists()
        shown = Comment.objects.public()
        assert shown.filter(likes__gte=40, picked_at__isnull=False).count() == 2
        assert "gọi tôi […] sân" in shown.get(redacted_at__isnull=False).text
        assert shown.filter(reported_at__isnull=False).count() == 1
        assert Comment.objects.filter(state="pending", suspect=True).count() >= 2

    def test_readers_get_what_is_public_and_nothing_else(self, demo, client):
        expected = {"scheduled": 404, "withdrawn": 410}
        for row in PLAN["articles"]:
            found = article(row["key"])
            state = row.get("state", "published")
            if found.slug:
                assert client.get(found.get_absolute_url()).status_code == expected.get(state, 200)
        hidden = "(Chờ số liệu chính thức rồi mới đăng bản sửa.)"
        page = client.get(article("dang-sua-bai-song").get_absolute_url())
        assert hidden not in page.content.decode()


def test_its_texts_are_composed_and_spelled_in_the_new_style():
    text = (plan.FOLDER / "newsroom.json").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert OLD_STYLE.findall(text) == []
    assert "{d" not in "".join(plan.dated(text, timezone.now()).split())


@pytest.mark.parametrize(
    "content",
    [
        lambda: factories.user(),
        lambda: factories.SectionFactory(),
        lambda: factories.AuthorFactory(),
        lambda: SiteSettings.objects.create(pk=1, name="Báo có thật"),
        lambda: factories.published(),
    ],
)
def test_a_database_in_use_is_left_alone(content, tmp_path, settings):
    content()
    before = rows()
    with pytest.raises(CommandError) as refusal:
        load()
    assert len(str(refusal.value).splitlines()) == 1
    assert rows() == before
    assert list(files.walk(settings.MEDIA_ROOT)) == []


def test_without_a_password_nothing_is_loaded(settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        load()
    assert not User.objects.exists()


def test_it_is_loaded_whole_or_not_at_all(settings, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("power cut")

    monkeypatch.setattr("comments.demo.load", fail)
    monkeypatch.setitem(PLAN, "articles", PLAN["articles"][:4])
    monkeypatch.setattr(plan, "load", lambda: PLAN)
    before = rows()
    with pytest.raises(RuntimeError):
        load()
    assert rows() == before
    assert list(files.walk(settings.MEDIA_ROOT)) == []


@pytest.mark.long
@pytest.mark.parametrize("moment", ["2028-02-29T00:03", "2031-01-01T12:00", "2027-07-01T23:59"])
def test_it_can_be_loaded_on_any_day(monkeypatch, moment):
    now = dt.datetime.fromisoformat(moment).replace(tzinfo=vietnamese.ZONE)
    monkeypatch.setattr(timezone, "now", lambda: now)
    load()
    assert Article.objects.count() == len(PLAN["articles"])
    assert not Publication.objects.public(now).filter(starts_at__gt=now).exists()
    assert Author.objects.count() == len(PLAN["authors"])
    assert Comment.objects.filter(submitted_at__gt=now).count() == 0


def test_an_album_keeps_its_files_when_all_went_well(settings):
    with Album() as album, transaction.atomic():
        words = {"file": "mua-gat.webp", "alt": "Lúa", "caption": "", "credit": "Bá Phúc"}
        assert album.photo(None, words) == album.photo(None, words)
    assert len(list(files.walk(settings.MEDIA_ROOT))) > 1
