"""Public pages do not look at the visitor, take nothing from him and write nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from articles.addresses import RESERVED
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import main, open_page, page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses():
    """One address of each kind, the errors among them."""
    photo, topic, author = factories.photo(), factories.TopicFactory(), factories.AuthorFactory()
    cluster, unit = factories.cluster(), factories.province("30@pre")
    article = factories.published(
        photo=photo,
        photo_alt="Cảnh",
        photo_credit="BP",
        tags=[topic, cluster, unit],
        byline=[author],
    )
    lists = [found.get_absolute_url() for found in (article.section, topic, cluster, unit, author)]
    return {
        "/": 200,
        article.get_absolute_url(): 200,
        **dict.fromkeys(lists, 200),
        **dict.fromkeys((f"{path}rss.xml" for path in lists), 200),
        "/tim-kiem/": 200,
        "/tim-kiem/?q=cau": 200,
        "/rss.xml": 200,
        "/sitemap.xml": 200,
        "/robots.txt": 200,
        "/favicon.svg": 200,
        f"/anh/{photo.token}-564.webp": 200,
        f"/x/y-{article.pk}.html": 301,
        factories.withdrawn().get_absolute_url(): 410,
        "/khong-co/": 404,
        "/khong/co/gi": 404,
    }


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_everybody_gets_the_same_bytes_and_no_cookie(addresses, clock, settings):
    from django.utils import timezone

    clock(timezone.now())
    stranger, staff = Client(), Client()
    staff.force_login(factories.user(Role.REPORTER, Role.ADMINISTRATOR, is_superuser=True))
    staff.cookies["csrftoken"] = "x" * 32
    for path, status in addresses.items():
        first = stranger.get(path)
        second = staff.get(
            path, headers={"accept-language": "en", "user-agent": "Other", "cookie2": "x"}
        )
        assert first.status_code == second.status_code == status, path
        assert body(first) == body(second), path
        assert first.headers == second.headers, path
        for response in (first, second):
            assert not response.cookies, path
            assert "Cookie" not in response.get("Vary", ""), path
            assert b"csrf" not in (b"" if response.streaming else response.content).lower()


# The search asks within a transaction how its index is to be walked.
READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "SET LOCAL enable_seqscan")


def test_opening_a_page_writes_nothing(addresses):
    staff = Client()
    staff.force_login(factories.user(Role.REPORTER))
    for path in addresses:
        with CaptureQueriesContext(connection) as captured:
            body(staff.get(path))
        asked = [query["sql"].lstrip("(") for query in captured]
        written = [sql for sql in asked if not sql.startswith(READING)]
        assert written == [], path


def test_only_get_and_head(addresses):
    client = Client(enforce_csrf_checks=True)
    for path, status in addresses.items():
        if status != 404:
            for method in ("post", "put", "patch", "delete", "options"):
                assert getattr(client, method)(path).status_code == 405, (method, path)
        assert client.head(path).status_code == status


def test_pages_are_asked_about_each_time(addresses):
    for path, status in addresses.items():
        if status in (200, 404, 410) and "/anh/" not in path:
            assert open_page(path)["Cache-Control"] == "no-cache", path


def test_browsers_are_told_not_to_guess(addresses):
    for path in addresses:
        assert open_page(path)["X-Content-Type-Options"] == "nosniff"


def first_parts(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver) and not route:
            yield from first_parts(pattern.url_patterns)
        elif isinstance(pattern, URLResolver | URLPattern):
            yield route.partition("/")[0]


def test_every_fixed_first_part_of_an_address_is_reserved():
    fixed = {part for part in first_parts(get_resolver().url_patterns) if "<" not in part} - {""}
    assert {"admin", "binh-luan", "anh", "tim-kiem", "dia-phuong"} <= fixed
    # No slug has a full stop.
    assert {part for part in fixed if "." not in part} <= RESERVED


class TestErrors:
    def test_404_offers_a_search_and_the_latest(self):
        article = factories.published(headline="Cầu mới thông xe")
        shown = page("/khong-co/", 404)
        assert "Không tìm thấy trang này" in words(shown)
        assert 'action="/tim-kiem/"' in shown.partition("<main")[2]
        assert article.get_absolute_url() in shown
        assert 'content="noindex"' in shown

    def test_404_does_not_repeat_what_was_asked(self):
        asked = "/%3Cscript%3Ekhong-co-dau%3C/script%3E"
        assert "khong-co-dau" not in page(asked, 404)

    def test_410_leads_home(self):
        shown = main(factories.withdrawn().get_absolute_url(), 410)
        assert "Bài này đã được gỡ" in shown
        assert "Về trang nhất" in shown

    def test_500_asks_nothing_of_the_database(self, monkeypatch, django_assert_num_queries):
        monkeypatch.setattr("articles.views.front.arranged", lambda *_: 1 / 0)
        with CaptureQueriesContext(connection) as captured:
            response = open_page("/")
        assert response.status_code == 500
        assert "Trang đang gặp lỗi" in words(response.content.decode())
        before = len(captured)
        from articles.views.errors import server_error

        with django_assert_num_queries(0):
            server_error(None)
        assert before <= 3

    def test_a_host_we_do_not_serve_gets_400_without_a_query(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = open_page("/", host="ke-xau.example")
        assert response.status_code == 400
        assert "Yêu cầu không hợp lệ" in words(response.content.decode())

    def test_a_forged_form_gets_403_in_our_words(self):
        response = Client(enforce_csrf_checks=True).post("/admin/login/")
        assert response.status_code == 403
        assert "Bạn không mở được trang này" in words(response.content.decode())


@pytest.mark.parametrize("path", ["/", "/tim-kiem/?q=a", "/dia-phuong/ha-noi/"])
def test_pages_are_whole_documents(path):
    markup = page(path)
    assert markup.startswith("<!doctype html>")
    assert markup.count("<h1") == markup.count("<main") == markup.count("<title>") == 1
    assert markup.rstrip().endswith("</html>")
