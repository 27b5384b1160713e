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
from tests.security.once import once

CORPUS = payloads.corpus()
WORST_SECONDS = 0.5
CALL = "top.ran("
AT_ONCE = 60_000  # characters on one page: the editor takes its time
# Of the article's form all but the buttons, which do what they are for.
TYPED = "#content textarea, #content input, #content output, #content p, #content span"


def test_the_corpus_is_what_it_says():
    texts = " ".join(one.text for one in CORPUS)
    assert len({one.text for one in CORPUS}) == len(CORPUS) >= 1_500
    for family in ("<mglyph>", "<annotation-xml", "<noscript>", "<![CDATA[", "<foreignObject>"):
        assert family in texts
    assert payloads.corpus() == CORPUS


def test_nothing_dangerous_is_stored_and_what_is_stored_stays_as_it_is(record_property):
    worst = 0.0
    for payload in CORPUS:
        before = time.process_time()
        once = rich_text.sanitise(payload.text)
        worst = max(worst, time.process_time() - before)
        assert_harmless(once)
        assert rich_text.sanitise(once) == once, payload
    number = f"{len(CORPUS)} payloads sanitised twice, the slowest in {worst * 1000:.0f} ms"
    record_property("measured", number)
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


def stored_in(longest, corpus=CORPUS):
    """What is stored of each payload, one behind the other in as few texts as may be."""
    texts = [""]
    for one in corpus:
        stored = rich_text.sanitise(one.text)
        joined = f"{texts[-1]}\n{stored}".strip()
        texts[-1:] = [joined] if len(joined) <= longest else [texts[-1], stored]
    return texts


def run_nowhere_for_readers(page, live_server, texts):
    """Open an article with each of the texts; all that is left of the payloads is on the page."""
    for text in texts:
        article = factories.published(body=text)
        page.goto(live_server.url + article.get_absolute_url())
        assert page.content().count(CALL) >= text.count(CALL) > 0
        assert running.what_runs(page, "main *") == ([], [])


def run_nowhere_at_the_desk(page, live_server, texts):
    """Open the form with the editor, the log and the version of an article with each text."""
    log_in(page, live_server, factories.user(Role.SECRETARY, is_superuser=True))
    for text in texts:
        edited = factories.draft(body=text)
        change = f"{live_server.url}/admin/articles/article/{edited.pk}/change/"
        page.goto(change)
        page.wait_for_function("window.CKEDITOR && CKEDITOR.instances.id_body.status == 'ready'")
        shown = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body").inner_html()
        assert shown.count(CALL) >= text.count(CALL) > 0
        assert running.what_runs(page, TYPED) == ([], [])
        for path, scope in (("history/", "#content *"), ("version/1/", "#content *")):
            page.goto(change.replace("change/", path))
            assert running.what_runs(page, scope) == ([], [])
        assert page.content().count(CALL) >= text.count(CALL)


@pytest.mark.django_db(transaction=True)
def test_nothing_runs_for_a_reader_or_an_editor(page, live_server):
    few = payloads.sample(300)
    run_nowhere_for_readers(page, live_server, stored_in(rich_text.MAX_BODY_CHARS, few))
    run_nowhere_at_the_desk(page, live_server, stored_in(rich_text.MAX_BODY_CHARS, few))


@once
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_none_of_them_runs_for_a_reader_or_an_editor(page, live_server, record_property):
    articles, drafts = stored_in(AT_ONCE), stored_in(AT_ONCE)
    run_nowhere_for_readers(page, live_server, articles)
    run_nowhere_at_the_desk(page, live_server, drafts)
    pages = len(articles) + 3 * len(drafts)
    record_property("measured", f"{len(CORPUS)} payloads on {pages} pages in Chromium: 0 ran")
