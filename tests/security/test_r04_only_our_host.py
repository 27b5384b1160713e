"""Every kind of page in a real browser: nothing is asked of another host, no policy is broken."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import expect

from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db(transaction=True)

# What the browser itself says; the rest of its console is none of this test's business.
BROKEN = "Content Security Policy"


class Watch:
    """What a browser asks for and complains of, whatever window it happens in."""

    def __init__(self, context, ours: str):
        self.ours = ours
        self.foreign: list[str] = []
        self.broken: list[str] = []
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.broken.append(str(error.error)))

    def _asked(self, request) -> None:
        if not request.url.startswith((f"{self.ours}/", "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def _said(self, message) -> None:
        if BROKEN in message.text:
            self.broken.append(message.text)


@pytest.fixture
def article():
    for role in Role:
        Group.objects.get_or_create(name=role)
    photo = factories.photo()
    body = f"<p>Xe qua cầu.</p><p>[[photo:{photo.pk}]]</p>"
    made = factories.published(body=body, tags=[factories.TopicFactory()])
    makers.shown(made)
    makers.pending(made)
    return made


@pytest.fixture
def watch(context, live_server):
    return Watch(context, live_server.url)


@pytest.fixture
def desk(context, live_server):
    """Signed in as somebody who may open everything."""
    visitor = Client()
    visitor.force_login(factories.user(*Role, full_name="Lan Chi"))
    session = visitor.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def look_at(page, live_server, *paths: str) -> None:
    for path in paths:
        page.goto(f"{live_server.url}{path}", wait_until="load")


def test_readers_pages(page, live_server, watch, article):
    look_at(page, live_server, "/", "/tim-kiem/?q=cau", "/khong-co/", "/favicon.svg", "/rss.xml")
    look_at(page, live_server, article.get_absolute_url())
    page.get_by_role("link", name="Gửi bình luận").first.click()
    expect(page.locator(".captcha img")).to_be_visible()
    look_at(page, live_server, f"/binh-luan/{article.pk}/", "/admin/login/")
    assert (watch.foreign, watch.broken) == ([], [])


def test_the_desk_and_what_is_written_there(page, live_server, watch, desk, article):
    look_at(
        page,
        live_server,
        *("/admin/", "/admin/articles/article/", "/admin/articles/photo/pick/", "/admin/danh-muc/"),
        *("/admin/comments/comment/", f"/admin/articles/article/{article.pk}/history/"),
        *("/admin/comments/closingrule/add/", "/admin/newsroom/user/add/"),
    )
    look_at(page, live_server, f"/admin/articles/article/{article.pk}/change/")
    text = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    expect(text).to_contain_text("Xe qua cầu.")
    text.get_by_text("Xe qua cầu.").click()
    page.keyboard.type("Thêm.")
    expect(text).to_contain_text("Thêm.")
    page.locator(".cke_button__bold").click()
    page.locator(".cke_button__link").click()
    expect(page.locator(".cke_dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".cke_combo_button").first.click()
    expect(page.locator(".cke_combopanel")).to_be_visible()
    assert (watch.foreign, watch.broken) == ([], [])


@pytest.mark.long
def test_every_list_and_form_of_the_desk(page, live_server, watch, desk, article):
    look_at(page, live_server, "/admin/danh-muc/")
    hrefs = page.locator("a[href^='/admin/']").evaluate_all("all => all.map(one => one.pathname)")
    lists = sorted({path for path in hrefs if re.fullmatch(r"/admin/\w+/\w+/", path)})
    assert len(lists) > 8
    for path in lists:
        look_at(page, live_server, path, f"{path}add/")
    assert (watch.foreign, watch.broken) == ([], [])


def test_what_is_not_allowed_is_stopped_and_noticed(page, live_server, watch, article):
    """So that an empty list above means something."""
    look_at(page, live_server, article.get_absolute_url())
    page.evaluate(
        """() => {
            document.body.insertAdjacentHTML('beforeend', '<p onclick="window.ran = 1">x</p>');
            document.body.lastElementChild.click();
            document.body.append(Object.assign(new Image(), {src: 'http://elsewhere.example/x'}));
            const script = document.createElement('script');
            script.textContent = 'window.ran = 2';
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.ran") is None
    page.wait_for_function("() => true")
    assert len(watch.broken) >= 3
