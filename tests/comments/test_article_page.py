"""What an article page shows of its comments, and how little it costs."""

import datetime as dt
import html
import re
from types import SimpleNamespace

import pytest
from captcha.models import CaptchaStore
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import moderation
from comments.models import Comment
from newsroom import vietnamese
from newsroom.models import SiteSettings
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

BOTH = (
    "{% load comments_tags %}{% article_comment_count article as n %}{{ n }}"
    "{% article_comments article %}"
)


@pytest.fixture
def article():
    return factories.published()


def section_of(client, article):
    """The part “Ý kiến bạn đọc” of the article's page."""
    page = client.get(article.get_absolute_url()).content.decode()
    return re.search(r'<section class="comments" id="y-kien".*?</section>', page, re.DOTALL)[0]


def page_of(site):
    """As much of a page as the tags look at."""
    return SimpleNamespace(site=site)


def read(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


class TestWhatIsShown:
    def test_exactly_the_approved_ones(self, client, article):
        for state in Comment.State.values:
            makers.in_state(state, article, name=f"Người {state}", text=f"Ý {state} ấy")
        makers.in_state("approved", text="Dưới bài khác")
        page = read(client.get(article.get_absolute_url()).content.decode())
        assert re.findall(r"Ý (\w+) ấy", page) == ["approved"]
        assert re.findall(r"Người (pending|held|approved|rejected|spam|removed)", page) == [
            "approved"
        ]
        assert "Dưới bài khác" not in page
        assert "Ý kiến bạn đọc (1)" in page

    @pytest.mark.parametrize("verb", ["remove", "reopen"])
    def test_what_is_taken_away_is_gone_at_once(self, client, article, verb):
        comment = makers.in_state("approved", article)
        assert makers.TEXT in read(section_of(client, article))
        because = makers.BECAUSE if verb == "remove" else {}
        getattr(moderation, verb)(actor=makers.moderator(), comment=comment, **because)
        assert makers.TEXT not in read(section_of(client, article))

    def test_most_liked_first_then_the_newest_with_name_and_time(self, client, article):
        for hour, name, likes in ((20, "Hồng Ngữ", 0), (8, "Nguyễn Văn Lợi", 2), (9, "Oanh", 0)):
            at = dt.datetime(2020, 7, 11, hour, 12, tzinfo=vietnamese.ZONE)
            makers.shown(article, name=name, at=at, likes=likes)
        shown = read(section_of(client, article))
        assert re.findall(r"(Nguyễn Văn Lợi|Hồng Ngữ|Oanh) (\S+, \d\d:\d\d)", shown) == [
            ("Nguyễn Văn Lợi", "11/7/2020, 08:12"),
            ("Oanh", "11/7/2020, 09:12"),
            ("Hồng Ngữ", "11/7/2020, 20:12"),
        ]
        assert 'datetime="2020-07-11T08:12+07:00"' in section_of(client, article)

    @pytest.mark.attack(15)
    def test_what_readers_wrote_stays_text(self, client, article):
        makers.in_state(
            "approved",
            article,
            name="<img src=x onerror=alert(1)>",
            text="<script>alert(1)</script>\n\nXem https://evil.example hoặc javascript:alert(1)",
        )
        section = section_of(client, article)
        assert "<script" not in section
        assert "<img" not in section
        assert "evil.example" in section
        assert not [to for to in re.findall(r'href="([^"]*)"', section) if to[:11] != "/binh-luan/"]

    def test_lines_and_paragraphs_are_kept(self, client, article):
        makers.in_state("approved", article, text="Một\nhai\n\nBa")
        assert "<p>Một<br>hai</p>\n\n<p>Ba</p>" in section_of(client, article)

    def test_the_readers_address_is_on_no_page(self, client, article):
        makers.in_state("approved", article, email="loi@example.com")
        assert "loi@example.com" not in client.get(article.get_absolute_url()).content.decode()


class TestTheWayToTheForm:
    @pytest.mark.attack(8)
    def test_it_is_a_link_that_search_engines_leave_alone(self, client, article):
        section = section_of(client, article)
        link = re.search(r"<a ([^>]*)>Gửi bình luận</a>", section)[1]
        assert f'href="/binh-luan/{article.pk}/"' in link
        assert 'rel="nofollow"' in link
        assert "Chưa có ý kiến nào." in read(section)

    def test_closed_on_the_article(self, client, article):
        makers.in_state("approved", article)
        Article.objects.filter(pk=article.pk).update(comments_open=False)
        self.is_closed(section_of(client, article))
        assert makers.TEXT in read(section_of(client, article))

    def test_closed_on_the_site(self, client, article):
        SiteSettings.objects.update_or_create(pk=1, defaults={"comments_open": False})
        self.is_closed(section_of(client, article), "Tòa soạn đang tạm dừng nhận bình luận.")

    def is_closed(self, section, sentence="Bài này đã khóa bình luận."):
        assert sentence in read(section)
        assert "Gửi bình luận" not in read(section)
        assert "data-comment-link" not in section


class TestCost:
    def test_both_tags_cost_four_queries_with_one_comment_and_with_a_thousand(
        self, article, django_assert_num_queries
    ):
        site = SiteSettings.load()
        for more in (1, 999):
            makers.many_shown(article, more)
            found = Article.objects.select_related("section").get(pk=article.pk)
            with django_assert_num_queries(4):
                shown = Template(BOTH).render(Context({"article": found, "page": page_of(site)}))
        assert shown.startswith("1000")
        assert "Ý kiến bạn đọc (1000)" in read(shown)
        assert shown.count('class="comment"') == 20

    @pytest.mark.attack(8)
    def test_opening_an_article_makes_no_captcha_and_no_cookie(self, client, article):
        response = client.get(article.get_absolute_url())
        assert not CaptchaStore.objects.exists()
        assert not response.cookies
        page = response.content.decode()
        assert "csrfmiddlewaretoken" not in page
        assert "captcha_key" not in page

    def test_staff_see_what_everybody_sees(self, client, article):
        for state in Comment.State.values:
            makers.in_state(state, article)
        everybody = client.get(article.get_absolute_url()).content
        client.force_login(factories.user(Role.MODERATOR))
        assert client.get(article.get_absolute_url()).content == everybody

    def test_many_comments_do_not_make_it_dearer(self, client, article):
        def queries():
            with CaptureQueriesContext(connection) as counted:
                client.get(article.get_absolute_url())
            return len(counted)

        makers.in_state("approved", article)
        queries()  # what a process asks once
        few = queries()
        makers.many_shown(article, 999)
        assert queries() == few

    def test_a_visit_writes_nothing(self, client, article):
        makers.shown(article)
        with CaptureQueriesContext(connection) as asked:
            client.get(article.get_absolute_url())
        assert {query["sql"].lstrip("(")[:6] for query in asked.captured_queries} == {"SELECT"}
