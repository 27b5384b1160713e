"""The page of the log: what somebody asks for is what it shows, page after page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom import audit, events
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

LOG = "/admin/newsroom/event/"
SECONDS_TO_YEAR_1 = 62_135_596_800  # before 1970
NOON = dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)


@pytest.fixture
def person():
    return factories.user(Role.EDITOR, full_name="Trần Lan Chi", username="lanchi")


@pytest.fixture
def desk(client):
    client.force_login(factories.user(Role.ADMINISTRATOR, full_name="Quản Trị"))
    return client


def wrote(verb="publish", *, actor=None, obj=None, at=NOON, **more):
    obj = obj or factories.SectionFactory(name="Thời sự")
    return events.record(actor=actor, verb=verb, obj=obj, at=at, **more)


def shown(client, **asked):
    answer = client.get(LOG, asked)
    assert answer.status_code == 200
    return [row.event for row in answer.context["rows"]]


class TestAsking:
    def test_a_verb_or_a_group_of_them(self, desk):
        first, second, other = wrote("publish"), wrote("withdraw"), wrote("reject")
        assert shown(desk, verb="publish") == [first]
        assert shown(desk, verb="readers-see") == [second, first]
        assert other not in shown(desk, verb="readers-see")

    @pytest.mark.parametrize("typed", ["Lan Chi", "chi trần", "lanchi", "LANCHI"])
    def test_a_person_does_and_is_done_to(self, desk, person, typed):
        did, done = wrote(actor=person), wrote("change", obj=person)
        wrote(actor=factories.user(Role.EDITOR, full_name="Lan"))
        assert shown(desk, who=typed) == [done, did]

    @pytest.mark.parametrize("typed", ["Đỗ Đức", "đỗ đức", "do duc", "duc"])
    def test_with_accents_or_without_on_either_database(self, desk, typed):
        did = wrote(actor=factories.user(Role.EDITOR, full_name="Đỗ Hữu Đức"))
        assert shown(desk, who=typed) == [did]
        page = desk.get("/admin/newsroom/user/", {"q": typed})
        assert [one.full_name for one in page.context["cl"].result_list] == ["Đỗ Hữu Đức"]

    def test_nobody_of_that_name_has_done_nothing(self, desk, person):
        wrote(actor=person)
        assert shown(desk, who="Không Ai") == []

    def test_a_number_or_words_of_what_it_was_done_to(self, desk):
        section = factories.SectionFactory(name="Đất và người")
        row = wrote(obj=section)
        wrote()
        found = shown(desk, what=str(section.pk), verb="publish")
        assert found == [row]
        assert {event.object_id for event in shown(desk, what=str(section.pk))} == {section.pk}
        assert shown(desk, what="đất và") == [row]
        assert shown(desk, what="100%") == []

    def test_days_of_vietnam_both_included(self, desk):
        late = wrote(at=dt.datetime(2026, 3, 1, 16, 59, tzinfo=dt.UTC))
        next_day = wrote(at=dt.datetime(2026, 3, 1, 17, 0, tzinfo=dt.UTC))
        assert shown(desk, since="1/3/2026", until="1/3/2026") == [late]
        assert shown(desk, since="2/3/2026", until="02/03/2026") == [next_day]

    def test_a_network_with_a_person_and_a_verb(self, desk, person):
        desk.logout()
        desk.post("/admin/login/", {"username": "x", "password": "y"}, REMOTE_ADDR="203.0.113.7")
        sign_in = {"username": "lanchi", "password": "sai"}
        for address in ("203.0.113.7", "198.51.100.1"):
            desk.post("/admin/login/", sign_in, REMOTE_ADDR=address)
        desk.force_login(factories.user(Role.ADMINISTRATOR))
        failed = Event.objects.filter(verb="sign_in_failed", object_id=person.pk)
        one, other = failed.order_by("id")
        found = shown(desk, network=one.network, who="Lan Chi", verb="sign-ins")
        assert found == [one]
        assert other.network != one.network

    def test_words_are_looked_for_where_the_page_says(self, desk, monkeypatch):
        monkeypatch.setattr(audit, "SEARCHED", 2)
        old = wrote(obj=factories.SectionFactory(name="Xa xưa"))
        for _each in range(3):
            wrote()
        assert shown(desk, what="Xa xưa") == []
        assert "2 dòng" in desk.get(LOG, {"what": "Xa xưa"}).content.decode()
        assert shown(desk, what="Xa xưa", since="1/3/2026") == [old]

    def test_who_is_in_charge_of_a_section_is_named(self, desk, person):
        wrote("change", data={"editors": [person.pk], "moderators": []})
        page = desk.get(LOG, {"verb": "accounts"}).content.decode()
        assert "biên tập viên phụ trách: Trần Lan Chi" in page


class TestPages:
    def test_every_row_once_in_the_order_of_time(self, desk, monkeypatch):
        monkeypatch.setattr(audit, "PAGE", 7)
        section = factories.SectionFactory()
        rows = [
            wrote(verb, obj=section, at=NOON + dt.timedelta(seconds=number // 3))
            for number, verb in enumerate(["publish", "withdraw", "place"] * 8)
        ]
        seen, url = [], f"{LOG}?verb=readers-see"
        while url:
            answer = desk.get(url)
            seen += [row.event for row in answer.context["rows"]]
            further = answer.context["further"]
            url = f"{LOG}{further}" if further else ""
        assert seen == sorted(rows, key=lambda row: (row.at, row.pk), reverse=True)

    @pytest.mark.parametrize(
        "after", ["x", "1_", "_", "1_2_3", "9" * 30 + "_1", "-" + "9" * 17 + "_1"]
    )
    def test_a_cursor_nobody_made_breaks_nothing(self, desk, after):
        wrote()
        assert desk.get(LOG, {"after": after}).context["rows"]

    @pytest.mark.parametrize("after", ["9" * 17 + "_1", f"-{SECONDS_TO_YEAR_1}000000_1"])
    def test_the_farthest_moments_break_nothing(self, desk, after):
        wrote()
        assert desk.get(LOG, {"after": after}).status_code == 200

    def test_nothing_is_counted(self, desk):
        wrote()
        desk.get(LOG)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LOG)
        asked = [each["sql"] for each in queries if "newsroom_event" in each["sql"]]
        assert asked
        assert [sql for sql in asked if "COUNT(" in sql.upper() or "OFFSET" in sql.upper()] == []


class TestWhoReads:
    def test_the_secretary_is_told_nothing_of_accounts(self, client, person):
        client.force_login(factories.user(Role.SECRETARY))
        wrote("change", obj=person)
        row = wrote(actor=person)
        assert shown(client) == [row]
        assert shown(client, who="Lan Chi") == [row]
        assert shown(client, verb="sign-ins") == []
        secret = Event.objects.filter(object_type="user").latest("id")
        assert client.get(f"{LOG}{secret.pk}/change/").status_code == 302

    def test_what_may_not_be_opened_is_no_link(self, client):
        person = factories.user(Role.SECRETARY)
        client.force_login(person)
        wrote("change", obj=factories.published())
        page = client.get(LOG).content.decode()
        assert "/admin/articles/article/" in page
        assert "/admin/newsroom/user/" not in page

    def test_a_row_is_read_and_not_written(self, desk):
        row = wrote(reason="Sai ngày", data={"revision": 3}, at=timezone.now())
        page = desk.get(f"{LOG}{row.pk}/change/").content.decode()
        assert "phiên bản 3; “Sai ngày”" in page
        assert 'name="_save"' not in page
