"""The article form in a real browser: what only scripts can lose or keep."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

# Asks the editor for its text at the moment it has been given one, before it is ready.
ASK_EARLY = """
document.addEventListener('readystatechange', () => {
  if (!window.CKEDITOR || window.asked) { return; }
  window.asked = true;
  CKEDITOR.on('instanceCreated', ({editor}) => {
    editor.on('dataReady', () => { window.early ??= editor.getData(); }, null, null, 1);
  });
});
"""


@pytest.fixture
def reporter():
    person = factories.user(Role.REPORTER)
    factories.AuthorFactory(name="Trung Kiên", slug="trung-kien", account=person)
    return person


@pytest.fixture
def desk(page, live_server, reporter):
    """The reporter's browser, logged in; returns a function that opens a path."""
    page.goto(f"{live_server.url}/admin/")
    page.locator("[name=username]").fill(reporter.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page.locator(".desk-top")).to_be_visible()

    def open_path(path):
        page.goto(f"{live_server.url}{path}")
        return page

    return open_path


@pytest.fixture
def article(reporter):
    photo = factories.photo()
    return factories.draft(by=reporter, body=f"<p>Lúa chín.</p><p>[[photo:{photo.pk}]]</p>")


def form(article):
    return f"/admin/articles/article/{article.pk}/change/"


def editor(page):
    frame = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    expect(frame).to_be_visible()
    return frame


def test_a_photo_survives_a_form_sent_while_the_editor_loads(page, desk, article):
    page.add_init_script(ASK_EARLY)
    desk(form(article))
    expect(editor(page).locator("figure.newsphoto")).to_contain_text("Lúa chín sớm. – Bá Phúc")
    assert "[[photo:" in page.evaluate("window.early")
    assert "<figure" not in page.evaluate("window.early")


def test_opening_and_saving_changes_nothing(page, desk, article):
    desk(form(article))
    editor(page)
    page.locator("[data-save]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Article.objects.get(pk=article.pk).newest_revision.number == 1


def test_a_caption_with_markup_runs_nothing_in_the_editor(page, desk, reporter):
    evil = '<img src=x onerror="window.hacked=1">\'"'
    photo = factories.photo(caption=evil, alt=evil, credit=evil)
    article = factories.draft(by=reporter, body=f"<p>a</p><p>[[photo:{photo.pk}]]</p>")
    desk(form(article))
    with page.expect_popup() as opened:
        page.locator(".cke_button__newsphoto").click()
    opened.value.wait_for_load_state()
    with opened.value.expect_event("close"):
        opened.value.locator(f'[data-photo="{photo.pk}"]').click()
    expect(editor(page).locator("figure.newsphoto")).to_have_count(2)
    assert page.evaluate("window.hacked") is None
    assert editor(page).evaluate("() => window.hacked === undefined")


def test_ctrl_s_saves_from_inside_the_text(page, desk, article):
    desk(form(article))
    text = editor(page)
    text.locator("p").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" Gió nhẹ.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_be_visible()
    assert "Gió nhẹ." in Article.objects.get(pk=article.pk).newest_revision.body


# The form is sent, as far as its page can tell, and no answer ever comes.
NO_ANSWER = """
window.sent = 0;
window.addEventListener('submit', event => {
  if (!event.defaultPrevented) { window.sent += 1; }
  event.preventDefault();
});
"""


def test_while_it_is_saved_it_is_not_sent_again_and_nothing_is_typed(page, desk, article):
    desk(form(article))
    text, standfirst = editor(page), page.locator("[name=standfirst]")
    before = standfirst.input_value()
    page.evaluate(NO_ANSWER)
    page.locator("[data-save]").evaluate("button => { button.click(); button.click(); }")
    page.keyboard.press("Control+s")
    assert page.evaluate("window.sent") == 1
    for place in (standfirst, text.locator("p").first):
        place.evaluate("place => place.focus()")
        page.keyboard.type("mất ")
    assert standfirst.input_value() == before
    assert "mất" not in text.inner_text()


def test_escape_leads_back_to_the_words_and_they_are_not_left_unasked(page, desk, article):
    desk(form(article))
    editor(page)
    page.evaluate(NO_ANSWER)
    page.locator("[name=headline]").fill("Lúa chín sớm mười ngày")
    page.keyboard.press("Control+s")
    page.keyboard.press("Escape")
    page.locator("[name=headline]").press_sequentially("!")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("setTimeout(() => location.assign('/admin/'))")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert "!" in page.locator("[name=headline]").input_value()
    page.keyboard.press("Control+s")
    assert page.evaluate("window.sent") == 2


def test_leaving_with_typed_words_is_asked_about(page, desk, article):
    desk(form(article))
    editor(page)
    page.locator("#id_headline").fill("Tít vừa gõ")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Bài", exact=True).first.click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.locator("#id_headline").input_value() == "Tít vừa gõ"


def test_a_photo_brings_its_words_and_leaves_those_that_were_typed(page, desk, article):
    desk(form(article))
    words = {name: page.locator(f"#id_photo_{name}") for name in ("alt", "caption", "credit")}
    words["caption"].fill("Bà con thu hoạch lúa ở xã Long Vĩnh.")
    give = "photo => window.newsroomLeadPhoto(photo)"
    first = {"id": 1, "thumb": "/favicon.svg", "alt": "Ruộng lúa", "caption": "", "credit": "An"}
    page.evaluate(give, first)
    assert [each.input_value() for each in words.values()] == [
        *("Ruộng lúa", "Bà con thu hoạch lúa ở xã Long Vĩnh.", "An")
    ]
    page.evaluate(give, first | {"id": 2, "alt": "Kho thóc", "caption": "Kho.", "credit": ""})
    assert [each.input_value() for each in words.values()] == [
        *("Kho thóc", "Bà con thu hoạch lúa ở xã Long Vĩnh.", "")
    ]
    page.locator("[data-drop]").click()
    assert [each.input_value() for each in words.values()] == [
        *("", "Bà con thu hoạch lúa ở xã Long Vĩnh.", "")
    ]


def test_a_file_that_is_too_large_is_named_before_it_is_sent(page, desk, article, tmp_path):
    large = tmp_path / "anh.jpg"
    with large.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    desk(form(article))
    page.locator("#id_photo_file").set_input_files(large)
    expect(page.locator("#field-photo_file [role=alert]")).to_have_text("Tệp lớn hơn 20 MB.")
    assert page.locator("#id_photo_file").input_value() == ""


def test_from_a_refusal_of_the_whole_one_goes_back_to_what_was_typed(page, desk, article):
    """As the gate and nginx refuse: the form has been left, and its page is not to be stored."""
    refusal = {"status": 413, "content_type": "text/html", "body": "<h1>413</h1>"}
    page.route(
        "**/change/",
        lambda route: (
            route.fallback() if route.request.method == "GET" else route.fulfill(**refusal)
        ),
    )
    desk(form(article))
    editor(page)
    page.locator("#id_headline").fill("Tít vừa gõ")
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_have_text("413")
    page.go_back()
    expect(page.locator("#id_headline")).to_have_value("Tít vừa gõ")


def test_an_ended_session_gives_back_every_word(page, desk, article, reporter):
    desk(form(article))
    text = editor(page)
    text.locator("p").first.click()
    page.keyboard.type("Chữ gõ lúc phiên đã hết. ")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-save]").click()
    expect(page.get_by_role("alert")).to_contain_text("Phiên làm việc đã hết")
    page.locator("[name=log_in-username]").fill(reporter.username)
    page.locator("[name=log_in-password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert "Chữ gõ lúc phiên đã hết." in Article.objects.get(pk=article.pk).newest_revision.body


def test_the_button_says_when_it_will_go_out(page, desk, article):
    desk(form(article))
    page.locator("#id_publish_time").fill("06:00")
    page.locator("#id_publish_date").fill("2/9/2090")
    button = page.locator("button[value=schedule]")
    expect(button).to_contain_text("Hẹn đăng 06:00 thứ bảy 2/9/2090 (giờ Việt Nam)")


def test_everything_is_there_without_scripts(browser, browser_context_args, live_server, reporter):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    # What only a script can do is not offered.
    expect(page.locator("[data-show-password]")).to_be_hidden()
    page.locator("[name=username]").fill(reporter.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()
    section = factories.SectionFactory(name="Kinh tế", slug="kinh-te")
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    expect(
        page.locator("[data-pick], [data-drop], [data-quick]").filter(visible=True)
    ).to_have_count(0)
    page.locator("#id_headline").fill("Viết không cần script")
    page.locator("#id_body").fill("<p>Chữ trong ô văn bản.</p>")
    page.locator("#id_section").select_option(str(section.pk))
    page.locator("button[value=publish]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    page.goto(f"{live_server.url}{Article.objects.get().get_absolute_url()}")
    expect(page.locator(".prose")).to_contain_text("Chữ trong ô văn bản.")
    context.close()
