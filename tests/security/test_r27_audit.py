"""The log of who came in, what was done and what was looked at; and that nobody can change it."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import tickets
from newsroom import database_rules, events, log_admin, sign_ins
from newsroom.models import Event
from newsroom.roles import Role
from newsroom.unsent import LOG_IN
from tests import factories
from tests.comments import makers
from tests.comments import test_takedowns as demands
from tests.security.forms import forms_of

pytestmark = pytest.mark.django_db

HERE, THERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}


def rows(*verbs):
    return Event.objects.filter(verb__in=verbs).order_by("id")


def sign_in(client, name, password=factories.PASSWORD, **where):
    return client.post("/admin/login/", {"username": name, "password": password}, **where or HERE)


class TestWhoCameIn:
    def test_coming_and_going_are_two_rows_with_the_network(self, client):
        person = factories.user(Role.REPORTER)
        sign_in(client, person.username)
        client.post("/admin/logout/", **THERE)
        came, went = rows("sign_in", "sign_out")
        assert [came.actor, went.actor] == [person, person]
        assert (came.object_type, came.object_id) == ("user", person.pk)
        assert len(came.network) == 32
        assert came.network != went.network
        assert "203.0.113" not in str(Event.objects.values_list())

    def test_a_failure_names_the_account_and_keeps_no_password(self, client):
        person = factories.user(Role.REPORTER, username="lanchi")
        sign_in(client, "lanchi", "mat-khau-nham")
        (row,) = rows("sign_in_failed")
        assert (row.actor, row.object_id, row.object_label) == (None, person.pk, str(person))
        assert events.actor_name(row) == _("Somebody")
        assert "mat-khau-nham" not in str(Event.objects.values_list())

    def test_a_password_typed_as_the_name_is_not_kept(self, client):
        sign_in(client, "BiMat#2026", "lanchi")
        (row,) = rows("sign_in_failed")
        assert (row.object_id, row.object_label) == (0, "BiM…")

    def test_guessing_does_not_fill_the_log_and_the_log_says_so(self, client):
        for number in range(sign_ins.FEW + 5):
            sign_in(client, f"ai{number}", "sai", **HERE)
        sign_in(client, "khác", "sai", **THERE)
        written = rows("sign_in_failed")
        *few, says, other = written
        assert len(few) == sign_ins.FEW
        assert {row.network for row in few} == {says.network} != {other.network}
        assert not any(row.data for row in (*few, other))
        assert log_admin.told(says, {}) == ["dồn dập: từ mạng này không ghi hết các lần sau"]
        client.force_login(factories.user(Role.ADMINISTRATOR))
        page = client.get("/admin/newsroom/event/", {"verb": "sign_in_failed"}).content.decode()
        assert page.count("không ghi hết các lần sau") == 1

    def test_nor_do_guesses_from_everywhere(self, client, monkeypatch):
        monkeypatch.setattr(sign_ins, "MANY", 30)
        for number in range(40):
            sign_in(client, "ai", "sai", REMOTE_ADDR=f"198.51.{number}.9")
        *many, says = rows("sign_in_failed")
        assert len(many) == 30
        assert not any(row.data for row in many)
        assert log_admin.told(says, {}) == ["dồn dập: từ mọi nơi không ghi hết các lần sau"]

    def test_after_a_flood_each_is_written_again(self, client, clock):
        begun = clock(timezone.now())
        for _try in range(sign_ins.FEW + 5):
            sign_in(client, "ai", "sai", **HERE)
        clock(begun + sign_ins.WINDOW + dt.timedelta(seconds=1))
        sign_in(client, "ai", "sai", **HERE)
        assert rows("sign_in_failed").count() == sign_ins.FEW + 2
        assert rows("sign_in_failed").last().data == {}

    def test_a_form_carried_through_the_log_in_is_written_too(self, client):
        person = factories.user(Role.REPORTER)
        data = {"headline": "Tít", f"{LOG_IN}-username": person.username}
        client.post("/admin/articles/article/add/", data | {f"{LOG_IN}-password": "sai"}, **HERE)
        assert rows("sign_in_failed").count() == 1


class TestWhatWasDone:
    def test_a_verb_at_the_desk_keeps_the_network_of_who_pressed(self, client):
        reporter = factories.user(Role.REPORTER)
        article = factories.draft(by=reporter)
        client.force_login(reporter)
        address = f"/admin/articles/article/{article.pk}/change/"
        (form,) = forms_of(client.get(address))
        body = next(body for body in form.bodies() if body["verb"] == ["save"])
        client.post(address, body, **HERE)
        row = rows("save").last()
        assert row.actor == reporter
        assert len(row.network) == 32

    def test_a_copy_of_ones_own_data_is_noted_without_a_name(self, client):
        comment = makers.pending()
        assert client.get(f"{tickets.url_of(comment)}tai-ve/", **HERE).status_code == 200
        (row,) = rows("export")
        assert (row.actor, row.network, row.object_id) == (None, "", comment.pk)
        assert events.actor_name(row) == "Người gửi"

    def test_of_many_copies_the_log_says_that_more_were_taken(self, client, clock):
        address, begun = f"{tickets.url_of(makers.pending())}tai-ve/", clock(timezone.now())
        for _press in range(5):
            assert client.get(address, **HERE).status_code == 200
        first, says = rows("export")
        assert first.data == {}
        assert log_admin.told(says, {}) == ["những lần sau trong một giờ không ghi nữa"]
        clock(begun + dt.timedelta(minutes=61))
        client.get(address, **HERE)
        assert [row.data for row in rows("export")] == [{}, {"left_out": "hour"}, {}]

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR])
    def test_who_looked_at_the_register_of_demands(self, client, role):
        """It names who demanded: the list, and each demand by itself."""
        person, demand = factories.user(role), demands.registered(sender="Nguyễn Thị Riêng")
        client.force_login(person)
        for page in ("", f"{demand.pk}/change/"):
            answer = client.get(f"/admin/comments/takedown/{page}", **HERE)
            assert "Nguyễn Thị Riêng" in answer.content.decode()
        of_list, of_one = rows("see_demand")
        assert (of_list.actor, of_list.object_id, of_one.object_id) == (person, 0, demand.pk)
        assert len(of_one.network) == 32
        assert "Riêng" not in str(Event.objects.values_list())
        client.force_login(factories.user(Role.ADMINISTRATOR))
        page = client.get("/admin/newsroom/event/", {"verb": "persons"}).content.decode()
        assert page.count("đã xem") >= 2
        assert "Sổ yêu cầu gỡ" in page

    def test_who_may_not_read_the_register_is_not_said_to_have(self, client):
        demand = demands.registered()
        for role in (Role.REPORTER, Role.EDITOR, Role.MODERATOR):
            client.force_login(factories.user(role))
            for page in ("", f"{demand.pk}/change/"):
                assert client.get(f"/admin/comments/takedown/{page}").status_code == 403
        assert not rows("see_demand")

    def test_who_looked_at_an_address_of_a_reader(self, client):
        comment, moderator = makers.pending(), factories.user(Role.MODERATOR)
        client.force_login(moderator)
        data = {"verb": "see_address", "state": comment.state, "version": comment.version}
        client.post(f"/admin/comments/comment/{comment.pk}/change/", data, **HERE)
        (row,) = rows("see_address")
        assert (row.actor, len(row.network)) == (moderator, 32)
        assert comment.email not in str(Event.objects.values_list())

    def test_a_change_of_rights_says_before_and_after(self, client):
        person = factories.user(Role.REPORTER)
        client.force_login(factories.user(Role.ADMINISTRATOR))
        data = {"username": person.username, "full_name": "X", "email": "", "is_active": "on"}
        address = f"/admin/newsroom/user/{person.pk}/change/"
        client.post(address, data | {"roles": ["editor", "moderator"]}, **HERE)
        row = rows("change").last()
        assert log_admin.told(row, {}) == ["Phóng viên → Biên tập viên, Kiểm duyệt"]

    def test_a_change_of_settings_says_which(self, client):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        data = {"name": "Kinh Bắc", "initials": "TS", "dateline": "(BTV)", "comments_open": "on"}
        client.post("/admin/newsroom/sitesettings/1/change/", data, **HERE)
        assert rows("change").last().data["changed"] == ["name"]

    def test_a_reader_leaves_no_network(self, client):
        article = factories.published()
        events.record(actor=None, verb="report", obj=article)
        assert Event.objects.latest("id").network == ""


def old(years, **fields):
    person = factories.user(Role.REPORTER)
    at = timezone.now() - dt.timedelta(days=int(366 * years))
    values = {"actor": person, "verb": "sign_in", "obj": person, "at": at} | fields
    event = events.record(**values)
    return event


class TestNobodyChangesIt:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE newsroom_event SET reason = 'x' WHERE id = {id}",
            "UPDATE newsroom_event SET network = '' WHERE id = {id}",
            "UPDATE newsroom_event SET at = '2001-01-01 00:00:00' WHERE id = {id}",
            "DELETE FROM newsroom_event WHERE id = {id}",
            "DELETE FROM newsroom_event",
        ],
    )
    def test_what_is_young_stays_as_it_is(self, statement):
        event = old(1.9)
        before = list(Event.objects.order_by("id").values())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(id=event.pk))
        assert list(Event.objects.order_by("id").values()) == before

    def test_not_even_by_taking_its_place(self):
        event = old(1.9)
        replace = {
            "sqlite": "INSERT OR REPLACE INTO newsroom_event SELECT * FROM newsroom_event",
            "postgresql": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE newsroom_event",
        }[connection.vendor]
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(replace)
        assert Event.objects.filter(pk=event.pk).exists()

    def test_of_what_is_old_a_verb_stays_and_loses_its_network_alone(self):
        event = old(2.1, verb="publish")
        for change in ({"reason": "x"}, {"network": "", "reason": "x"}, {"network": "abc"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Event.objects.filter(pk=event.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).delete()
        Event.objects.filter(pk=event.pk).update(network="")

    def test_the_purge_forgets_what_it_may(self):
        kept, gone, verb = old(1.9), old(2.1), old(2.1, verb="publish")
        call_command("purge_comments", verbosity=0)
        left = set(Event.objects.values_list("pk", flat=True))
        assert {kept.pk, verb.pk} <= left
        assert gone.pk not in left


SITE = "newsroom_of_a_test"


@pytest.fixture
def as_the_site():
    """Go on as OPERATIONS.md has the site connect: no superuser, but owner of the log's table."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no roles: who has the file owns it")
    old(1.9)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; CREATE ROLE {SITE} NOSUPERUSER CREATEDB")
        cursor.execute(f"ALTER TABLE newsroom_event OWNER TO {SITE}")
        cursor.execute(f"ALTER FUNCTION newsroom_event_kept() OWNER TO {SITE}")
        cursor.execute(f"SET LOCAL ROLE {SITE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refused(statement):
    """Return how the database refuses a statement; fails where it does not."""
    before = list(Event.objects.order_by("id").values())
    with (
        pytest.raises((IntegrityError, ProgrammingError)) as told,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Event.objects.order_by("id").values()) == before
    return str(told.value)


class TestTheRoleOfTheSite:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE newsroom_event SET reason = 'x'",
            "UPDATE newsroom_event SET network = ''",
            "DELETE FROM newsroom_event",
            "TRUNCATE newsroom_event",
            "TRUNCATE newsroom_event RESTART IDENTITY CASCADE",
            "INSERT INTO newsroom_event SELECT * FROM newsroom_event ON CONFLICT (id) "
            "DO UPDATE SET reason = 'x'",
            "WITH gone AS (DELETE FROM newsroom_event RETURNING id) SELECT * FROM gone",
            "SET LOCAL session_replication_role = replica",
            "ALTER TABLE newsroom_event DISABLE TRIGGER ALL",
        ],
    )
    def test_it_changes_nothing(self, as_the_site, statement):
        assert re.search("newsroom_event_append_only|permission denied", refused(statement))

    def test_but_it_writes_and_reads(self, as_the_site):
        number = Event.objects.count()
        Event.objects.create(at=timezone.now(), verb="x", object_type="user", object_id=0)
        assert Event.objects.count() == number + 1

    def test_switching_the_triggers_off_is_open_to_the_owner_and_seen_and_mended(
        self, client, as_the_site
    ):
        """What does not hold, said in ARCHITECTURE.md; who watches /healthz hears of it."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE newsroom_event DISABLE TRIGGER newsroom_event_kept")
            cursor.execute("RESET ROLE")
        assert database_rules.missing() == ["newsroom_event_kept"]
        answer = client.get("/healthz")
        assert (answer.status_code, answer.content.strip()) == (503, b"rules")
        database_rules.restore()
        assert database_rules.missing() == []
        refused("DELETE FROM newsroom_event")

    def test_a_role_that_owns_nothing_cannot_even_do_that(self, as_the_site):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE; ALTER TABLE newsroom_event OWNER TO CURRENT_USER")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON newsroom_event TO {SITE}")
            cursor.execute(f"SET LOCAL ROLE {SITE}")
        for statement in (
            "ALTER TABLE newsroom_event DISABLE TRIGGER newsroom_event_kept",
            "DROP TRIGGER newsroom_event_kept ON newsroom_event",
            "DROP TABLE newsroom_event",
        ):
            assert "must be owner" in refused(statement)
        assert "append_only" in refused("DELETE FROM newsroom_event")
