"""What all tests share: two databases, a browser, own media, data that must not be missed."""

import datetime as dt
import os
import shutil
from itertools import count
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from comments.spam import watched
from newsroom import database_rules
from tests import kept

# The browser's driver runs an event loop in the thread that also talks to the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The headless shell first: it is the same engine at half the cost.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
WITHOUT_DATA = "needs SAMPLE_DATA_DIR"
WITHOUT_NGINX = "needs nginx"


_media = count()


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path_factory):
    """A folder of its own for each test, made by whoever writes into it."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(_media)}"


@pytest.fixture(autouse=True, scope="session")
def _flush_clears_the_log_too():
    """Emptying tables between tests on a live server must get past the log's own triggers."""
    operations = type(connection.ops)
    plain = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        statements = plain(self, style, tables, **options)
        if connection.vendor != "sqlite":
            trigger = "ALTER TABLE newsroom_event {} TRIGGER newsroom_event_not_emptied"
            return [trigger.format("DISABLE"), *statements, trigger.format("ENABLE")]
        parts = [rule.parts("sqlite") for rule in database_rules.all_rules()]
        undone = [line for rule in database_rules.all_rules() for line in rule.undo("sqlite")]
        made = [line for part in parts for lines in part.values() for line in lines]
        return [*undone, *statements, *made]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True, scope="session")
def _emptied_tables_get_back_what_migrations_load():
    """After tests on a live server all tables are as after a migrate."""
    plain = TransactionTestCase._fixture_setup.__func__

    def setup(cls):
        kept.keep()
        plain(cls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(setup))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: kept.put_back())
        yield


@pytest.fixture(autouse=True)
def _word_list_of_this_test():
    """A rolled back test leaves a version of the list that another test will have again."""
    watched._known = None


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of real articles to try imports on; it is no part of this repository.

    Without SAMPLE_DATA_DIR the test does not run and the summary says so; with CI set it fails.
    """
    folder = os.environ.get("SAMPLE_DATA_DIR")
    if folder and Path(folder).is_dir():
        return Path(folder)
    if os.environ.get("CI"):
        pytest.fail(f"{WITHOUT_DATA}, and CI must not do without", pytrace=False)
    pytest.skip(WITHOUT_DATA)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the system's Chromium; without one the browser tests fail."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.fail("The browser tests need Chromium: apt install chromium", pytrace=False)
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A reader in Vietnam."""
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


def pytest_collection_modifyitems(items):
    """Whatever opens a page in a browser is marked `browser`."""
    for item in items:
        if {"page", "browser", "context", "new_context"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


def pytest_report_header(config):
    """Say which database the tests run on."""
    return f"database: {os.environ.get('TEST_DB', 'sqlite')}"


def pytest_terminal_summary(terminalreporter):
    """Say loudly what did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    causes = {
        WITHOUT_DATA: "had no sample data: set SAMPLE_DATA_DIR.",
        WITHOUT_NGINX: "had no nginx: apt install nginx.",
    }
    for reason, said in causes.items():
        missed = [report.nodeid for report in skipped if reason in str(report.longrepr)]
        if missed:
            terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
            terminalreporter.line(f"{len(missed)} tests {said}")
            for nodeid in missed:
                terminalreporter.line(f"  {nodeid}")


@pytest.fixture
def clock(monkeypatch):
    """Returns a function that stops all clocks at a moment."""

    def stop(moment: dt.datetime) -> dt.datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return stop
