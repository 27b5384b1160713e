"""R1: of 4,000 payloads none comes out of the sanitiser alive, and none runs in a browser."""

import html
import time

import pytest
from django.test import Client

from newsroom import rich_text
from newsroom.roles import Role
from tests import factories
from tests.newsroom.test_rich_text import assert_harmless
from tests.security import payloads, running

CORPUS = payloads.corpus()
WORST_SECONDS = 0.5
# Of the article's form all but the buttons, which do what they are for.
TYPED = "#content textarea, #content input, #content output, #content p, #content span"


def test_the_corpus_is_what_it_says():
    texts = " ".join(one.text for one in CORPUS)
    assert len({one.text for one in CORPUS}) == len(CORPUS) >= 1_500
    for family in ("<mglyph>", "<annotation-xml", "<noscript>", "<![CDATA[", "<foreignObject>"):
        assert family in texts
    assert payloads.corpus() == CORPUS


def test_nothing_dangerous_is_stored_and_what_is_stored_stays_as_it_is():
    worst = 0.0
    for payload in CORPUS:
        before = time.process_time()
        once = rich_text.sanitise(payload.text)
        worst = max(worst, time.process_time() - before)
        assert_harmless(once)
        assert rich_text.sanitise(once) == once, payload
    assert worst < WORST_SECONDS


def test_payloads_together_are_no_worse_than_alone():
    texts = [payload.text for payload in CORPUS]
    for start in range(0, len(texts), 40):
        try:
            once = rich_text.sanitise("\n".join(texts[start : start + 40]))
        except rich_text.BadBody:
            continue
        assert_harmless(once)
        assert rich_text.sanitise(once) == once


@pytest.fixture
def page(browser):
    """A browser's page that hears what runs."""
    page = running.listening_page(browser)
    yield page
    page.context.close()


def test_the_browser_hears_what_runs(page):
    """Unsanitised they do run, those of another age aside: else the tests below say nothing."""
    alone = [one for one in CORPUS if one.text.startswith("<")][: len(payloads.VECTORS)]
    frames = [f'<iframe srcdoc="{html.escape(one.text)}"></iframe>' for one in alone]
    page.set_content("".join(frames), wait_until="load")
    ran, armed = running.what_runs(page, "*")
    assert len(ran) > len(alone) / 2
    assert len(armed) > len(alone) / 2


def log_in(page, live_server, person):
    """Give the browser the session of `person`."""
    client = Client()
    client.force_login(person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])


@pytest.mark.django_db(transaction=True)
def test_nothing_runs_for_a_reader_or_an_editor(page, live_server):
    stored = "\n".join(rich_text.sanitise(one.text) for one in CORPUS)[: rich_text.MAX_BODY_CHARS]
    article = factories.published(body=stored.rpartition("\n")[0])
    assert article.newest_revision.body.count("top.ran(") > 500
    page.goto(live_server.url + article.get_absolute_url())
    assert running.what_runs(page, "main *") == ([], [])

    log_in(page, live_server, factories.user(Role.SECRETARY, is_superuser=True))
    few = "\n".join(one.text for one in payloads.sample(300))
    edited = factories.draft(body="\n".join(rich_text.sanitise(one) for one in few.split("\n")))
    change = f"{live_server.url}/admin/articles/article/{edited.pk}/change/"
    page.goto(change)
    page.wait_for_function("window.CKEDITOR && CKEDITOR.instances.id_body.status == 'ready'")
    assert running.what_runs(page, TYPED) == ([], [])
    page.goto(change.replace("change/", "history/"))
    assert running.what_runs(page, "#content *") == ([], [])
