"""A reader's whole way in a real browser, with the script and without it."""

import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from captcha.models import CaptchaStore
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from articles import workflow
from articles.models import Article
from comments import captcha, moderation, pressure, tickets
from comments.limits import Limit
from comments.models import MAX_TEXT, Comment
from newsroom import vietnamese
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = 'Tôi ở xã ven sông Đuống.\n\nXin hỏi "lịch" & <b>giờ</b>?'
REFUSED = "Bình luận chưa gửi được"
RECEIVED = "Ý kiến sẽ hiển thị sau khi tòa soạn duyệt."


@pytest.fixture
def article():
    for role in Role:
        Group.objects.get_or_create(name=role)
    return factories.published(headline="Kiểm tra chéo bến bãi cát")


@pytest.fixture
def address(live_server, article):
    return f"{live_server.url}{article.get_absolute_url()}"


@pytest.fixture
def plain_page(browser, browser_context_args):
    """A page in a browser that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def field(page, label):
    return page.get_by_label(re.compile(label))


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def write(page, *, name="Phạm Quỳnh Ngữ", text=TEXT):
    field(page, "Họ và tên").fill(name)
    field(page, "Ý kiến của bạn").fill(text)


def key_of(page):
    """The key of the captcha a reader sees, which must be the one that is sent."""
    sent = page.locator("[name=captcha_key]").input_value()
    assert sent in page.locator(".captcha img").get_attribute("src")
    return sent


def answer(page, how=makers.solution):
    field(page, "Mã xác nhận").fill(how(key_of(page)))


def has_kept(page, *, name="Phạm Quỳnh Ngữ", text=TEXT):
    expect(field(page, "Họ và tên")).to_have_value(name)
    expect(field(page, "Ý kiến của bạn")).to_have_value(text)
    expect(field(page, "Mã xác nhận")).to_have_value("")


def picture_is_drawn(page):
    width = page.locator(".captcha img").evaluate(
        "async i => { await i.decode(); return i.naturalWidth }"
    )
    assert width == 300


def whole_way(page, address, article, approve):
    """Open, fail the captcha, renew it, send; seen by nobody until it is approved."""
    page.goto(address)
    page.get_by_role("link", name="Gửi bình luận").click()
    write(page)
    answer(page, makers.wrong)
    first = key_of(page)
    press(page, "Gửi bình luận")
    expect(page.get_by_text(REFUSED)).to_be_visible()
    has_kept(page)
    assert key_of(page) != first
    second = key_of(page)
    press(page, "Đổi mã khác")
    expect(page.locator("[name=captcha_key]")).not_to_have_value(second)
    has_kept(page)
    answer(page)
    press(page, "Gửi bình luận")
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    comment = Comment.objects.get()
    assert (comment.name, comment.text) == ("Phạm Quỳnh Ngữ", TEXT)
    page.goto(address)
    expect(page.get_by_text("Chưa có ý kiến nào.")).to_be_visible()
    approve(comment)
    page.reload()
    expect(page.locator("#y-kien").get_by_text("ven sông Đuống")).to_be_visible()
    expect(page.get_by_role("heading", name="Ý kiến bạn đọc (1)")).to_be_visible()


@pytest.fixture
def approve(article):
    return lambda comment: moderation.approve(actor=makers.moderator(), comment=comment)


def test_the_whole_way_without_a_script(plain_page, address, article, approve):
    whole_way(plain_page, address, article, approve)


def test_the_whole_way_with_the_script(page, address, article, approve):
    whole_way(page, address, article, approve)


class TestWithoutScript:
    def test_start_again_really_empties_the_form(self, plain_page, live_server, article):
        plain_page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
        write(plain_page)
        answer(plain_page, makers.wrong)
        press(plain_page, "Gửi bình luận")
        press(plain_page, "Nhập lại")
        has_kept(plain_page, name="", text="")
        expect(plain_page.get_by_text(REFUSED)).to_have_count(0)

    def test_the_enter_key_sends(self, plain_page, live_server, article):
        plain_page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
        write(plain_page)
        answer(plain_page)
        field(plain_page, "Mã xác nhận").press("Enter")
        expect(plain_page.get_by_text(RECEIVED)).to_be_visible()
        assert urlsplit(plain_page.url).path == tickets.url_of(Comment.objects.get())

    def test_a_link_leads_to_the_field(self, plain_page, live_server, article):
        plain_page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
        write(plain_page, text="")
        press(plain_page, "Gửi bình luận")
        plain_page.get_by_role("link", name="chưa có nội dung").click()
        expect(field(plain_page, "Ý kiến của bạn")).to_be_focused()


class TestWithScript:
    @pytest.fixture(autouse=True)
    def opened(self, page, address):
        """The article's page with the form in it."""
        self.asked, self.troubles = [], []
        page.on("request", lambda request: self.asked.append(urlsplit(request.url).path))
        page.on("pageerror", lambda error: self.troubles.append(error))
        page.goto(address)
        self.asked_on_visit = list(self.asked)
        page.get_by_role("link", name="Gửi bình luận").click()
        expect(field(page, "Họ và tên")).to_be_focused()
        yield
        assert self.troubles == []

    def test_nothing_is_asked_for_on_a_mere_visit(self, page, address, article):
        assert not [path for path in self.asked_on_visit if path.startswith("/binh-luan/")]
        assert page.url == address
        assert CaptchaStore.objects.count() == 1
        picture_is_drawn(page)

    def test_another_code_keeps_what_is_being_typed_and_says_so(self, page):
        write(page)
        old = key_of(page)
        press(page, "Đổi mã khác")
        expect(page.get_by_role("status").get_by_text("Đã đổi mã xác nhận")).to_have_count(1)
        expect(field(page, "Mã xác nhận")).to_be_focused()
        has_kept(page)
        assert key_of(page) != old
        picture_is_drawn(page)

    def test_start_again_really_empties_the_form(self, page, address):
        write(page)
        answer(page, makers.wrong)
        press(page, "Gửi bình luận")
        expect(page.get_by_text(REFUSED)).to_be_visible()
        press(page, "Nhập lại")
        expect(page.get_by_text(REFUSED)).to_have_count(0)
        has_kept(page, name="", text="")
        expect(field(page, "Họ và tên")).to_be_focused()
        assert page.url == address

    def test_what_is_wrong_is_read_out_and_thanks_too(self, page, address):
        write(page)
        answer(page, makers.wrong)
        press(page, "Gửi bình luận")
        expect(page.locator(".error-summary")).to_be_focused()
        page.get_by_role("link", name="mã xác nhận chưa đúng").click()
        expect(field(page, "Mã xác nhận")).to_be_focused()
        answer(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text=RECEIVED)).to_be_focused()
        assert page.url.split("#")[0] == address
        assert Comment.objects.count() == 1

    def test_a_second_press_sends_nothing_twice(self, page):
        write(page)
        answer(page)
        button = page.get_by_role("button", name="Gửi bình luận", exact=True)
        button.evaluate("button => { button.click(); button.click(); button.click(); }")
        expect(page.get_by_text(RECEIVED)).to_be_visible()
        assert Comment.objects.count() == 1

    @pytest.mark.parametrize("trouble", ["offline", "broken", "a proxy's own page"])
    def test_when_the_network_fails_the_text_stays(self, page, article, trouble):
        def fail(route):
            if trouble == "offline":
                route.abort()
            elif trouble == "broken":
                route.fulfill(status=502, body="<p>502</p>")
            else:
                route.fulfill(status=200, body="<h1>Đăng nhập Wi-Fi</h1>")

        write(page)
        answer(page)
        page.route("**/binh-luan/**", fail)
        press(page, "Gửi bình luận")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Nội dung bạn viết vẫn còn nguyên")
        expect(alert).to_be_focused()
        expect(field(page, "Ý kiến của bạn")).to_have_value(TEXT)
        page.unroute("**/binh-luan/**")
        press(page, "Gửi bình luận")
        expect(page.get_by_text(RECEIVED)).to_be_visible()
        assert Comment.objects.count() == 1

    def test_closed_meanwhile_the_text_can_still_be_copied(self, page, article):
        write(page)
        answer(page)
        Article.objects.filter(pk=article.pk).update(comments_open=False)
        press(page, "Gửi bình luận")
        expect(page.get_by_text("Bài này đã khóa bình luận.")).to_be_visible()
        expect(field(page, "Nội dung bạn đã viết")).to_have_value(TEXT)

    def test_withdrawn_meanwhile_is_said_and_the_text_stays(self, page, article):
        write(page)
        answer(page)
        workflow.withdraw(actor=None, article=article, reason="Sai địa danh.")
        press(page, "Gửi bình luận")
        expect(page.get_by_role("alert")).to_contain_text("Bài này vừa được gỡ")
        expect(field(page, "Ý kiến của bạn")).to_have_value(TEXT)

    def test_who_has_answered_can_answer_again(self, page, address, article):
        makers.in_state("approved", article)
        page.goto(address)
        reply = page.get_by_role("link", name="Trả lời Nguyễn Văn Lợi")
        reply.click()
        write(page)
        answer(page)
        press(page, "Gửi bình luận")
        expect(page.get_by_text(RECEIVED)).to_be_visible()
        expect(reply).to_be_visible()
        reply.click()
        expect(field(page, "Ý kiến của bạn")).to_have_value("")


def test_where_the_form_cannot_be_fetched_the_link_is_followed(page, address, article):
    def only_pages(route):
        by_script = route.request.headers.get("x-requested-with") == "fetch"
        route.abort() if by_script else route.continue_()

    page.route("**/binh-luan/**", only_pages)
    page.goto(address)
    page.get_by_role("link", name="Gửi bình luận").click()
    page.wait_for_url(f"**/binh-luan/{article.pk}/")
    expect(field(page, "Họ và tên")).to_be_visible()


def stop(page):
    """What has the focus: its id, its words or what it is."""
    return page.evaluate("(e => e.id || e.innerText.trim() || e.localName)(document.activeElement)")


@pytest.mark.parametrize("script", [True, False])
def test_the_form_by_keyboard_alone(page, plain_page, live_server, article, script):
    page = page if script else plain_page
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    field(page, "Họ và tên").focus()
    stops = []
    while "Nhập lại" not in stops:
        page.keyboard.press("Tab")
        stops.append(stop(page))
    listening = stops[stops.index("Đổi mã khác") + 1 : stops.index("Tải đoạn âm thanh")]
    assert set(listening) == {"audio"}, "the player has as many stops as the browser likes"
    assert [found for found in stops if found not in listening] == [
        "comment-email",
        "comment-wants_notices",
        "comment-text",
        "comment-answer",
        "Đổi mã khác",
        "Tải đoạn âm thanh",
        "Gửi bình luận",
        "Nhập lại",
    ]
    page.keyboard.press("Tab")
    assert stop(page) == "Gửi không cần mã (xác nhận qua e-mail)"
    field(page, "Họ và tên").focus()
    page.keyboard.type("Phạm Quỳnh Ngữ")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("Đúng thứ cần thấy.")
    page.keyboard.press("Tab")
    page.keyboard.type(makers.solution(key_of(page)))
    page.keyboard.press("Enter")
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    assert Comment.objects.get().text == "Đúng thứ cần thấy."


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_form_with_errors_is_accessible(page, live_server, article, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    field(page, "E-mail").fill("không phải")
    press(page, "Gửi bình luận")
    expect(page.get_by_text(REFUSED)).to_be_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_form_is_accessible_without_a_script(plain_page, live_server, article):
    plain_page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    press(plain_page, "Gửi bình luận")
    expect(plain_page.get_by_text(REFUSED)).to_be_visible()
    # The page runs no script, so its bytes are looked at by a page that does.
    content = plain_page.content()
    looking = plain_page.context.browser.new_page()
    looking.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    looking.set_content(content)
    results = Axe().run(looking)
    looking.close()
    assert results.violations_count == 0, results.generate_report()


def test_a_reply_and_a_rest_are_accessible(page, live_server, article):
    comment = makers.in_state("approved", article)
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/?tra-loi={comment.pk}")
    for _ in range(10):
        write(page)
        answer(page, makers.wrong)
        old = key_of(page)
        press(page, "Gửi bình luận")
        expect(page.locator("[name=captcha_key]")).not_to_have_value(old)
    expect(page.get_by_text("mã được nhận lại từ")).to_be_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    answer(page)
    press(page, "Gửi bình luận")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("đã nhập sai mã quá nhiều lần")
    expect(field(page, "Ý kiến của bạn")).to_have_value(TEXT)
    expect(page.get_by_text("Trả lời @Nguyễn Văn Lợi")).to_be_visible()
    field(page, "E-mail").fill("ngu@example.com")
    press(page, "Gửi không cần mã (xác nhận qua e-mail)")
    expect(page.get_by_text("Còn một bước: xác nhận qua e-mail.")).to_be_visible()
    assert Comment.objects.latest("pk").answered == comment


def test_the_digits_can_be_heard_and_downloaded(page, live_server, article, tmp_path):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    spoken = captcha.audio(key_of(page))
    player = page.locator("audio")
    assert not [url for url in asked if url.endswith(".wav")], "nothing is fetched unheard"
    length = player.evaluate(
        """player => new Promise((done, fail) => {
             player.addEventListener("canplaythrough", () => done(player.duration));
             player.addEventListener("error", () => fail(player.error));
             player.load();
             player.play().catch(() => {});
           })"""
    )
    assert 3 < length < 10
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải đoạn âm thanh").click()
    assert waiting.value.suggested_filename == "ma-xac-nhan.wav"
    waiting.value.save_as(tmp_path / "heard.wav")
    assert (tmp_path / "heard.wav").read_bytes() == spoken


def test_a_code_is_renewed_before_it_expires(page, live_server, article):
    page.clock.install()
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    write(page)
    old = key_of(page)
    page.clock.run_for(24 * 60 * 1000)
    assert key_of(page) == old
    page.clock.run_for(90 * 1000)
    expect(page.locator("[name=captcha_key]")).not_to_have_value(old)
    page.clock.run_for(100)
    expect(page.get_by_role("status").get_by_text("Đã đổi mã xác nhận")).to_have_count(1)
    expect(field(page, "Ý kiến của bạn")).to_be_focused()
    has_kept(page)
    assert not captcha.is_live(old)
    answer(page)
    press(page, "Gửi bình luận")
    expect(page.get_by_text(RECEIVED)).to_be_visible()


@pytest.mark.parametrize("why", ["closed", "withdrawn", "throttled"])
def test_no_code_is_asked_for_where_none_is_given(page, live_server, article, monkeypatch, why):
    page.clock.install()
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    write(page)
    if why == "closed":
        Article.objects.filter(pk=article.pk).update(comments_open=False)
    elif why == "withdrawn":
        workflow.withdraw(actor=None, article=article, reason="Sai địa danh.")
    else:
        monkeypatch.setattr(pressure, "OPENED_ANYWHERE", Limit("anywhere", 0, 600))
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    with page.expect_response("**/binh-luan/**"):
        page.clock.run_for(26 * 60 * 1000)
    expect(page.locator("[data-comment-panel]")).not_to_have_attribute("aria-busy", "true")
    page.clock.run_for(60 * 60 * 1000)
    assert len(asked) == 1
    expect(field(page, "Ý kiến của bạn")).to_have_value(TEXT)


@pytest.mark.attack(16)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "còn 2.000 ký tự"),
        ("Đường quê ấy", "còn 1.988 ký tự"),
        (unicodedata.normalize("NFD", "Đường quê ấy"), "còn 1.988 ký tự"),
        ("👩‍🌾\u00ad\u200b\U000e0041", "còn 1.997 ký tự"),
        ("❤️ 👨‍👩‍👧a\u200db", "còn 1.990 ký tự"),
        ("  a  b \n\n\n\n c ", "còn 1.994 ký tự"),
        ("ộ" * 1_880, "còn 120 ký tự"),
        ("x" * 2_001, "thừa 1 ký tự"),
    ],
)
def test_characters_are_counted_as_the_server_counts(page, live_server, article, text, said):
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    field(page, "Ý kiến của bạn").fill(text)
    expect(page.locator("[data-comment-count]")).to_have_text(said)
    left = MAX_TEXT - len(vietnamese.clean(text, multiline=True))
    assert str(abs(left)) == re.sub(r"\D", "", said)


def test_what_is_typed_outlives_the_page_and_goes_with_the_comment(page, live_server, article):
    where = f"{live_server.url}/binh-luan/{article.pk}/"
    page.goto(where)
    write(page)
    page.goto(f"{live_server.url}/")
    page.goto(where)
    has_kept(page)
    answer(page)
    press(page, "Gửi bình luận")
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    page.goto(where)
    has_kept(page, name="", text="")


def test_far_too_many_codes_leave_the_text_in_place(page, live_server, article, monkeypatch):
    page.goto(f"{live_server.url}/binh-luan/{article.pk}/")
    write(page)
    monkeypatch.setattr(pressure, "RENEWED", Limit("renewed", 0, 600))
    press(page, "Đổi mã khác")
    expect(page.get_by_role("alert")).to_contain_text("đã gửi quá nhiều yêu cầu")
    expect(page.get_by_role("alert")).to_be_focused()
    has_kept(page)


def test_another_link_moves_the_form_with_what_is_typed(page, address, article):
    comment = makers.in_state("approved", article)
    page.goto(address)
    page.get_by_role("link", name="Gửi bình luận").click()
    write(page)
    reply = page.get_by_role("link", name="Trả lời Nguyễn Văn Lợi")
    reply.click()
    expect(page.get_by_text("Trả lời @Nguyễn Văn Lợi")).to_be_visible()
    has_kept(page)
    expect(page.get_by_role("link", name="Gửi bình luận")).to_be_visible()
    expect(reply).to_be_hidden()
    answer(page)
    press(page, "Gửi bình luận")
    expect(page.get_by_text(RECEIVED)).to_be_visible()
    expect(page.get_by_role("link", name="Theo dõi, sửa hoặc rút bình luận")).to_be_visible()
    assert Comment.objects.latest("pk").answered == comment


def test_a_link_that_brings_no_form_leaves_the_open_one(page, address, article):
    makers.in_state("approved", article)
    page.goto(address)
    page.get_by_role("link", name="Gửi bình luận").click()
    write(page)
    Article.objects.filter(pk=article.pk).update(comments_open=False)
    page.get_by_role("link", name="Trả lời Nguyễn Văn Lợi").click()
    expect(page.get_by_role("alert")).to_have_text("Bài này đã khóa bình luận.")
    has_kept(page)
    Article.objects.filter(pk=article.pk).update(comments_open=True)
    page.goto(address)
    page.get_by_role("link", name="Gửi bình luận").click()
    has_kept(page)
