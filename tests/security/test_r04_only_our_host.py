"""Every kind of page in a real browser: nothing is asked of another host, no policy is broken.

The kinds come from the resolver: an address that is added later is opened too, or fails here.
"""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, expect

from articles import workflow
from comments import moderation
from comments.models import ClosingRule, Comment
from comments.notices import links
from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as rights
from tests.comments import makers
from tests.security.once import once
from tests.security.test_r11_rights_matrix import public_addresses, public_names

pytestmark = pytest.mark.django_db(transaction=True)
objects = rights.objects

# What the browser itself says; the rest of its console is none of this test's business.
BROKEN = "Content Security Policy"
# A form sends there.
NO_PAGES = {"comments:like": 405}
# What comes as a file is no page: Chromium says so instead of an answer.
FILES = {"comments:export", "comments:export_all"}
# Letters lead there: each kind of link has signatures of its own.
LETTERS = {name: purpose for purpose, name in links.NAMES.items()} | {
    "comments:export_all": links.ADDRESS,
    "comments:erase_all": links.ADDRESS,
}
# More pages behind addresses that have another one, and what each answers with.
BESIDE = {
    "/tim-kiem/": 200,
    "/tim-kiem/?q=cau": 200,
    "/tim-kiem/?q=khong-co-chu-nay": 200,
    "/khong-co/": 404,
    "/binh-luan/phieu/1-x/": 404,
    "/binh-luan/y-kien/99/": 404,
    "/admin/login/": 200,
}


class Watch:
    """What a browser asks for and complains of, whatever window it happens in."""

    def __init__(self, context, ours: str):
        self.ours = ours
        self.asked = 0
        self.foreign: list[str] = []
        self.broken: list[str] = []
        self.files: set[str] = set()  # what the browser shows by markup of its own
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.broken.append(str(error.error)))

    def _asked(self, request) -> None:
        self.asked += 1
        if not request.url.startswith((f"{self.ours}/", "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def _answered(self, response) -> None:
        if "html" not in response.headers.get("content-type", "html"):
            self.files.add(response.url)

    def _said(self, message) -> None:
        if BROKEN in message.text and message.page.url not in self.files:
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


def look_at(page, live_server, *paths: str) -> list[int]:
    """Open each; return what the server answered, 0 for what came as a file."""
    return [_status(page, f"{live_server.url}{path}") for path in paths]


def _status(page, address: str) -> int:
    try:
        return page.goto(address, wait_until="load").status
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return 0


def test_readers_pages(page, live_server, watch, article):
    look_at(page, live_server, "/", "/tim-kiem/?q=cau", "/khong-co/", "/favicon.svg", "/rss.xml")
    look_at(page, live_server, article.get_absolute_url())
    page.get_by_role("link", name="Gửi bình luận").first.click()
    expect(page.locator(".captcha img")).to_be_visible()
    look_at(page, live_server, f"/binh-luan/{article.pk}/", "/admin/login/")
    assert (watch.foreign, watch.broken) == ([], [])


def addresses_of_readers(objects) -> dict[str, str]:
    """Return one address a name of the resolver, each with something behind it."""
    ClosingRule.objects.all().delete()
    tags = {"topic": factories.TopicFactory(), "cluster": factories.cluster(owner="Bộ Công an")}
    tags["province"] = factories.province("30@pre")
    body = f"<p>Xe qua cầu.</p><p>[[photo:{objects['photo']}]]</p>"
    article = factories.published(body=body, tags=tags.values())
    comment = makers.shown(article, email="doc@example.com")
    makers.shown(article, answered=comment)
    author = article.newest_revision.byline.get().author
    lists = tags | {"section": article.section, "author": author}
    key = makers.key_in(Client().get(f"/binh-luan/{article.pk}/").content.decode())
    known = {name: [links.token_of(to, comment)] for name, to in LETTERS.items()}
    known |= {f"comments:{name}": [key] for name in ("captcha", "captcha-audio")}
    known |= {f"{name}{feed}": [one.slug] for name, one in lists.items() for feed in ("", "-feed")}
    found = public_addresses(objects | {"article": article.pk, "comment": comment.pk})
    return found | {name: reverse(name, args=arguments) for name, arguments in known.items()}


def test_every_kind_of_page_readers_may_open(
    page, live_server, watch, objects, settings, record_property
):
    settings.SECURITY_CONTACT = "mailto:bao-mat@bao.example.vn"
    at = addresses_of_readers(objects)
    assert at.keys() == public_names()
    got = {name: look_at(page, live_server, path)[0] for name, path in at.items()}
    assert got == {name: 0 if name in FILES else 200 for name in at} | NO_PAGES
    assert look_at(page, live_server, *BESIDE) == list(BESIDE.values())
    assert (watch.foreign, watch.broken) == ([], [])
    number = f"{len(at)} addresses of readers, {watch.asked} requests"
    record_property("measured", f"{number}: 0 to other hosts, 0 violations of the policy")


def test_what_readers_are_told_when_they_send(page, live_server, watch, article):
    """Answers to forms are pages too, and so is what stands where something is gone."""
    for one, path in enumerate((f"/binh-luan/{article.pk}/", "/binh-luan/du-lieu/yeu-cau/")):
        look_at(page, live_server, path)
        page.locator("main form[method=post] .button--solid").first.click()
        expect(page.get_by_role("alert").first).to_be_visible()
        assert watch.asked > one
    comment = article.comments.get(state=Comment.State.APPROVED)
    look_at(page, live_server, f"/binh-luan/y-kien/{comment.pk}/bao-cao/")
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Xúc phạm").check()
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_role("status")).to_be_visible()
    moderation.remove(actor=makers.moderator(), comment=comment, reason="insult")
    workflow.withdraw(actor=None, article=article, reason="Sai.")
    gone = {f"/binh-luan/y-kien/{comment.pk}/": 410, article.get_absolute_url(): 410}
    assert look_at(page, live_server, *gone) == list(gone.values())
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


def test_a_preview(page, live_server, watch, desk, article):
    look_at(page, live_server, f"/admin/articles/article/{article.pk}/change/")
    with page.context.expect_page() as opened:
        page.locator("button[value=preview]").click()
    shown = opened.value
    shown.wait_for_load_state("load")
    expect(shown.get_by_role("heading", name=article.newest_revision.headline)).to_be_visible()
    assert (watch.foreign, watch.broken) == ([], [])


@once
@pytest.mark.long
def test_every_page_of_the_desk(page, live_server, watch, desk, objects, record_property):
    at = {name: rights.address(name, objects) for name in rights.ROWS}
    assert at.keys() == rights.named()
    got = {name: look_at(page, live_server, path)[0] for name, path in at.items()}
    assert {status for status in got.values() if status >= 500} == set()
    assert sum(status == 200 for status in got.values()) > len(at) * 0.7
    assert (watch.foreign, watch.broken) == ([], [])
    number = f"{len(at)} addresses of the desk, {watch.asked} requests"
    record_property("measured", f"{number}: 0 to other hosts, 0 violations of the policy")


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
