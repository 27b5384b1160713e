"""Places at the desk in a real browser: the wizard without script, the picker with it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import Province
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
BAC_NINH, HUNG_YEN = "24@2025-07-01", "33@2025-07-01"


@pytest.fixture
def enter(live_server):
    """Returns a function that logs somebody in and opens a path."""

    def enter(page, person, path):
        page.goto(f"{live_server.url}{path}")
        page.locator("[name=username]").fill(person.username)
        page.locator("[name=password]").fill(factories.PASSWORD)
        page.locator("#login-form [type=submit]").click()
        expect(page.locator("#login-form")).to_have_count(0)

    return enter


def narrow_and_sound(page):
    """Nothing scrolls sideways on a phone, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page, options=WCAG).response["violations"] == []


def test_two_provinces_are_merged_and_parted_again_without_script(new_context, enter):
    factories.published(tags=[factories.province(HUNG_YEN)], headline="Lúa bỏ hoang xanh lại")
    administrator = factories.user(Role.ADMINISTRATOR)
    plain = new_context(java_script_enabled=False)
    page = plain.new_page()
    enter(page, administrator, "/admin/articles/province/")
    page.get_by_role("link", name="Sáp nhập / đổi tên…").click()
    page.get_by_label("Bắc Ninh (24)").check()
    page.get_by_label("Hưng Yên (33)").check()
    page.get_by_label("Tên đơn vị mới").fill("Kinh Bắc")
    page.get_by_label("Mã số").fill("33")
    page.get_by_label("Ngày đầu tiên của đơn vị mới").fill("1/7/2027")
    page.get_by_label("Căn cứ pháp lý").fill("15/2027/QH16")
    page.get_by_role("button", name="Xem trước thay đổi").click()
    expect(page.get_by_role("link", name="Lúa bỏ hoang xanh lại")).to_be_visible()
    expect(page.get_by_text("/dia-phuong/kinh-bac/", exact=True).first).to_be_visible()
    assert not Province.objects.filter(slug="kinh-bac").exists()
    page.get_by_role("button", name="Sáp nhập, cả trên trang bạn đọc").click()
    expect(page.get_by_text("Đã xong: từ 1/7/2027")).to_be_visible()
    assert Province.objects.get(slug="kinh-bac").predecessors.count() == 2
    page.get_by_role("link", name="Hoàn tác sáp nhập…").click()
    page.get_by_role("button", name="Hoàn tác sáp nhập").click()
    expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()
    assert not Province.objects.filter(slug="kinh-bac").exists()


def test_each_step_fits_a_phone_and_everybody(new_context, enter):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    enter(page, factories.user(Role.ADMINISTRATOR), "/admin/articles/province/merge/")
    narrow_and_sound(page)
    page.get_by_label("Bắc Ninh (24)").check()
    page.get_by_label("Tên đơn vị mới").fill("Kinh Bắc")
    page.get_by_label("Mã số").fill("31")
    page.get_by_label("Ngày đầu tiên của đơn vị mới").fill("1/7/2027")
    page.get_by_label("Căn cứ pháp lý").fill("15/2027/QH16")
    page.locator("button[value=preview]").click()
    expect(page.locator("#id_code_error")).to_contain_text("Hải Phòng đang mang mã số này")
    narrow_and_sound(page)
    page.get_by_label("Mã số").fill("24")
    page.locator("button[value=preview]").click()
    expect(page.locator("button[value=confirm]")).to_be_visible()
    narrow_and_sound(page)
    page.locator("button[value=confirm]").click()
    page.get_by_role("link", name="Hoàn tác sáp nhập…").click()
    expect(page.locator(".button--take")).to_be_visible()
    narrow_and_sound(page)


def test_the_picker_follows_the_day_typed(page, enter):
    enter(page, factories.user(Role.REPORTER), "/admin/articles/article/add/")

    def offered():
        search = page.locator("#field-tags .select2-search__field")
        search.click()
        search.clear()
        with page.expect_response(lambda answer: re.search("hung(?:[+]|%20)yen", answer.url)):
            search.press_sequentially("hung yen")
        expect(page.locator(".select2-results .loading-results")).to_have_count(0)
        texts = page.locator(".select2-results__option").all_text_contents()
        page.keyboard.press("Escape")
        return texts

    assert offered()[0] == "Hưng Yên – tỉnh"
    page.locator("#id_publish_date").fill("10/7/2020")
    assert offered() == ["Hưng Yên – tỉnh, đến 30/6/2025", "Hưng Yên – tỉnh, từ 1/7/2025"]
