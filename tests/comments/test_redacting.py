"""Hiding words: the desk leaves out, it never writes into a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import moderation
from comments.models import Comment
from comments.moderation import redacting
from newsroom import stamps
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import (
    QUEUE,
    State,
    done,
    form,
    names,
    page_of,
    sent,
    state_of,
    text_of,
    told,
    undo,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


TEXT = "Thuê xe thì gọi\n0900 000 000 gặp tôi"


class TestWhatIsAllowed:
    """`hides_only` is the promise to the reader."""

    @pytest.mark.parametrize(
        "text",
        [
            "Thuê xe thì gọi\n[…] gặp tôi",
            "[…] thì gọi\n0900 […] tôi",
            "Thuê […]",
            "[…] tôi",
            "[…]",
            "Thuê […] gọi […] 000 gặp tôi",
            "[…] […]",
        ],
    )
    def test_words_may_be_hidden(self, moderator, article, text):
        comment = sent(article, text=TEXT)
        moderation.redact(actor=moderator, comment=comment, text=text, approve=True)
        comment.refresh_from_db()
        assert (comment.text, comment.original_text) == (text, TEXT)
        assert comment.state == State.APPROVED
        assert comment.redacted_at

    @pytest.mark.parametrize(
        "text",
        [
            TEXT,
            "",
            "Thuê xe thì gọi gặp tôi",
            "Thuê xe thì đừng gọi […] gặp tôi",
            "Thuê xe thì gọi 0900 000 000 gặp tôi […]",
            "[…] Thuê xe thì gọi 0900 000 000 gặp tôi",
            "gặp […] Thuê",
            "Thuê xe thì gọi […] gặp tôi nhé",
            "Thu[…] xe thì gọi 0900 000 000 gặp tôi",
            "[…] gọi gọi […]",
            "[…] xe […] xe […]",
            "Thuê xe […] gọi 0900 000 000 gặp tôi gặp tôi",
        ],
    )
    def test_nothing_else_is_changed(self, moderator, article, text):
        comment = sent(article, text=TEXT)
        with pytest.raises(NotReady):
            moderation.redact(actor=moderator, comment=comment, text=text, approve=True)
        comment.refresh_from_db()
        assert (comment.text, comment.state) == (TEXT, State.PENDING)

    @given(st.text("ab \n", max_size=40), st.sets(st.integers(0, 20), max_size=8))
    def test_whatever_words_are_chosen_only_they_are_gone(self, text, chosen):
        words = moderation.words_of(text)
        hidden = {number for number in chosen if number < len(words)}
        shown = moderation.masked(text, hidden)
        kept = [text[a:b] for number, (a, b) in enumerate(words) if number not in hidden]
        assert [word for word in shown.split() if word != moderation.MASK] == kept
        assert redacting.hides_only(text, shown) or not words


def test_hidden_words_are_found_no_more_and_the_name_still_is(client, moderator, article):
    comment = sent(article, text=TEXT)
    moderation.redact(actor=moderator, comment=comment, text="Thuê xe […]", approve=True)
    for typed, found in (("0900", False), ("Lúa", True), ("Thuê", True)):
        page = client.get(QUEUE, {"state": "approved", "q": typed})
        assert bool(names(page)) is found, typed


def test_a_published_one_is_told_to_the_pages(client, moderator, article):
    comment = moderation.approve(actor=moderator, comment=sent(article, text=TEXT))
    key = stamps.comments(article.pk)
    before = stamps.versions([key])[key]
    moderation.redact(actor=moderator, comment=comment, text="Thuê xe […]", approve=True)
    assert stamps.versions([key])[key] == before + 1
    page = text_of(client.get(article.get_absolute_url()))
    assert "Thuê xe […]" in page
    assert "0900" not in page


@pytest.mark.parametrize("state", ["rejected", "spam", "removed", "withdrawn"])
def test_what_readers_will_not_see_is_not_redacted(moderator, article, state):
    comment = makers.in_state(state, article)
    with pytest.raises(Conflict):
        moderation.redact(actor=moderator, comment=comment, text="[…]", approve=True)


def test_others_redact_nothing_and_the_program_approves_nothing(article):
    comment = sent(article, text=TEXT)
    for actor in (factories.user(Role.EDITOR), None):
        with pytest.raises(NotAllowed):
            moderation.redact(actor=actor, comment=comment, text="[…]", approve=True)
    assert state_of(comment) == State.PENDING


class TestPage:
    def open(self, client, comment):
        return client.get(url(comment, "redact"))

    def press(self, client, comment, verb, *words):
        comment.refresh_from_db()
        data = form(comment, verb, word=words)
        return client.post(url(comment, "redact"), data, follow=True)

    def test_what_was_noticed_is_ticked(self, client, moderator, article):
        comment = sent(article, text=TEXT)
        at = TEXT.index("0900")
        hit = {"rule": "trap", "points": 20, "found": "", "start": at, "end": at + 12}
        Comment.objects.filter(pk=comment.pk).update(hits=[hit])
        page = page_of(self.open(client, comment))
        ticked = re.findall(r'name="word" value="(\d+)" checked', page)
        assert ticked == ["4", "5", "6"]
        assert "Thuê xe thì gọi\n[…] gặp tôi" in page

    def test_hidden_and_published_the_next_one_opens(self, client, moderator, article):
        comment, following = sent(article, text=TEXT, minutes=9), sent(article, name="Hai")
        page = self.press(client, comment, "redact_and_publish", 4, 5, 6)
        assert page.request["PATH_INFO"] == url(following)
        assert done(page).startswith("Đã che chữ trong ý kiến của Lúa Mùa")
        public = text_of(client.get(article.get_absolute_url()))
        assert "Thuê xe thì gọi […] gặp tôi" in public

    @pytest.mark.parametrize("verb", ["redact", "redact_and_publish"])
    def test_a_button_pressed_twice_goes_on_quietly(self, client, moderator, article, verb):
        comment, following = sent(article, text=TEXT, minutes=9), sent(article, name="Hai")
        data = form(comment, verb, word=[4, 5, 6])
        client.post(url(comment, "redact"), data)
        page = client.post(url(comment, "redact"), data, follow=True)
        assert page.request["PATH_INFO"] == url(comment if verb == "redact" else following)
        assert done(page).startswith("Đã che chữ trong ý kiến của Lúa Mùa")
        assert "warning" not in [level for level, _text in told(page)]

    def test_undoing_brings_back_the_text(self, client, moderator, article):
        comment = sent(article, text=TEXT)
        undo(client, self.press(client, comment, "redact_and_publish", 4, 5, 6))
        comment.refresh_from_db()
        assert (comment.state, comment.text, comment.original_text) == ("pending", TEXT, "")
        assert comment.redacted_at is None

    def test_staff_see_both(self, client, moderator, article):
        comment = sent(article, text=TEXT)
        page = self.press(client, comment, "redact", 4, 5, 6)
        assert state_of(comment) == State.PENDING
        shown = text_of(page)
        assert "Thuê xe thì gọi […] gặp tôi" in shown
        assert "Bản gốc Thuê xe thì gọi 0900 000 000 gặp tôi" in shown

    def test_a_preview_decides_nothing(self, client, moderator, article):
        comment = sent(article, text=TEXT)
        page = self.press(client, comment, "preview", 0)
        assert "[…] xe thì gọi" in page_of(page)
        comment.refresh_from_db()
        assert (comment.text, comment.redacted_at) == (TEXT, None)

    @pytest.mark.parametrize("words", [(), ("99",), ("-1", "x", "²")])
    def test_nothing_chosen_says_so(self, client, moderator, article, words):
        comment = sent(article, text=TEXT)
        page = self.press(client, comment, "redact_and_publish", *words)
        assert page.status_code == 422
        assert "Hãy chọn chữ cần che" in text_of(page)
        assert state_of(comment) == State.PENDING

    def test_a_text_changed_meanwhile_is_shown_anew(self, client, moderator, article):
        comment = sent(article, text=TEXT)
        data = form(comment, "redact_and_publish", word=[4])
        moderation.edit(comment=Comment.objects.get(pk=comment.pk), text="Thôi không thuê nữa.")
        page = client.post(url(comment, "redact"), data, follow=True)
        assert "Đây là bản mới." in text_of(page)
        assert state_of(comment) == State.PENDING
