"""The pages in a browser: nothing to scroll sideways, nothing shut to anybody, small enough."""

import datetime as dt
import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from articles.models import ClusterMember, ClusterTerm
from tests import factories

LONG = "Siêudàikhôngdấucách" * 6
CSS = Path(settings.BASE_DIR) / "static" / "css" / "site.css"


@pytest.fixture
def addresses(live_server):
    """Pages of each kind, with words and tables wider than any phone."""
    photo, cluster, author = factories.photo(), factories.cluster(), factories.AuthorFactory()
    topic = factories.TopicFactory(name=f"Chủ đề {LONG}")
    unit = factories.province("30@pre")
    ClusterMember.objects.create(
        cluster=cluster, name=f"Sở {LONG}", province=unit, valid_from=dt.date(2015, 1, 1)
    )
    for year in range(2018, 2026):
        ClusterTerm.objects.create(cluster=cluster, year=year)
    cells = "".join(f"<td>{number}.000.000 đồng</td>" for number in range(8))
    article = factories.published(
        headline=f"Tít {LONG}",
        standfirst=f"Sapo {LONG}",
        body=f"<p>{LONG}</p><p>[[photo:{photo.pk}]]</p><table><tr>{cells}</tr></table>",
        photo=photo,
        photo_alt="Cảnh",
        photo_caption=f"Chú thích {LONG}",
        photo_credit="Bá Phúc",
        byline=[author, factories.AuthorFactory()],
        tags=[cluster, topic],
    )
    factories.published(section=article.section)
    factories.published(tags=[unit])
    paths = [
        "/",
        article.get_absolute_url(),
        cluster.get_absolute_url(),
        topic.get_absolute_url(),
        "/tim-kiem/?q=tit",
        "/khong-co/",
        factories.withdrawn().get_absolute_url(),
    ]
    return [live_server.url + path for path in paths]


@pytest.mark.django_db(transaction=True)
def test_no_page_scrolls_sideways(page, addresses):
    for width in (320, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses:
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (address, width)


@pytest.mark.django_db(transaction=True)
def test_no_page_shuts_anybody_out(page, addresses):
    # What scrolls within itself is reached by the arrow keys in browsers, which axe does not know.
    options = {"rules": {"scrollable-region-focusable": {"enabled": False}}}
    for address in addresses:
        page.goto(address)
        for scheme, asked in (("light", options), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options=asked).response["violations"]
            told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
            assert told == [], (address, scheme)


def test_the_stylesheet_is_small():
    assert len(gzip.compress(CSS.read_bytes(), 9)) <= 14 * 1024
