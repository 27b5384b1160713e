"""Texts stored under looser rules for HTML: one command brings all of them under today's."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from articles.models import Revision
from newsroom import events, stamps
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import page

pytestmark = pytest.mark.django_db

LOOSE = '<p onclick="alert(1)">Nước rút <svg onload=alert(2)></svg>dần.</p>'
TODAY = "<p>Nước rút dần.</p>"


def store(revision, html):
    """Put a body into the table past the column that would clean it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET body = %s WHERE id = %s", [html, revision.pk])


def clean():
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("clean_texts", stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue() + err.getvalue() + str(error)
    return out.getvalue() + err.getvalue()


def version(article):
    return stamps.versions([stamps.article(article.pk)])[stamps.article(article.pk)]


def test_what_readers_see_is_cleaned_and_the_log_says_so():
    article = factories.published()
    store(article.newest_revision, LOOSE)
    before, number = version(article), article.newest_revision.number
    assert "onclick" in page(article.get_absolute_url())
    assert "1 " in clean()
    assert Revision.objects.get(article=article).body == TODAY
    assert "onclick" not in page(article.get_absolute_url())
    assert version(article) > before
    event = events.latest(article)
    assert (event.verb, event.actor, event.data) == ("clean", None, {"revisions": [number]})
    assert "làm sạch mã" in history(article)


def history(article):
    client = Client()
    client.force_login(factories.user(Role.SECRETARY))
    return client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()


def test_old_versions_too_and_each_keeps_its_state():
    article = factories.edited(factories.published())
    first, second = article.revisions.order_by("number")
    for revision in (first, second):
        store(revision, LOOSE)
    states = [(one.number, one.state) for one in (first, second)]
    clean()
    rows = article.revisions.order_by("number")
    assert [one.body for one in rows] == [TODAY, TODAY]
    assert [(one.number, one.state) for one in rows] == states
    assert events.latest(article).data == {"revisions": [1, 2]}


def test_a_second_run_and_clean_texts_change_nothing():
    article = factories.published()
    store(article.newest_revision, LOOSE)
    clean()
    before, log = version(article), events.history(article).count()
    assert "0 " in clean()
    assert (version(article), events.history(article).count()) == (before, log)


def test_what_no_rule_can_clean_is_named_and_stays():
    deep, other = factories.draft(), factories.draft()
    store(deep.newest_revision, "<blockquote>" * 40 + "Sâu" + "</blockquote>" * 40)
    store(other.newest_revision, LOOSE)
    told = clean()
    assert f"{deep.pk}" in told
    assert "phiên bản 1" in told
    assert Revision.objects.get(article=deep).body.startswith("<blockquote>")
    assert Revision.objects.get(article=other).body == TODAY


def test_the_search_finds_the_cleaned_words():
    article = factories.published()
    store(article.newest_revision, "<p>Bắc<svg>giấu</svg>Giang</p>")
    clean()
    assert article.get_absolute_url() in page("/tim-kiem/?q=Bắc+Giang")
