"""The moderators' list in a real browser: what a key does that nobody meant."""

import pytest
from playwright.sync_api import expect

from comments import moderation
from comments.models import Comment
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import reported, url
from tests.test_desk_look import COLOURS, WCAG, faults

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "Nội dung trùng với ý kiến hôm qua"


@pytest.fixture
def queue(page, live_server):
    """A moderator's browser in front of two comments that wait."""
    moderator = makers.moderator()
    article = factories.published()
    for name in ("Lúa Mùa", "Hưng"):
        makers.pending(article, name=name)
    log_in(page, live_server, moderator)
    expect(page.locator(".desk-places")).to_be_visible()
    return page


def log_in(page, live_server, person, path="/admin/"):
    page.goto(f"{live_server.url}{path}")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()


@pytest.mark.parametrize("field", ["[name=note]", "[name=_selected_action] >> nth=0"])
def test_enter_in_a_field_decides_nothing_and_loses_nothing(queue, field):
    queue.locator("[name=_selected_action]").first.check()
    queue.locator("[name=note]").fill(NOTE)
    queue.locator(field).press("Enter")
    queue.wait_for_timeout(300)
    assert set(Comment.objects.values_list("state", flat=True)) == {"pending"}
    expect(queue.locator("[name=note]")).to_have_value(NOTE)
    expect(queue.locator("[name=_selected_action]").first).to_be_checked()


def test_the_buttons_still_decide(queue):
    queue.locator("[name=_selected_action]").first.check()
    queue.locator("button[value=mark_spam]").click()
    expect(queue.locator("[name=_selected_action]")).to_have_count(1)
    assert Comment.objects.filter(state="spam").count() == 1


def test_a_rejection_without_a_reason_comes_back_as_it_was(queue):
    queue.locator("[name=_selected_action]").first.check()
    queue.locator("[name=note]").fill(NOTE)
    queue.locator("button[value=reject]").click()
    expect(queue.locator(".messagelist .error")).to_be_visible()
    expect(queue.locator("[name=_selected_action]").first).to_be_checked()
    expect(queue.locator("[name=note]")).to_have_value(NOTE)
    expect(queue.locator(".action-counter")).to_contain_text("1 ")
    queue.locator("[name=reason]").select_option("insult")
    queue.locator("button[value=reject]").click()
    expect(queue.locator("[name=_selected_action]")).to_have_count(1)
    assert Comment.objects.get(state="rejected").reason_note == NOTE


@pytest.fixture
def deciding(queue, live_server):
    """The same moderator in front of the oldest of six comments."""
    article = Comment.objects.earliest("pk").article
    for number in range(4):
        makers.pending(article, name=f"Người {number}", text=f"Gọi tổ dân {number} gặp tôi")
    open_page(queue, live_server, Comment.objects.earliest("queued_at", "pk"))
    return queue


def open_page(page, live_server, comment, query=""):
    page.goto(f"{live_server.url}{url(comment)}{query}")
    expect(page.locator(".desk-one__text").first).to_be_visible()


def current(page):
    return page.locator(".desk-one__who b")


def posts(page):
    """The addresses forms are sent to from now on."""
    sent = []
    page.on("request", lambda asked: asked.method == "POST" and sent.append(asked.url))
    return sent


def state(name):
    return Comment.objects.get(name=name).state


class TestKeys:
    def test_a_whole_turn_without_the_mouse(self, deciding):
        page, press = deciding, deciding.keyboard.press
        expect(current(page)).to_have_text("Lúa Mùa")
        expect(page.locator(".desk-one__text")).to_be_focused()
        press("j")
        expect(current(page)).to_have_text("Hưng")
        press("k")
        expect(current(page)).to_have_text("Lúa Mùa")
        press("a")
        expect(page.locator(".desk-undo")).to_contain_text("Đã đăng ý kiến của Lúa Mùa")
        expect(current(page)).to_have_text("Hưng")
        press("u")
        expect(current(page)).to_have_text("Lúa Mùa")
        assert state("Lúa Mùa") == "pending"
        press("r")
        press("3")
        expect(current(page)).to_have_text("Hưng")
        assert Comment.objects.get(name="Lúa Mùa").reason == "advert"
        press("s")
        expect(current(page)).to_have_text("Người 0")
        assert state("Hưng") == "spam"
        press("h")
        expect(page.locator("#id_hold_note")).to_be_focused()
        page.keyboard.type("Hỏi lại ban bạn đọc")
        press("Enter")
        expect(current(page)).to_have_text("Người 1")
        held = Comment.objects.get(name="Người 0")
        assert (held.state, held.reason_note) == ("held", "Hỏi lại ban bạn đọc")
        press("e")
        expect(page.locator("#redaction")).to_be_visible()
        for number in (1, 2, 3):
            page.locator(".desk-word").nth(number).click()
        expect(page.locator("[data-preview]")).to_have_text("Gọi […] gặp tôi")
        press("a")
        expect(page.locator(".desk-undo")).to_contain_text("Đã che chữ")
        assert Comment.objects.get(name="Người 1").text == "Gọi […] gặp tôi"

    def test_help_and_the_article_and_all_on_it(self, deciding):
        deciding.keyboard.press("?")
        expect(deciding.locator("[data-keys] dl")).to_be_visible()
        with deciding.context.expect_page() as opened:
            deciding.keyboard.press("o")
        assert opened.value.url.endswith(".html")
        deciding.keyboard.press("g")
        expect(deciding.locator("[name=_selected_action]:checked")).to_have_count(6)

    def test_a_vietnamese_typing_program_decides_nothing_and_is_named(self, deciding):
        expect(deciding.locator("[data-telex]")).to_be_hidden()
        for key in ("ả", "Process"):
            deciding.evaluate(
                "k => document.body.dispatchEvent("
                "new KeyboardEvent('keydown', {key: k, bubbles: true}))",
                key,
            )
        expect(deciding.locator("[data-telex]")).to_be_visible()
        for chord in ("Control+s", "Alt+a"):
            deciding.keyboard.press(chord)
        expect(current(deciding)).to_have_text("Lúa Mùa")
        assert set(Comment.objects.values_list("state", flat=True)) == {"pending"}

    def test_keys_are_letters_in_a_field(self, deciding):
        deciding.locator(".desk-words summary").click()
        deciding.locator("#id_note").fill("")
        deciding.locator("#id_note").press_sequentially("asrh3")
        expect(deciding.locator("#id_note")).to_have_value("asrh3")
        assert state("Lúa Mùa") == "pending"

    def test_the_other_reason_asks_for_words_first(self, deciding):
        deciding.keyboard.press("r")
        deciding.keyboard.press("9")
        expect(deciding.locator("#id_note")).to_be_focused()
        assert state("Lúa Mùa") == "pending"

    def test_the_other_reason_is_finished_by_keyboard(self, deciding):
        page, press = deciding, deciding.keyboard.press
        press("r")
        press("9")
        expect(page.locator("#id_note")).to_be_focused()
        press("Control+Enter")
        expect(page.locator("#id_note")).to_be_focused()
        press("Escape")
        expect(page.locator("#id_note")).not_to_be_focused()
        press("r")
        press("9")
        page.keyboard.type(NOTE)
        press("Control+Enter")
        expect(current(page)).to_have_text("Hưng")
        rejected = Comment.objects.get(name="Lúa Mùa")
        assert (rejected.reason, rejected.reason_note) == ("other", NOTE)

    def test_a_key_that_is_held_down_decides_once(self, deciding):
        sent = posts(deciding)
        deciding.keyboard.down("a")
        expect(current(deciding)).to_have_text("Hưng")
        expect(deciding.locator(".desk-one__text")).to_be_focused()
        for _repeated in range(3):
            deciding.keyboard.down("a")
        deciding.keyboard.up("a")
        deciding.keyboard.press("?")
        expect(deciding.locator("[data-keys] dl")).to_be_visible()
        assert len(sent) == 1
        assert state("Hưng") == "pending"

    @pytest.mark.parametrize(
        "pressed",
        [
            "document.querySelector('button[value=approve]').click()",
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true}))",
        ],
    )
    def test_a_second_press_sends_nothing_and_the_undo_stays(self, deciding, pressed):
        sent = posts(deciding)
        deciding.evaluate(f"() => {{ {pressed}; setTimeout(() => {pressed}, 5); }}")
        expect(current(deciding)).to_have_text("Hưng")
        expect(deciding.locator(".desk-undo")).to_contain_text("Đã đăng ý kiến của Lúa Mùa")
        expect(deciding.locator(".messagelist")).to_have_count(0)
        assert len(sent) == 1

    def test_who_goes_on_decides_nothing_on_the_way(self, deciding):
        deciding.evaluate(
            "() => ['j', 'a'].forEach(key => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {key, bubbles: true})))"
        )
        expect(current(deciding)).to_have_text("Hưng")
        assert state("Lúa Mùa") == "pending"

    def test_the_words_to_the_reader_begin_with_those_of_the_reason(self, deciding):
        deciding.locator(".desk-words summary").click()
        deciding.locator("[data-words=off_topic]").click()
        expect(deciding.locator("#id_reader_note")).to_have_value(
            "Ý kiến không liên quan đến nội dung bài."
        )

    def test_words_to_the_reader_that_were_typed_stay(self, deciding):
        deciding.locator(".desk-words summary").click()
        words = deciding.locator("#id_reader_note")
        deciding.locator("[data-words=insult]").click()
        deciding.locator("[data-words=off_topic]").click()
        expect(words).to_have_value("Ý kiến không liên quan đến nội dung bài.")
        words.fill("Mời ông viết lại.")
        deciding.locator("[data-words=off_topic]").click()
        expect(words).to_have_value("Ý kiến không liên quan đến nội dung bài.\nMời ông viết lại.")

    def test_words_in_another_box_are_not_left_unasked(self, deciding):
        deciding.locator(".desk-words summary").click()
        deciding.locator("#id_reader_note").fill("Mời ông viết lại.")
        asked = []
        deciding.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        for number, key in enumerate("aj", start=1):
            deciding.locator("#id_reader_note").press("Escape")
            deciding.keyboard.press(key)
            deciding.wait_for_timeout(500)
            assert asked == ["beforeunload"] * number
        expect(current(deciding)).to_have_text("Lúa Mùa")
        assert state("Lúa Mùa") == "pending"
        deciding.keyboard.press("r")
        deciding.keyboard.press("1")
        expect(current(deciding)).to_have_text("Hưng")
        assert len(asked) == 2


class TestClaim:
    def test_it_says_when_its_time_has_ended_and_one_press_keeps_it(self, deciding, live_server):
        comment = Comment.objects.get(name="Lúa Mùa")
        deciding.clock.install()
        open_page(deciding, live_server, comment)
        deciding.clock.run_for(181_000)
        expect(deciding.locator("[data-claim-text]")).to_contain_text("Hết giờ giữ")
        moderation.release(actor=comment_holder(comment), comment=comment)
        deciding.get_by_role("button", name="Giữ tiếp").click()
        expect(deciding.locator("[data-claim-text]")).to_contain_text("Bạn đang giữ ý kiến này")
        comment.refresh_from_db()
        assert comment.claimed_by is not None

    def test_working_on_the_page_keeps_it_and_loses_nothing(self, deciding, live_server):
        comment = Comment.objects.get(name="Lúa Mùa")
        deciding.clock.install()
        open_page(deciding, live_server, comment)
        comment.refresh_from_db()
        before = comment.claimed_until
        deciding.clock.run_for(90_000)
        with deciding.expect_response(lambda answer: answer.request.method == "POST") as answer:
            deciding.locator(".desk-words summary").click()
            deciding.locator("#id_note").press_sequentially("x")
        assert answer.value.json()["seconds"] == 180
        comment.refresh_from_db()
        assert comment.claimed_until > before
        expect(deciding.locator("#id_note")).to_have_value("x")

    def test_working_on_the_words_keeps_it_too(self, deciding, live_server):
        comment = Comment.objects.get(name="Lúa Mùa")
        deciding.clock.install()
        deciding.goto(f"{live_server.url}{url(comment, 'redact')}")
        expect(deciding.locator("[data-claim-text]")).to_contain_text("Bạn đang giữ ý kiến này")
        comment.refresh_from_db()
        before = comment.claimed_until
        deciding.clock.run_for(90_000)
        with deciding.expect_response(lambda answer: answer.request.method == "POST") as answer:
            deciding.locator(".desk-word").nth(1).click()
        assert answer.value.json()["seconds"] == 180
        comment.refresh_from_db()
        assert comment.claimed_until > before
        expect(deciding.locator("[data-preview]")).to_contain_text("[…]")


def comment_holder(comment):
    comment.refresh_from_db()
    return comment.claimed_by


@pytest.fixture
def screens(deciding, live_server):
    """The desk's screens with all that may stand on them: reports, hits, marks, a colleague."""
    waiting = list(Comment.objects.order_by("queued_at", "pk"))
    hits = [{"rule": "trap", "points": 20, "found": "0900", "start": 4, "end": 8}]
    Comment.objects.filter(pk__in=[row.pk for row in waiting]).update(hits=hits, score=20)
    actor = makers.moderator()
    shown = moderation.approve(actor=actor, comment=fresh(waiting[4]))
    moderation.redact(actor=actor, comment=shown, text="Gọi […] tôi", approve=False)
    reported(shown, note="Nói sai tên tôi.")
    moderation.claim(actor=actor, comment=fresh(waiting[5]))
    first = waiting[0]
    return [
        "/admin/comments/comment/",
        "/admin/comments/comment/?state=suspect&rule=trap",
        url(first) + "?reason=insult",
        url(first, "redact"),
        url(waiting[5]),
        url(shown) + "?state=reported",
    ]


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def test_axe_finds_nothing(deciding, live_server, screens):
    deciding.set_viewport_size({"width": 1280, "height": 2600})
    found = []
    for path in screens:
        deciding.goto(f"{live_server.url}{path}")
        deciding.locator(".desk-places").wait_for()
        for scheme, options in (("light", WCAG), ("dark", COLOURS)):
            deciding.emulate_media(color_scheme=scheme)
            deciding.wait_for_timeout(150)
            found += [f"{scheme}: {fault}" for fault in faults(deciding, options)]
    assert not found, "\n".join(found)


# What is wider than the part of the screen it stands in, in letters of a name.
RUNS_OVER = """[...document.querySelectorAll(
    ".desk-queue li, .desk-one__who, .desk-parent, .desk-three aside > *, .desk-undo, .field-words"
)].filter(part => part.scrollWidth > part.clientWidth).map(part => part.className)"""


def test_nothing_scrolls_sideways(deciding, live_server, screens):
    long_name = "W" * 60
    Comment.objects.filter(name="Lúa Mùa").update(name=long_name)
    answered = Comment.objects.get(name=long_name)
    reply = Comment.objects.get(name="Hưng")
    Comment.objects.filter(pk=reply.pk).update(thread=answered, answered=answered)
    wide = []
    for path in [*screens, url(reply)]:
        deciding.goto(f"{live_server.url}{path}")
        for width in (320, 390, 1280):
            deciding.set_viewport_size({"width": width, "height": 800})
            if deciding.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((path, width))
            wide += [(path, width, part) for part in deciding.evaluate(RUNS_OVER)]
    assert not wide


def test_a_phone_can_say_when_a_demand_came(page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    secretary = factories.user(Role.SECRETARY)
    log_in(page, live_server, secretary, "/admin/comments/takedown/add/")
    expect(page.locator("[name=received_at_0]")).to_be_visible()
