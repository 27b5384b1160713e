"""R32: what leaves the site for a program is well-formed whatever stands in the database."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.test_repository import CODE, name_of, read

BROKEN = "A\x01\x0b\x1f\x7f\ufffe ]]> & <b> \u202eB"


@pytest.mark.django_db
def test_feeds_and_sitemap_are_valid_with_control_characters_in_the_source():
    topic = factories.TopicFactory()
    article = factories.published(tags=[topic], standfirst="Sapo")
    author = article.newest_revision.byline.get().author
    _spoil("articles_revision", "headline", "standfirst")
    for table in ("articles_section", "articles_tag", "articles_author"):
        _spoil(table, "name")
    for one in ("", article.section.get_absolute_url(), topic.get_absolute_url()):
        feed = ElementTree.fromstring(Client().get(f"{one or '/'}rss.xml").content)
        assert [item.findtext("title") for item in feed.iter("item")] == ["A ]]> & <b> B"], one
    ElementTree.fromstring(Client().get(f"{author.get_absolute_url()}rss.xml").content)
    ElementTree.fromstring(Client().get("/sitemap.xml").content)


def _spoil(table, *columns):
    """Write past the columns that would clean it."""
    with connection.cursor() as cursor:
        for column in columns:
            cursor.execute(f"UPDATE {table} SET {column} = %s", [BROKEN])


def test_no_export_is_a_spreadsheet():
    """A formula in a cell needs a cell: readers' data goes out as JSON. The first that writes a
    table has to put an apostrophe before = + - @ TAB and CR, and a test of that here."""
    writers = ("csv.writer", "DictWriter", "text/csv", "spreadsheet", "openpyxl", "xlsx")
    assert [name_of(path) for path in CODE for word in writers if word in read(path)] == []
