"""What browsers may do with an answer: nothing inline, nothing from elsewhere; editor apart."""

import re

import pytest
from django.test import Client

from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

CSP = "Content-Security-Policy"


def directives(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response[CSP].split(";"))
    return {name: sources for name, _space, sources in parts}


@pytest.fixture
def article():
    return factories.published()


@pytest.fixture
def desk():
    client = Client()
    client.force_login(factories.user(*Role))
    return client


def test_every_kind_of_answer_has_it_and_none_is_unsafe(article, desk):
    addresses = [
        *("/", article.get_absolute_url(), f"/binh-luan/{article.pk}/", "/rss.xml", "/sitemap.xml"),
        *("/khong-co/", "/healthz", "/tim-kiem/?q=xe", "/favicon.svg", "/static/js/desk.js"),
        *("/admin/", "/admin/login/", "/admin/articles/article/", "/admin/comments/comment/"),
        *("/admin/khong-co/", "/admin/jsi18n/", "/admin/newsroom/user/"),
    ]
    for address in addresses:
        response = desk.get(address)
        policy = directives(response)
        assert "unsafe" not in response[CSP], address
        assert "http" not in response[CSP], address
        assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert response["Permissions-Policy"].startswith("camera=()")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_only_the_page_with_the_editor_may_run_what_stands_in_it(article, desk):
    form = f"/admin/articles/article/{article.pk}/change/"
    for response in (
        desk.get("/admin/articles/article/add/"),
        desk.get(form),
        desk.post(form, {"headline": "Dở dang"}),
    ):
        policy = directives(response)
        assert policy.pop("script-src") == policy.pop("style-src") == "'self' 'unsafe-inline'"
        assert "unsafe" not in " ".join(policy.values())
        assert "nonce" not in response[CSP]
        assert policy["object-src"] == "'none'"


def test_a_photo_runs_nothing_whatever_it_holds(desk):
    photo = factories.photo()
    factories.published(body=f"<p>Lúa.</p><p>[[photo:{photo.pk}]]</p>")
    for address in (f"/anh/{photo.token}-{photo.widths[0]}.webp", f"/admin/anh/id/{photo.pk}/"):
        response = desk.get(address)
        assert response.status_code == 200
        assert directives(response) == {"default-src": "'none'", "sandbox": ""}
        assert response["X-Content-Type-Options"] == "nosniff"


def test_where_the_database_is_away_it_is_there_too(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("articles.views.front.home", fail, raising=False)
    monkeypatch.setattr("articles.views.frame.Frame.load", fail)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert directives(response)["default-src"] == "'none'"


# Mozilla's Observatory (github.com/mdn/mdn-http-observatory, src/grader/charts.js): 100 and what
# each test adds or takes. Only what our headers decide; each line is (what is asked, points).
FULL = 100


def score(response, html: str, *, preloaded: bool = False) -> int:
    policy = directives(response)
    script = policy.get("script-src", policy.get("default-src", "*"))
    is_strict = not re.search(
        r"unsafe-|data:|https?:|\*", f"{script} {policy.get('style-src', '')}"
    )
    is_closed = policy.get("default-src") == "'none'" and policy.get("form-action") in (
        "'self'",
        "'none'",
    )
    age = re.search(r"max-age=(\d+)", response.get("Strict-Transport-Security", ""))
    cookies = response.cookies.values()
    foreign = re.findall(r'<script[^>]*src="(?:https?:)?//', html)
    return FULL + sum(
        (
            (10 if is_closed else 5) if is_strict else -20,
            0 if age and int(age[1]) >= 15_768_000 else -20,
            5 * preloaded,
            5 if response["Referrer-Policy"] in ("no-referrer", "same-origin") else -5,
            0 if response["X-Content-Type-Options"] == "nosniff" else -5,
            5 if policy.get("frame-ancestors") else -20,
            10 if response["Cross-Origin-Resource-Policy"] == "same-origin" else 0,
            -50 if response.get("Access-Control-Allow-Credentials") else 0,
            -50 if foreign else 0,
            0 if all(cookie["secure"] for cookie in cookies) else -20,
            5 if cookies and all(cookie["samesite"] for cookie in cookies) else 0,
        )
    )


def test_the_observatory_would_give_at_least_120(settings, article):
    settings.SECURE_HSTS_SECONDS = 31_536_000  # as settings.py has it under HTTPS
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = True
    for address in ("/", article.get_absolute_url(), "/admin/login/"):
        response = Client().get(address, secure=True)
        assert score(response, response.content.decode()) >= 120, address


def test_the_score_falls_where_a_header_is_missing(settings, article):
    settings.SECURE_HSTS_SECONDS = 0
    response = Client().get("/", secure=True)
    response[CSP] = "default-src 'self'; script-src 'self' 'unsafe-inline'"
    assert score(response, '<script src="//elsewhere.example/x.js">') < 20
