"""Sessions end when they must (R25): the next request of the old cookie meets the log-in."""

import datetime as dt

import pytest
from django.db.models.signals import post_save
from django.test import Client
from django.utils import timezone

from articles.models import Article, Revision
from newsroom import administration, sessions
from newsroom.models import Event, LogIn
from newsroom.roles import Role
from tests import factories
from tests.articles.test_admin_form import ADD, typed

pytestmark = pytest.mark.django_db

NEW = "mot-mat-khau-khac"
DESK = "/admin/tai-khoan/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def browser(person, **headers):
    """Somebody's browser, logged in by the page."""
    client = Client(REMOTE_ADDR="203.0.113.9", headers=headers)
    data = {"username": person.username, "password": factories.PASSWORD}
    assert client.post("/admin/login/", data).status_code == 302
    assert is_in(client)
    return client


def is_in(client):
    return client.get(DESK).status_code == 200


def account(person, **changes):
    """What the form of an account sends."""
    roles = list(person.groups.values_list("name", flat=True))
    data = {"username": person.username, "full_name": person.full_name, "email": "", "roles": roles}
    data = data | {"is_active": "on"} | changes
    return f"/admin/newsroom/user/{person.pk}/change/", {k: v for k, v in data.items() if v}


def new_password(person):
    return f"/admin/newsroom/user/{person.pk}/password/", {"password1": NEW, "password2": NEW}


# What the administrator sends: does it end the log-ins of the person?
ENDINGS = {
    "a password": (new_password, True),
    "another role": (lambda person: account(person, roles=["editor"]), True),
    "one role more": (lambda person: account(person, roles=["reporter", "editor"]), True),
    "switched off": (lambda person: account(person, is_active=""), True),
    "all log-ins": (lambda person: (f"/admin/newsroom/user/{person.pk}/ket-thuc-phien/", {}), True),
    "he leaves": (lambda person: (f"/admin/newsroom/user/{person.pk}/cho-nghi/", {}), True),
    "another name alone": (lambda person: account(person, full_name="Tên Mới"), False),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_what_the_administrator_does_ends_them_at_once(what):
    send, ends = ENDINGS[what]
    person, bystander = factories.user(Role.REPORTER), factories.user(Role.REPORTER)
    phone, desk, other = browser(person), browser(person), browser(bystander)
    administrator = browser(factories.user(Role.ADMINISTRATOR))
    address, data = send(person)
    assert administrator.post(address, data).status_code == 302
    assert [is_in(phone), is_in(desk)] == [not ends] * 2
    assert sessions.of(person).count() == (0 if ends else 2)
    assert is_in(other)
    assert is_in(administrator)


def test_ones_own_new_password_ends_all_other_log_ins():
    person = factories.user(Role.REPORTER)
    here, there = browser(person), browser(person)
    data = {"old_password": factories.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/admin/password_change/", data).status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]
    assert sessions.of(person).count() == 1


def test_a_page_under_way_while_its_log_in_ends_brings_it_not_back():
    person = factories.user(Role.REPORTER)
    client = browser(person)
    under_way = client.session
    assert "_auth_user_id" in under_way  # loaded, as by a page under way
    administration.end_log_ins(actor=factories.user(Role.ADMINISTRATOR), account=person)
    under_way["x"] = 1
    with pytest.raises(sessions.db.UpdateError):
        under_way.save()
    assert not is_in(client)


def test_the_key_changes_at_sign_in_and_a_planted_one_is_worth_nothing():
    person, client = factories.user(Role.REPORTER), Client()
    planted = sessions.SessionStore()
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post("/admin/login/", {"username": person.username, "password": factories.PASSWORD})
    assert client.cookies["sessionid"].value != planted.session_key
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert is_in(client)
    assert not is_in(thief)
    old = client.cookies["sessionid"].value
    client.post("/admin/login/", {"username": person.username, "password": factories.PASSWORD})
    assert client.cookies["sessionid"].value != old
    assert not LogIn.objects.filter(session_key=old).exists()


def test_who_is_idle_is_out_and_who_works_stays(clock, settings):
    start = clock(timezone.now())
    worker, idler = (browser(factories.user(Role.REPORTER)) for _each in range(2))
    idle = dt.timedelta(hours=settings.SESSION_IDLE_HOURS)
    for part in (0.4, 0.8, 1.2, 1.6):
        clock(start + idle * part)
        assert is_in(worker)
    assert not is_in(idler)
    # The browser is told too: else it would drop the cookie of somebody at work.
    assert int(worker.cookies["sessionid"]["max-age"]) == settings.SESSION_COOKIE_AGE


def test_working_writes_the_session_once_in_ten_minutes(clock):
    start = clock(timezone.now())
    client = browser(factories.user(Role.REPORTER))
    written = []
    for minutes in range(0, 31, 2):
        clock(start + dt.timedelta(minutes=minutes))
        client.get(DESK)
        written.append(LogIn.objects.get().expire_date)
    assert len(set(written)) == 4


def test_ones_log_ins_are_listed_and_ended_one_by_one():
    person = factories.user(Role.REPORTER)
    here, there = browser(person), browser(person, user_agent=FIREFOX)
    browser(factories.user(Role.REPORTER), user_agent="Safari/1")
    html = here.get(DESK).content.decode()
    assert "Firefox, Linux" in html
    assert "203.0.113.0/24" in html
    assert "203.0.113.9" not in html
    assert "Safari" not in html
    for client in (here, there):
        assert client.session.session_key not in html
    mark = sessions.mark(there.session.session_key)
    assert html.count('value="end"') == 1
    here.post(DESK, {"verb": "end", "mark": mark})
    assert [is_in(here), is_in(there)] == [True, False]
    assert Event.objects.filter(verb="end_log_ins").count() == 1


def test_somebody_elses_log_in_cannot_be_ended_by_its_mark():
    person, other = factories.user(Role.REPORTER), factories.user(Role.REPORTER)
    here, there = browser(person), browser(other)
    here.post(DESK, {"verb": "end", "mark": sessions.mark(there.session.session_key)})
    here.post(DESK, {"verb": "end_others"})
    assert [is_in(here), is_in(there)] == [True, True]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
         "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/130 Chrome/124.0", "Cốc Cốc, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1",
         "Safari, iPhone"),
        ("<script>alert(1)</script>", ""),
    ],
)  # fmt: skip
def test_of_a_browser_only_its_family_is_kept(agent, name):
    assert sessions.browser_of(agent) == name


def test_what_is_sent_while_the_session_ends_is_done_and_answered():
    writer = factories.user(Role.REPORTER)
    client = browser(writer)
    session = client.session
    # So long ago that this request writes the session.
    session["seen_at"] = (timezone.now() - 2 * sessions.WRITTEN_EVERY).timestamp()
    session.save()

    def end(sender, **signal):
        sessions.end(writer)

    post_save.connect(end, sender=Revision)
    try:
        answer = client.post(ADD, typed(byline=()))
    finally:
        post_save.disconnect(end, sender=Revision)
    assert answer.status_code == 302
    assert Article.objects.count() == 1
    assert not is_in(client)
