"""The whole story in a real browser: written, published, read, commented, moderated, seen.

SCREENSHOT_DIR=… keeps a picture of every step at 390 and 1280 px.
"""

import os
import re
from pathlib import Path

import pytest
from captcha.models import CaptchaStore
from django.core.management import call_command
from playwright.sync_api import expect

from articles.models import Article
from newsroom.models import SiteSettings
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

HEADLINE = "Cầu Kênh Mới thông xe sớm bốn tháng, xe chở lúa bớt vòng 18 km"
STANDFIRST = "Từ 6 giờ sáng, xe dưới 10 tấn được qua cầu Kênh Mới, nối hai bờ kênh trước vụ gặt."
BODY = "Chiếc xe tải đầu tiên chở lúa của hợp tác xã Đông Thịnh qua cầu lúc sáu giờ sáng. Tiếng "
COMPOSED = "thuyền"
COMMENT = "Mong tỉnh làm nốt đoạn đường gom.\nTrời mưa vẫn lầy lắm!"
OTHER = "Lúa nhà tôi chín muộn hơn mười ngày, mong giá còn giữ đến lúc gặt."
SIZES = ((390, 844), (1280, 900))


class Story:
    """One newsroom, several people, each in his own window."""

    def __init__(self, browser, context_args, url, folder):
        self.browser, self.context_args, self.url, self.folder = browser, context_args, url, folder
        self.steps = 0
        self.errors: list[str] = []

    def window(self, username=""):
        """A fresh window; with a user name, logged in."""
        page = self.browser.new_context(**self.context_args).new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        if username:
            page.goto(f"{self.url}/admin/")
            page.get_by_label("Tên đăng nhập").fill(username)
            page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
        return page

    def look(self, page, name):
        """Keep a picture of the step, if pictures are wanted."""
        self.steps += 1
        if not self.folder:
            return
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(400)
            path = Path(self.folder) / f"{self.steps:02}-{name}-{width}.png"
            page.screenshot(path=path, full_page=True)


@pytest.fixture
def story(live_server, browser, browser_context_args, settings):
    """The demo newsroom, served."""
    settings.DEMO_PASSWORD = factories.PASSWORD
    settings.SITE_URL = live_server.url
    call_command("load_demo", verbosity=0)
    folder = os.environ.get("SCREENSHOT_DIR")
    told = Story(browser, browser_context_args, live_server.url, folder)
    yield told
    assert told.errors == []


def press(page, name):
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()


def write(story, page, headline):
    """Type an article as a reporter does: headline, standfirst, text by a typing program, photo."""
    page.goto(f"{story.url}/admin/")
    story.look(page, "ban-phong-vien")
    page.get_by_role("link", name="Viết bài").first.click()
    page.get_by_label("Tít", exact=True).fill(headline)
    page.get_by_label("Sapo", exact=True).fill(STANDFIRST)
    page.frame_locator("iframe.cke_wysiwyg_frame").locator("body").click()
    page.keyboard.type(BODY)
    compose(page, COMPOSED)
    insert_photo(page)
    page.get_by_label("Chuyên mục", exact=True).select_option(label="Kinh tế › Nông nghiệp")
    choose_tag(page, "bac ninh", "Bắc Ninh – tỉnh")
    story.look(page, "dang-viet")


def compose(page, word):
    """Type a word the way Unikey and phones do: letter by letter, then committed."""
    keys = page.context.new_cdp_session(page)
    for length in range(1, len(word) + 1):
        keys.send(
            "Input.imeSetComposition",
            {"text": word[:length], "selectionStart": length, "selectionEnd": length},
        )
    keys.send("Input.insertText", {"text": word})


def insert_photo(page):
    """Upload a photo in the editor's own window."""
    with page.expect_popup() as opened:
        page.locator(".cke_button__newsphoto").click()
    picker = opened.value
    picker.get_by_text("Tải ảnh mới lên").click()
    picker.set_input_files(
        "input[name=file]",
        {"name": "cau.jpg", "mimeType": "image/jpeg", "buffer": factories.picture().getvalue()},
    )
    picker.locator("[name=alt]").fill("Xe tải chở lúa trên cầu mới")
    picker.locator("[name=caption]").fill("Xe chở lúa chạy thử qua cầu.")
    picker.locator("[name=credit]").fill("Bá Phúc")
    with picker.expect_event("close"):
        press(picker, "Tải lên và chèn")
    frame = page.frame_locator("iframe.cke_wysiwyg_frame")
    expect(frame.locator("figure.newsphoto img")).to_be_visible()


def choose_tag(page, typed, label):
    page.locator("#field-tags .select2-selection").click()
    page.keyboard.type(typed)
    page.get_by_role("option", name=label).first.click()


def read(story, page, headline):
    """Open the article from the front page, as any reader."""
    page.goto(f"{story.url}/")
    story.look(page, "trang-nhat")
    page.get_by_role("link", name=headline).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(headline.replace(" ", r"\s"))
    )
    expect(page.locator(".prose")).to_contain_text("Tiếng thuyền")
    expect(page.locator(".prose figure img")).to_be_visible()
    drawn = page.locator(".prose figure img").evaluate(
        "async i => { i.loading = 'eager'; await i.decode(); return i.naturalWidth }"
    )
    assert drawn > 0
    story.look(page, "bai")


def comment(story, page, name, text=COMMENT):
    """Fail the captcha once, lose nothing, pass."""
    page.get_by_role("link", name="Gửi bình luận").click()
    page.get_by_label(re.compile("Họ và tên")).fill(name)
    page.get_by_label(re.compile("Ý kiến của bạn")).fill(text)
    page.get_by_label(re.compile("Mã xác nhận")).fill("00000")
    press(page, "Gửi bình luận")
    expect(page.get_by_text("Bình luận chưa gửi được")).to_be_visible()
    expect(page.get_by_label(re.compile("Ý kiến của bạn"))).to_have_value(text)
    story.look(page, "sai-ma")
    key = page.locator("[name=captcha_key]").input_value()
    answer = CaptchaStore.objects.get(hashkey=key).response
    page.get_by_label(re.compile("Mã xác nhận")).fill(answer)
    press(page, "Gửi bình luận")
    expect(page.get_by_text("Đã nhận bình luận của bạn.")).to_be_visible()
    story.look(page, "da-gui")


def moderate(story, headline, name):
    """Find the comment in the queue and publish it with one click."""
    page = story.window("kiemduyet")
    expect(page.get_by_role("heading", name="Ý kiến bạn đọc")).to_be_visible()
    story.look(page, "hang-cho")
    page.get_by_role("link", name=name).click()
    expect(page.locator(".desk-one")).to_contain_text(headline)
    story.look(page, "duyet-y-kien")
    press(page, "Đăng ý kiến")
    expect(page.get_by_text(f"Đã đăng ý kiến của {name}")).to_be_visible()


def test_the_story(story):
    a_reporter_publishes_and_a_reader_answers(story)
    SiteSettings.objects.update(require_review=True)
    with_review_three_people_sign(story)


def a_reporter_publishes_and_a_reader_answers(story):
    reporter = story.window("phongvien")
    write(story, reporter, HEADLINE)
    press(reporter, "Đăng ngay")
    expect(reporter.get_by_text("Đã đăng lúc")).to_be_visible()
    story.look(reporter, "da-dang")
    reader = story.window()
    read(story, reader, HEADLINE)
    address = reader.url
    comment(story, reader, "Người bờ nam")
    reader.goto(address)
    expect(reader.locator("#y-kien")).not_to_contain_text("đoạn đường gom")
    moderate(story, HEADLINE, "Người bờ nam")
    reader.reload()
    expect(reader.locator("#y-kien")).to_contain_text("đoạn đường gom")
    story.look(reader, "y-kien-da-dang")
    assert not reader.context.cookies() or all(
        cookie["name"] == "csrftoken" for cookie in reader.context.cookies()
    )


def with_review_three_people_sign(story):
    headline = "Giá lúa đầu vụ nhích 200 đồng, thương lái đặt cọc sớm"
    reporter = story.window("phongvien")
    write(story, reporter, headline)
    expect(reporter.get_by_role("button", name="Đăng ngay")).to_have_count(0)
    press(reporter, "Gửi duyệt")
    expect(reporter.get_by_text("Đã gửi duyệt lúc")).to_be_visible()
    story.look(reporter, "da-gui-duyet")
    editor = story.window("bientap")
    story.look(editor, "ban-bien-tap")
    editor.get_by_role("link", name=headline).click()
    press(editor, "Duyệt")
    expect(editor.get_by_text("Đã duyệt lúc")).to_be_visible()
    secretary = story.window("thuky")
    story.look(secretary, "ban-thu-ky")
    secretary.get_by_role("link", name=headline).first.click()
    story.look(secretary, "cho-dang")
    assert not Article.objects.get(newest_revision__headline=headline).publications.exists()
    press(secretary, "Đăng ngay")
    expect(secretary.get_by_text("Đã đăng lúc")).to_be_visible()
    reader = story.window()
    read(story, reader, headline)
    comment(story, reader, "Thợ gặt", OTHER)
    moderate(story, headline, "Thợ gặt")
    reader.reload()
    expect(reader.locator("#y-kien")).to_contain_text(OTHER)
