"""The log-in with a second step as a person meets it: in a browser, on a telephone too."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from newsroom.roles import Role
from tests import factories
from tests.newsroom.test_second_factor import code_of
from tests.test_desk_look import faults

pytestmark = pytest.mark.django_db(transaction=True)


def well(page):
    """Nothing for axe to find, nothing that scrolls sideways, at the desk and on a telephone."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert faults(page) == []


def log_in(page, server, person):
    page.goto(f"{server.url}/admin/articles/article/")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()


def answer(page, code):
    page.locator("[name=code]").fill(code)
    page.locator("#content-main [type=submit].button--move").click()


def test_an_editor_adds_a_telephone_comes_back_with_it_and_ends_the_old_log_in(
    page, browser, live_server, settings
):
    settings.SECOND_FACTOR = True
    editor = factories.user(Role.EDITOR)
    log_in(page, live_server, editor)
    picture = page.locator(".desk-qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 100")
    well(page)
    answer(page, code_of(editor, later=-1))
    expect(page.locator(".desk-codes li")).to_have_count(10)
    expect(page.locator("[data-print]")).to_be_visible()
    well(page)
    recovery = page.locator(".desk-codes li").first.inner_text()
    page.locator("a.button--move").click()
    expect(page).to_have_url(f"{live_server.url}/admin/articles/article/")

    other = browser.new_context(locale="vi-VN").new_page()
    log_in(other, live_server, editor)
    expect(other.locator("[name=code]")).to_be_focused()
    answer(other, "sai mã")
    expect(other.locator("[role=alert]")).to_contain_text("Mã chưa đúng")
    well(other)
    other.wait_for_timeout(1_100)  # for so long the next code is not looked at
    answer(other, recovery)
    expect(other).to_have_url(f"{live_server.url}/admin/articles/article/")

    other.goto(f"{live_server.url}/admin/tai-khoan/")
    expect(other.locator(".desk-own .desk-rows li")).to_have_count(2)
    well(other)
    other.locator("button[value=end]").click()
    expect(other.locator(".desk-own .desk-rows li")).to_have_count(1)
    page.reload()
    expect(page.locator("[name=username]")).to_be_visible()


def test_the_administrator_types_his_password_again_and_lets_somebody_go(
    page, live_server, monkeypatch
):
    chief, leaver = factories.user(Role.ADMINISTRATOR), factories.user(Role.REPORTER)
    heir = factories.user(Role.REPORTER, full_name="Người Làm Tiếp")
    article = factories.draft(by=leaver)
    log_in(page, live_server, chief)
    expect(page.locator(".desk-account")).to_be_visible()
    monkeypatch.setattr("newsroom.sessions.PROOF_TO_LOOK", dt.timedelta(0))
    page.goto(f"{live_server.url}/admin/newsroom/user/{leaver.pk}/change/")
    field = page.locator("[name=log_in-again]")
    expect(field).to_be_focused()
    well(page)
    monkeypatch.undo()
    field.fill(factories.PASSWORD)
    page.locator("#content .button--move").click()
    expect(page.locator("#id_username")).to_have_value(leaver.username)
    well(page)
    page.locator("a.button--take").click()
    page.locator("[name=heir]").select_option(label="Người Làm Tiếp")
    well(page)
    page.locator("button.button--take").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.created_by == heir
