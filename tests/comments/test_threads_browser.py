"""What readers do with comments in a real browser: by keyboard, with and without the script."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from comments import moderation, tickets
from comments.models import Comment, Like, Report
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db(transaction=True)

HINTS = {
    "Bai viet hay qua cam on toa soan": "Viết không dấu rất khó đọc.",
    "CẢM ƠN TÒA SOẠN BÀI VIẾT RẤT HAY": "Viết hoa toàn bộ đọc như đang quát.",
    "Gọi tôi số 0912.345.678 nhé": "Nội dung hình như có số điện thoại.",
    "Xem thêm ở abc.com.vn nhé": "Nội dung có đường dẫn.",
}
ORDINARY = (
    "Năm 2020 toàn tỉnh thu 1.234.567 đồng, tăng 12,5%.",
    "UBND tỉnh và HĐND huyện nói gì về QL18?",
    "OK",
    "Nghị quyết 18-NQ/TW ngày 25/10/2017.",
)


@pytest.fixture
def article():
    """An article with a thread of every kind. Another test that commits may have emptied roles."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    made = factories.published(headline="Kiểm tra chéo bến bãi cát")
    makers.many_shown(made, 24)
    top = makers.shown(made, name="Nguyễn Văn Lợi", likes=9)
    makers.shown(made, name="Hồng Ngữ", answered=makers.shown(made, name="Oanh", answered=top))
    actor = makers.moderator()
    moderation.answer_as_desk(actor=actor, comment=top, text="Cảm ơn ông.", desk="Ban Bạn đọc")
    moderation.pick(actor=actor, comment=Comment.objects.get(pk=top.pk))
    gone = makers.shown(made, name="Người bị gỡ", likes=8)
    makers.shown(made, name="Phạm Hòa", answered=gone)
    moderation.remove(actor=actor, comment=gone, **makers.BECAUSE)
    return made


@pytest.fixture
def top(article):
    return Comment.objects.get(name="Nguyễn Văn Lợi")


@pytest.fixture
def plain_page(browser, browser_context_args):
    """A page in a browser that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def address(live_server, article):
    return f"{live_server.url}{article.get_absolute_url()}"


def rows(page):
    return page.locator("[data-comment-threads] > li")


def by_keyboard(page, element):
    """Reach a thing with the Tab key from where the reader is, and press it."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            return page.keyboard.press("Enter")
    raise AssertionError("not reached by keyboard")


def start_at(page, selector):
    """Let the Tab key go on from here."""
    page.locator(selector).evaluate("element => { element.tabIndex = -1; element.focus(); }")


class TestWithScript:
    @pytest.fixture(autouse=True)
    def opened(self, page, address):
        """The article's page, on which no script breaks and nothing is asked for by itself."""
        self.asked, self.troubles = [], []
        page.on("request", lambda request: self.asked.append(urlsplit(request.url).path))
        page.on("pageerror", lambda error: self.troubles.append(error))
        page.goto(address)
        expect(rows(page)).to_have_count(20)
        assert not [path for path in self.asked if path.startswith("/binh-luan/")]
        start_at(page, "#y-kien-title")
        yield
        assert self.troubles == []

    def test_more_of_them_come_into_the_article(self, page, address):
        more = page.get_by_role("link", name="Xem thêm ý kiến")
        by_keyboard(page, more)
        expect(rows(page)).to_have_count(26)
        expect(rows(page).nth(20)).to_be_focused()
        expect(more).to_have_count(0)
        assert page.url == address
        ids = rows(page).evaluate_all("found => found.map(row => row.id)")
        assert len(ids) == len(set(ids))

    def test_another_order_comes_into_the_article_and_is_announced(self, page, address):
        by_keyboard(page, page.get_by_role("link", name="Mới nhất"))
        current = page.locator("[data-comment-order][aria-current]")
        expect(current).to_have_text("Mới nhất")
        expect(current).to_be_focused()
        expect(page.get_by_role("status").filter(has_text="Mới nhất")).to_have_count(1)
        assert page.url == address

    def test_another_order_leaves_an_open_form(self, page, top):
        page.locator(f"#y-kien-{top.pk} > .comment__acts [data-comment-link]").click()
        page.get_by_label("E-mail").fill("doc@bao.example.vn")
        page.get_by_role("link", name="Mới nhất").click()
        expect(page.locator("[data-comment-order][aria-current]")).to_have_text("Mới nhất")
        expect(page.get_by_text("Trả lời @Nguyễn Văn Lợi")).to_be_visible()
        expect(page.get_by_label("E-mail")).to_have_value("doc@bao.example.vn")

    def test_a_like_changes_the_number_in_place_and_is_announced(self, page, address, top):
        button = page.locator(f"#y-kien-{top.pk} > .comment__acts button")
        by_keyboard(page, button)
        expect(button.locator("[data-likes]")).to_have_text("10")
        said = "Đã ghi nhận: 10 bạn đọc thích ý kiến này."
        expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1)
        page.keyboard.press("Enter")
        expect(button.locator("[data-likes]")).to_have_text("10")
        assert Like.objects.count() == 1
        assert page.url == address

    def test_when_the_network_fails_the_plain_page_is_opened(self, page, article):
        def only_pages(route):
            plain = route.request.resource_type == "document"
            route.continue_() if plain else route.abort()

        page.route("**/binh-luan/**", only_pages)
        page.get_by_role("link", name="Mới nhất").click()
        page.wait_for_url(f"**/binh-luan/{article.pk}/y-kien/?xep=moi")
        expect(rows(page)).to_have_count(20)

    def test_to_answer_opens_the_form_beneath_the_comment(self, page, address, top):
        by_keyboard(page, page.locator(f"#y-kien-{top.pk} > .comment__acts [data-comment-link]"))
        form = page.locator(f"#y-kien-{top.pk} [data-comment-panel]")
        expect(form).to_be_visible()
        expect(form.locator("input:focus")).to_have_count(1)
        acts = page.locator(f"#y-kien-{top.pk} > .comment__acts")
        expect(acts.get_by_role("button", name="Thích")).to_be_visible()
        assert page.url == address


class TestWhileWriting:
    @pytest.fixture(autouse=True)
    def opened(self, page, address):
        """The form, opened in the article."""
        self.open(page, address)

    def open(self, page, address):
        page.goto(address)
        page.get_by_role("link", name="Gửi bình luận").click()
        expect(self.text(page)).to_be_visible()

    def text(self, page):
        return page.locator("[data-comment-panel] textarea[name=text]")

    def hints(self, page):
        return page.locator("[data-comment-panel] [data-hints]")

    def pause(self, page, typed):
        """Type and wait until anything would be said."""
        self.text(page).fill(typed)
        page.clock.run_for(1_000)

    def test_a_hint_is_given_and_stops_nothing(self, page):
        page.clock.install()
        for typed, said in HINTS.items():
            self.pause(page, typed)
            expect(self.hints(page)).to_contain_text(said)
            self.pause(page, "Cảm ơn tòa soạn, bài viết rất hay.")
            expect(self.hints(page)).to_be_empty()
        expect(self.hints(page)).to_have_attribute("aria-live", "polite")

    def test_ordinary_words_get_none(self, page):
        page.clock.install()
        for clean in ORDINARY:
            self.pause(page, "Bai viet hay qua cam on toa soan")
            expect(self.hints(page)).not_to_be_empty()
            self.pause(page, clean)
            expect(self.hints(page)).to_be_empty()

    def test_what_was_begun_is_there_again(self, page, address):
        page.get_by_label("Họ và tên").fill("Lợi")
        self.text(page).fill("Viết dở một câu, rồi trang tải lại.")
        self.open(page, address)
        expect(self.text(page)).to_have_value("Viết dở một câu, rồi trang tải lại.")
        expect(page.get_by_label("Họ và tên")).to_have_value("Lợi")
        expect(self.hints(page)).to_contain_text("Đã khôi phục nội dung bạn đang viết dở.")
        expect(page.locator("[data-comment-count]")).to_have_text("còn 1.965 ký tự")

    def test_an_emptied_form_stays_empty(self, page, address):
        self.text(page).fill("Viết dở một câu.")
        page.get_by_role("button", name="Nhập lại").click()
        expect(self.text(page)).to_have_value("")
        self.open(page, address)
        expect(self.text(page)).to_have_value("")

    def test_what_was_sent_is_not_offered_again(self, page, address, live_server, article):
        self.text(page).fill("Viết dở một câu.")
        kept = "Object.keys(sessionStorage).filter(key => key.startsWith('binh-luan:')).length"
        assert page.evaluate(kept) == 1
        page.goto(f"{live_server.url}{tickets.url_of(makers.pending(article))}")
        page.wait_for_function(f"{kept} === 0")


class TestWithoutScript:
    def test_orders_and_pages_are_plain_pages(self, plain_page, address, article):
        plain_page.goto(address)
        plain_page.get_by_role("link", name="Cũ nhất").click()
        plain_page.wait_for_url(f"**/binh-luan/{article.pk}/y-kien/?xep=cu")
        expect(rows(plain_page)).to_have_count(20)
        plain_page.get_by_role("link", name="Xem thêm ý kiến").click()
        expect(rows(plain_page)).to_have_count(6)
        plain_page.get_by_role("link", name="Các ý kiến phía trước").click()
        expect(rows(plain_page)).to_have_count(20)

    def test_a_like_leads_back_to_the_comment(self, plain_page, address, top):
        plain_page.goto(address)
        plain_page.locator(f"#y-kien-{top.pk} > .comment__acts button").click()
        plain_page.wait_for_url(f"**/binh-luan/y-kien/{top.pk}/#y-kien-{top.pk}")
        liked = plain_page.locator(f"#y-kien-{top.pk} > .comment__acts [data-likes]")
        expect(liked).to_have_text("10")

    def test_a_violation_is_reported_by_keyboard(self, plain_page, address, top):
        plain_page.goto(address)
        start = plain_page.locator(f"#y-kien-{top.pk} > .comment__acts .comment__report a")
        start.focus()
        plain_page.keyboard.press("Enter")
        plain_page.wait_for_url("**/bao-cao/")
        plain_page.get_by_role("button", name="Gửi báo cáo").click()
        expect(plain_page.get_by_role("alert")).to_contain_text("Báo cáo chưa gửi được")
        plain_page.get_by_label("Sai sự thật").focus()
        plain_page.keyboard.press("Space")
        plain_page.keyboard.press("Tab")
        plain_page.keyboard.type("Không đúng.")
        plain_page.keyboard.press("Tab")
        plain_page.keyboard.press("Enter")
        expect(plain_page.get_by_text(re.compile("^BC-"))).to_be_visible()
        assert Report.objects.get().note == "Không đúng."

    def test_ones_own_comment_is_changed_and_taken_back(self, plain_page, live_server, article):
        comment = makers.pending(article)
        plain_page.goto(f"{live_server.url}{tickets.url_of(comment)}")
        plain_page.get_by_text("Sửa nội dung đã viết").click()
        plain_page.get_by_label("Ý kiến của bạn").fill("Câu đã sửa.")
        plain_page.get_by_role("button", name="Lưu nội dung sửa").click()
        expect(plain_page.get_by_text("Đã lưu nội dung sửa.")).to_be_visible()
        expect(plain_page.locator("blockquote")).to_contain_text("Câu đã sửa.")
        plain_page.get_by_role("link", name="Rút ý kiến này").click()
        plain_page.get_by_role("button", name="Rút ý kiến", exact=True).click()
        expect(plain_page.get_by_text("Bạn đã rút ý kiến")).to_be_visible()


def pages(article, top):
    waiting = tickets.url_of(makers.pending(article))
    thread = f"/binh-luan/y-kien/{top.pk}/"
    return [
        article.get_absolute_url(),
        f"/binh-luan/{article.pk}/y-kien/",
        thread,
        f"{thread}bao-cao/",
        waiting,
        f"{waiting}?rut=1",
        "/binh-luan/quy-tac/",
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_every_page_is_accessible_and_fits(page, live_server, article, top, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for path in pages(article, top):
        page.goto(f"{live_server.url}{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_what_is_wrong_with_a_report_is_accessible(page, live_server, top):
    page.goto(f"{live_server.url}/binh-luan/y-kien/{top.pk}/bao-cao/")
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
