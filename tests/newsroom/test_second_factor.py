"""The second step of a log-in, where SECOND_FACTOR=1."""

import datetime as dt
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.models import Article
from newsroom import second_factor
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.newsroom.test_unsent import ADD, TYPED

pytestmark = pytest.mark.django_db

STEP = "/admin/buoc-hai/"


@pytest.fixture(autouse=True)
def _on(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def editor():
    return factories.user(Role.EDITOR)


def code_of(person, later=0):
    """What the telephone of the person shows, `later` half minutes from now."""
    device = TOTPDevice.objects.filter(user=person).latest("pk")
    clock = TOTP(device.bin_key, drift=later)
    clock.time = dt.datetime.now().timestamp()
    return f"{clock.token():06}"


def password(client, person, path=STEP):
    data = {"username": person.username, "password": factories.PASSWORD, "next": path}
    return client.post("/admin/login/", data)


def with_telephone(person):
    """Give the person a telephone; return his recovery codes."""
    second_factor.new_key(person)
    _answer, codes = second_factor.add_telephone(person, code_of(person, later=-1))
    assert len(codes) == 10
    return codes


def is_in(client):
    return client.get("/admin/tai-khoan/").status_code == 200


class TestAdding:
    def test_an_editor_adds_his_telephone_before_anything_opens(self, client, editor):
        password(client, editor)
        for path in ("/admin/", "/admin/articles/article/", "/admin/password_change/"):
            asked = client.get(path, follow=True)
            assert asked.redirect_chain[-1][0].startswith(STEP), path
        html = asked.content.decode()
        key = TOTPDevice.objects.get(user=editor)
        assert second_factor.new_key(editor).text in html
        assert 'src="data:image/png;base64,' in html
        done = client.post(STEP, {"code": code_of(editor)})
        codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", done.content.decode())
        assert len(set(codes)) == 10
        assert is_in(client)
        key.refresh_from_db()
        assert key.confirmed
        assert Event.objects.latest("id").verb == "add_second_step"

    def test_the_codes_are_shown_once_and_kept_nowhere(self, client, editor):
        codes = with_telephone(editor)
        kept = str(list(StaticToken.objects.values_list()))
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)

    def test_a_wrong_first_code_adds_nothing(self, client, editor):
        password(client, editor)
        client.get(STEP)
        page = client.post(STEP, {"code": "000000"})
        assert "Mã chưa đúng" in page.content.decode()
        assert not second_factor.has_telephone(editor)
        assert not is_in(client)

    def test_a_reporter_may_and_need_not(self, client):
        reporter = factories.user(Role.REPORTER)
        password(client, reporter)
        assert is_in(client)
        assert "Thêm điện thoại" in client.get("/admin/tai-khoan/").content.decode()
        client.get(STEP)
        client.post(STEP, {"code": code_of(reporter)})
        assert is_in(client)
        other = Client()
        password(other, reporter)
        assert not is_in(other)

    def test_log_ins_that_were_never_asked_for_it_end(self, client):
        reporter = factories.user(Role.REPORTER)
        elsewhere = Client()
        for browser in (client, elsewhere):
            password(browser, reporter)
        assert is_in(elsewhere)
        client.get(STEP)
        client.post(STEP, {"code": code_of(reporter)})
        assert [is_in(client), is_in(elsewhere)] == [True, False]

    def test_off_there_is_none_of_it(self, client, editor, settings):
        settings.SECOND_FACTOR = False
        password(client, editor)
        assert is_in(client)
        assert "điện thoại" not in client.get("/admin/tai-khoan/").content.decode()
        assert client.get(STEP).status_code == 404


class TestLoggingIn:
    def test_the_code_opens_what_was_asked_for_and_the_key_of_the_session_changes(
        self, client, editor
    ):
        with_telephone(editor)
        password(client, editor)
        before = client.cookies["sessionid"].value
        assert not is_in(client)
        done = client.post(f"{STEP}?next=/admin/tai-khoan/", {"code": code_of(editor)})
        assert done.headers["Location"] == "/admin/tai-khoan/"
        assert is_in(client)
        assert client.cookies["sessionid"].value != before

    def test_a_code_works_once(self, editor):
        with_telephone(editor)
        code = code_of(editor)
        assert second_factor.verify(editor, code).is_right
        assert not second_factor.verify(editor, code).is_right

    def test_each_recovery_code_works_once_typed_as_people_type(self, editor):
        codes = with_telephone(editor)
        assert second_factor.verify(editor, f" {codes[0].upper().replace('-', ' ')} ").is_right
        assert second_factor.recovery_codes_left(editor) == 9
        assert not second_factor.verify(editor, codes[0]).is_right

    def test_somebody_elses_codes_are_worth_nothing(self, editor):
        other = factories.user(Role.EDITOR)
        with_telephone(editor)
        codes = with_telephone(other)
        assert not second_factor.verify(editor, codes[0]).is_right
        assert second_factor.recovery_codes_left(other) == 10

    def test_guessing_waits_longer_each_time_also_for_the_right_code(self, client, editor, clock):
        with_telephone(editor)
        password(client, editor)
        now = clock(timezone.now())
        tried = 0
        for second in range(60):
            clock(now + dt.timedelta(seconds=second))
            page = client.post(STEP, {"code": "000000"}).content.decode()
            tried += "Mã chưa đúng" in page
        assert tried <= 7
        assert "Sai quá nhiều lần" in client.post(STEP, {"code": code_of(editor)}).content.decode()
        assert Event.objects.filter(verb="second_step_failed").count() == tried
        clock(now + dt.timedelta(minutes=5))
        assert client.post(STEP, {"code": code_of(editor)}).status_code == 302

    @pytest.mark.parametrize(
        "wanted",
        ["https://xau.example/", "//xau.example/", "/\\xau.example", "javascript:alert(1)"],
    )
    def test_next_leads_to_no_other_site(self, client, editor, wanted):
        with_telephone(editor)
        password(client, editor)
        done = client.post(STEP, {"code": code_of(editor), "next": wanted})
        assert done.headers["Location"] == "/admin/"

    def test_who_stops_half_way_can_log_in_as_somebody_else(self, client, editor):
        with_telephone(editor)
        password(client, editor)
        client.post("/admin/logout/")
        assert client.get(STEP).headers["Location"].startswith("/admin/login/")

    def test_a_form_sent_meanwhile_is_carried_through_both_steps(self, client, editor):
        with_telephone(editor)
        typed = {name: value for name, value in TYPED.items() if name != "csrfmiddlewaretoken"}
        answers = {"log_in-username": editor.username, "log_in-password": factories.PASSWORD}
        asked = client.post(ADD, typed | answers).content.decode()
        assert 'name="log_in-code"' in asked
        assert "Chiếc xe đầu tiên" in asked
        wrong = client.post(ADD, typed | {"log_in-code": "000000"}).content.decode()
        assert "Mã chưa đúng" in wrong
        assert "Chiếc xe đầu tiên" in wrong
        TOTPDevice.objects.update(throttling_failure_count=0)
        assert client.post(ADD, typed | {"log_in-code": code_of(editor)}).status_code == 302
        assert Article.objects.get().newest_revision.headline == TYPED["headline"]


class TestTheAdministrator:
    def test_removes_a_lost_telephone_which_ends_the_log_ins(self, client, editor):
        with_telephone(editor)
        password(client, editor)
        client.post(STEP, {"code": code_of(editor)})
        administrator = Client()
        chief = factories.user(Role.ADMINISTRATOR)
        with_telephone(chief)
        password(administrator, chief)
        administrator.post(STEP, {"code": code_of(chief)})
        page = administrator.get(f"/admin/newsroom/user/{editor.pk}/change/").content.decode()
        assert "Gỡ điện thoại" in page
        administrator.post(f"/admin/newsroom/user/{editor.pk}/xoa-dien-thoai/")
        assert not second_factor.has_telephone(editor)
        assert not is_in(client)
        event = Event.objects.latest("id")
        assert (event.verb, event.actor, event.object_id) == (
            "remove_second_step",
            chief,
            editor.pk,
        )
        password(client, editor)
        assert "Thêm điện thoại" in client.get("/admin/", follow=True).content.decode()

    def test_the_last_one_is_helped_from_the_machine_itself(self, client, editor):
        with_telephone(editor)
        password(client, editor)
        client.post(STEP, {"code": code_of(editor)})
        call_command("remove_second_step", editor.username, stdout=io.StringIO())
        assert not second_factor.has_telephone(editor)
        assert second_factor.recovery_codes_left(editor) == 0
        assert not is_in(client)
        with pytest.raises(CommandError, match="khong-ai"):
            call_command("remove_second_step", "khong-ai")

    def test_new_recovery_codes_replace_the_old_ones(self, client, editor):
        old = with_telephone(editor)
        password(client, editor)
        client.post(STEP, {"code": code_of(editor)})
        page = client.post("/admin/tai-khoan/", {"verb": "recovery_codes"}).content.decode()
        new = re.findall(r"<code>([a-z2-9-]{11})</code>", page)
        assert len(new) == 10
        assert not second_factor.verify(editor, old[0]).is_right


def test_who_has_passed_pays_nothing_more_at_each_page(
    client, editor, django_assert_max_num_queries
):
    with_telephone(editor)
    password(client, editor)
    client.post(STEP, {"code": code_of(editor)})
    client.get("/admin/jsi18n/")
    with django_assert_max_num_queries(2):  # the session and the account
        client.get("/admin/jsi18n/")
