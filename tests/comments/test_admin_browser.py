"""The moderators' list in a real browser: what a key does that nobody meant."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "Nội dung trùng với ý kiến hôm qua"


@pytest.fixture
def queue(page, live_server):
    """A moderator's browser in front of two comments that wait."""
    moderator = makers.moderator()
    article = factories.published()
    for name in ("Lúa Mùa", "Hưng"):
        makers.pending(article, name=name)
    page.goto(f"{live_server.url}/admin/")
    page.locator("[name=username]").fill(moderator.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page.locator(".desk-bar")).to_be_visible()
    return page


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
