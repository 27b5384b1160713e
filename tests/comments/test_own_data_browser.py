"""A reader who lost his link, in a browser without any script; and axe on the pages he meets."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments import tickets
from comments.models import Comment
from tests import factories
from tests.comments import letters, makers
from tests.comments.test_in_browser import plain_page  # noqa: F401
from tests.comments.test_side_by_side import roles  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("roles")]


@pytest.fixture
def comment():
    return makers.in_state("approved", factories.published(), text="Xin xóa câu này giúp tôi.")


def letter_link(live_server, way):
    return live_server.url + letters.link(letters.one(), way)


def test_from_the_lost_link_to_nothing_left(plain_page, live_server, comment):  # noqa: F811
    page = plain_page
    page.goto(f"{live_server.url}/binh-luan/du-lieu/")
    page.get_by_role("link", name="Tìm lại bình luận của bạn").click()
    page.get_by_label("E-mail").fill(comment.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nếu có bình luận gửi bằng địa chỉ này")
    page.goto(letter_link(live_server, "du-lieu/thu"))
    expect(page.get_by_text("Xin xóa câu này giúp tôi.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về tất cả").click()
    assert re.fullmatch(r"binh-luan-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    page.get_by_role("link", name="Xóa hẳn tất cả…").click()
    page.get_by_role("button", name="Xóa hẳn tất cả").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xóa hẳn 1 bình luận")
    assert Comment.objects.get(pk=comment.pk).state == "purged"


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_pages_are_accessible(page, live_server, comment, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    waiting = makers.in_state("unconfirmed", comment.article)
    paths = [
        "/binh-luan/du-lieu/",
        "/binh-luan/du-lieu/yeu-cau/",
        f"/binh-luan/phieu/{tickets.token_of(comment)}/xoa/",
        letters.link(letters.one(), "thu/xac-nhan"),
        f"/binh-luan/thu/xac-nhan/{waiting.pk}-1-{'0' * 32}/",
    ]
    for path in paths:
        page.goto(live_server.url + path)
        results = Axe().run(page)
        assert results.violations_count == 0, path + results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
