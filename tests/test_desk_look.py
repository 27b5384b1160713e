"""The desk for everybody's eyes and hands: axe finds nothing, nothing scrolls sideways."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import ClusterMember, ClusterTerm
from comments import moderation
from newsroom.roles import Role
from tests import factories
from tests.comments import test_takedowns as demands

pytestmark = pytest.mark.django_db(transaction=True)

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# What Django's own pages and the editor bring along.
FOREIGN = [".cke", ".select2-container", ".select2-search__field"]
WIDTHS = (320, 390, 1280)


@pytest.fixture
def paths():
    """The screens people work on, with something on each."""
    topic, other = factories.TopicFactory(), factories.TopicFactory()
    article = factories.published(tags=[topic])
    factories.returned(by=factories.user(Role.REPORTER))
    factories.approved()
    factories.scheduled()
    edited = factories.edited(factories.in_review())
    comment = moderation.submit(article=article, name="Lúa Mùa", text="Biển báo bé quá.")
    moderation.submit(article=article, name="Hưng", text="Sang năm mới làm đoạn đó.")
    return [
        "/admin/",
        "/admin/articles/article/?state=all",
        "/admin/articles/article/add/",
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/article/{edited.pk}/change/",
        f"/admin/articles/article/{article.pk}/history/",
        f"/admin/articles/article/{article.pk}/version/1/",
        f"/admin/articles/article/{article.pk}/withdraw/",
        "/admin/articles/province/merge/",
        "/admin/articles/photo/pick/?_popup=1&editor=id_body",
        "/admin/comments/comment/",
        f"/admin/comments/comment/{comment.pk}/change/",
        "/admin/danh-muc/",
        "/admin/articles/topic/",
        f"/admin/articles/topic/{topic.pk}/change/",
        f"/admin/articles/topic/{topic.pk}/merge/?into={other.pk}",
        "/admin/comments/comment/so-lieu/",
        "/admin/comments/takedown/",
        f"/admin/comments/takedown/{demands.registered(hours=-1).pk}/change/",
        f"/admin/comments/comment/{comment.pk}/giu-ho-so/",
    ]


@pytest.fixture
def desk(page, live_server):
    """A secretary's browser, logged in."""
    log_in(page, live_server, Role.SECRETARY)
    expect(page.locator(".desk-top")).to_be_visible()
    return page


def log_in(page, live_server, role):
    person = factories.user(role)
    page.goto(f"{live_server.url}/admin/")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()


def faults(page, options=WCAG):
    """What axe finds on the page as it stands, as short lines."""
    found = Axe().run(page, context={"exclude": [[name] for name in FOREIGN]}, options=options)
    return [
        f"{page.url}: {violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
        for violation in found.response["violations"]
    ]


@pytest.mark.long
def test_axe_finds_nothing(desk, live_server, paths):
    # Tall, because the bar at the bottom covers what lies under it until somebody scrolls.
    desk.set_viewport_size({"width": 1280, "height": 2600})
    found = []
    for path in paths:
        desk.goto(f"{live_server.url}{path}")
        for scheme, options in (("light", WCAG), ("dark", COLOURS)):
            desk.emulate_media(color_scheme=scheme)
            desk.wait_for_timeout(150)
            found += [f"{scheme}: {fault}" for fault in faults(desk, options)]
    assert not found, "\n".join(found)


def test_the_log_in(page, live_server):
    page.goto(f"{live_server.url}/admin/login/")
    assert faults(page) == []


def test_a_new_year_of_a_cluster(page, live_server):
    """The administrator's page, with a member whose place was merged."""
    cluster = factories.cluster()
    place = factories.province("30@pre")
    ClusterMember.objects.create(
        cluster=cluster, name="Sở Y tế Hải Dương", province=place, valid_from=dt.date(2015, 1, 1)
    )
    ClusterTerm.objects.create(cluster=cluster, year=2025)
    log_in(page, live_server, Role.ADMINISTRATOR)
    for scheme, options in (("light", WCAG), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # before the page: buttons change colour slowly
        page.goto(f"{live_server.url}/admin/articles/cluster/{cluster.pk}/year/")
        assert faults(page, options) == []
    expect(page.get_by_text("Hải Dương đã sáp nhập vào Hải Phòng từ 1/7/2025")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_scrolls_sideways(desk, live_server, paths):
    wide = []
    for path in paths:
        desk.goto(f"{live_server.url}{path}")
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 800})
            if desk.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((path, width))
    assert wide == []
