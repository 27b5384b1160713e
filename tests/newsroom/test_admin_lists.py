"""Whatever stands in the address of a list of the desk, the list answers."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from comments import moderation
from newsroom import events
from newsroom.models import Event, SiteSettings
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

HUGE = "9" * 21
IMPOSSIBLE = ("\x00", HUGE)
OF_EVERY_LIST = {"q", "p", "o", "e", "all", "pk", "id", "id__in"}
LOG = "/admin/newsroom/event/"


def asked_by(model_admin):
    """The names by which a list can be narrowed."""
    for entry in model_admin.list_filter:
        name = entry[0] if isinstance(entry, tuple | list) else entry
        if isinstance(name, str):
            yield from (f"{name}{lookup}" for lookup in ("", "__exact", "__in", "__isnull"))
            yield f"{name}__id__exact"
        else:
            yield name.parameter_name
    if model_admin.date_hierarchy:
        for lookup in ("", "__year", "__month", "__day", "__gte"):
            yield f"{model_admin.date_hierarchy}{lookup}"


@pytest.fixture
def _rows():
    """One row a list, so that a database is asked."""
    tags = [factories.TopicFactory(), factories.cluster(), factories.province("30@pre")]
    article = factories.published(by=factories.user(Role.REPORTER), tags=tags)
    moderation.submit(article=article, name="Bạn đọc", text="Bài hay, cảm ơn tòa soạn.")
    factories.photo()


@pytest.mark.usefixtures("_rows")
def test_nothing_in_an_address_breaks_a_list(client):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    client.raise_request_exception = False
    broken = []
    for model, model_admin in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(address, follow=True).status_code == 200
        for name in OF_EVERY_LIST.union(asked_by(model_admin)):
            for value in IMPOSSIBLE:
                status = client.get(address, {name: value}, follow=True).status_code
                broken += [(address, name, value, status)] if status != 200 else []
    assert broken == []


class TestTheLog:
    @pytest.fixture(autouse=True)
    def _saved_once(self, client):
        client.force_login(factories.user(Role.SECRETARY))
        factories.draft()

    def rows(self, client, **asked):
        return [row.event for row in client.get(LOG, asked, follow=True).context["rows"]]

    def test_it_can_be_narrowed_to_a_verb(self, client):
        events.record(actor=None, verb="add", obj=factories.SectionFactory())
        assert {event.verb for event in self.rows(client, verb="add")} == {"add"}

    @pytest.mark.parametrize("verb", ["không-có", "\x00", "Save", ""])
    def test_a_verb_nobody_knows_asks_for_nothing(self, client, verb):
        assert self.rows(client, verb=verb) == self.all()

    @pytest.mark.parametrize("day", [HUGE, "2026-02-31", "9999-99-99", "\x00", "hôm qua"])
    def test_a_day_no_calendar_has_shows_all(self, client, day):
        assert self.rows(client, since=day, until=day) == self.all()

    def all(self):
        """What the secretary may read: of accounts she is told nothing."""
        return list(Event.objects.exclude(object_type="user").order_by("-id"))


def test_the_settings_are_headed_once_with_what_they_are(client):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    site = SiteSettings.load()
    page = client.get("/admin/newsroom/sitesettings/1/change/").content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.S)[1]
    assert [part.strip() for part in title.split("|")] == ["Thiết lập trang", site.name]
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Thiết lập trang"]
