"""Two moderators empty one queue side by side, by the requests their keys make."""

import itertools
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from comments.models import Comment, Decision, Discussion
from newsroom.roles import Role
from tests import factories
from tests.comments.desk import QUEUE, sent

pytestmark = pytest.mark.django_db(transaction=True)

FEW, MANY, BY_KEYBOARD = 40, 1_000, 40
# What each of them presses, over and over: a, s, r3, h.
KEYS = ({"verb": "approve"}, {"verb": "mark_spam"}, {"reason": "advert"}, {"verb": "hold"})


@pytest.fixture
def article():
    """Under which all of them stand; the groups may have gone with another test's tables."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    return factories.published()


class Moderator:
    """Somebody at the keyboard without a script: opens, presses, goes on.

    Reads the page alone: the contexts of the test client are those of all threads.
    """

    def __init__(self, number):
        self.person = factories.user(Role.MODERATOR, full_name=f"Người {number}")
        self.client = Client()
        self.client.force_login(self.person)

    def work(self):
        """Work through the queue until it is empty."""
        keys = itertools.cycle(KEYS)
        page = self.open_first()
        while page is not None:
            page = self.step(page, keys)

    def open_first(self):
        found = shown(self.client.get(QUEUE), r'class="desk-headline" href="([^"]+)"')
        return self.client.get(found) if found else None

    def step(self, page, keys):
        """Press one key on a comment's page; return the next page, None where nothing waits."""
        state = shown(page, r'name="state" value="(\w+)"')
        if page.request["PATH_INFO"] == QUEUE:
            return self.open_first()
        if not shown(page, r'(data-key="a")'):  # a colleague has it open, or has decided it: J
            to = shown(page, r'href="([^"]+)" data-key="j"')
            return self.client.get(to) if to else self.open_first()
        seen = {"state": state, "version": shown(page, r'name="version" value="(\d+)"')}
        answer = self.client.post(page.request["PATH_INFO"], seen | next(keys))
        assert answer.status_code == 302
        return self.client.get(answer.headers["Location"])


def shown(page, pattern):
    """What the page shows there; None where it does not."""
    found = re.search(pattern, page.content.decode())
    return found and found[1]


def waiting(article, number):
    """So many comments, each a minute younger than the one before; some at the same moment."""
    for place in range(number):
        sent(article, name=f"Người {place}", minutes=2 * number - place // 3)
    return list(Comment.objects.order_by("queued_at", "pk").values_list("pk", flat=True))


def both_work(article, number):
    order = waiting(article, number)
    moderators = [Moderator(1), Moderator(2)]
    start = threading.Barrier(len(moderators))

    def run(moderator):
        try:
            start.wait()
            moderator.work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(moderators)) as pool:
        list(pool.map(run, moderators))
    check(article, order, moderators)


def check(article, order, moderators):
    """Each was decided once, by one of them, in order; nothing is stuck."""
    decided = list(Decision.objects.order_by("pk").values_list("comment", flat=True))
    assert sorted(decided) == sorted(order), "each exactly once"
    assert not Comment.objects.filter(state="pending").exists()
    assert not Comment.objects.exclude(claimed_by=None).exists(), "no claim is stuck"
    places = {pk: place for place, pk in enumerate(order)}
    for moderator in moderators:
        mine = Decision.objects.filter(actor=moderator.person).order_by("pk")
        walk = [places[pk] for pk in mine.values_list("comment", flat=True)]
        assert walk == sorted(walk), "the oldest first throughout"
        assert len(walk) >= len(order) // 10, "both had work"
    approved = Comment.objects.filter(state="approved").count()
    assert Discussion.objects.get(pk=article.pk).approved == approved > 0


def test_each_comment_is_decided_exactly_once(article):
    both_work(article, FEW)


@pytest.mark.long
def test_a_thousand_comments_are_decided_exactly_once(article):
    both_work(article, MANY)


@pytest.fixture
def two_pages(browser, browser_context_args, live_server, article):
    """Two browsers, each with a moderator of its own logged in."""
    pages, people = [], []
    for number in (1, 2):
        context = browser.new_context(**browser_context_args)
        person = factories.user(Role.MODERATOR, full_name=f"Người {number}")
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/")
        page.locator("[name=username]").fill(person.username)
        page.locator("[name=password]").fill(factories.PASSWORD)
        page.locator("#login-form [type=submit]").click()
        expect(page.locator(".desk-places")).to_be_visible()
        pages.append(page)
        people.append(person)
    yield pages, people
    for page in pages:
        page.context.close()


def address(url):
    """Of the comment alone: R moves to the reasons, and must not pass for the next comment.

    What is pressed before the next page has its script is pressed in vain.
    """
    return url.partition("#")[0]


def test_both_by_keyboard_in_browsers(two_pages, live_server, article):
    pages, people = two_pages
    order = waiting(article, BY_KEYBOARD)
    first = reverse("admin:comments_comment_change", args=[order[0]])
    for page in pages:
        page.goto(f"{live_server.url}{first}")
    expect(pages[1].locator(".desk-held.is-theirs")).to_contain_text("Người 1")
    pages[1].keyboard.press("j")
    pages[1].wait_for_url(lambda url: first not in url)
    keys = itertools.cycle(("a", "s", "r3"))
    for _round in range(BY_KEYBOARD):
        working = [page for page in pages if "/change/" in page.url]
        before = [address(page.url) for page in working]
        for page in working:  # pressed in both before either has answered
            for key in next(keys):
                page.keyboard.press(key)
        for page, at in zip(working, before, strict=True):
            page.wait_for_url(lambda url, at=at: address(url) != at, wait_until="load")
        if not working:
            break
    people = [type("Moderator", (), {"person": person}) for person in people]
    check(Article.objects.get(pk=article.pk), order, people)
