"""Guessing is slow (R24): who was wrong often waits, by name and network; nobody else does."""

import dataclasses
import datetime as dt
import statistics
import threading
import time
from itertools import count

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from newsroom import lockout
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "203.0.113.9", "198.51.100.77"
LOG_IN = "/admin/login/"
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


class Counting(MD5PasswordHasher):
    """Notes how often any password was looked at."""

    looked_at = count()
    algorithm = "counting"

    def verify(self, password, encoded):
        next(Counting.looked_at)
        return super().verify(password, encoded)


class Slow(PBKDF2PasswordHasher):
    """As in life, at a twentieth of its cost."""

    iterations = 50_000
    algorithm = "slow"


@pytest.fixture
def counting(settings):
    """Returns a function that says how many passwords were looked at since."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    Counting.looked_at = count()
    return lambda: next(Counting.looked_at)


def try_one(name, password="sai", address=HERE, **headers):
    """What Django says of a name and a password from an address."""
    request = RequestFactory().post(LOG_IN, REMOTE_ADDR=address, **headers)
    return authenticate(request, username=name, password=password)


def log_in(client, name, password="sai", address=HERE):
    data = {"username": name, "password": password}
    return client.post(LOG_IN, data, REMOTE_ADDR=address)


def test_of_a_thousand_at_once_five_are_looked_at_and_the_owner_comes_in_from_elsewhere(counting):
    person = factories.user(Role.EDITOR)
    for _number in range(1_000):
        assert try_one(person.username) is None
    assert counting() == 5
    assert try_one(person.username, factories.PASSWORD) is None, "right, but not from there"
    colleague = factories.user(Role.EDITOR)
    assert try_one(colleague.username, factories.PASSWORD) == colleague, "from the same network"
    began = time.monotonic()
    assert try_one(person.username, factories.PASSWORD, ELSEWHERE) == person
    assert time.monotonic() - began < 60


def test_of_a_thousand_in_a_day_at_most_thirty_are_looked_at(counting, clock):
    person = factories.user(Role.EDITOR)
    for number in range(1_000):
        clock(NOW + number * dt.timedelta(seconds=60))
        try_one(person.username)
    assert counting() <= 30


@pytest.mark.django_db(transaction=True)
def test_side_by_side_they_are_no_more_than_one_after_the_other(counting):
    person = factories.user(Role.EDITOR)

    def guess():
        try:
            for _number in range(3):
                try_one(person.username)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting() == 5


def test_each_wait_is_longer_until_an_hour_and_a_quiet_day_forgets(clock):
    person, now, waits = factories.user(), NOW, []
    for _number in range(13):
        clock(now)
        request = RequestFactory().post(LOG_IN, REMOTE_ADDR=HERE)
        authenticate(request, username=person.username, password="sai")
        wait = lockout.wait_of(request)
        waits.append(wait.total_seconds() / 60)
        now += wait
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    clock(now + dt.timedelta(days=1))
    assert try_one(person.username) is None
    assert try_one(person.username, factories.PASSWORD) == person


def test_the_page_says_for_how_long_and_to_a_name_nobody_has_the_same(client, clock):
    """Eight tries each, one while a wait lasts, two after one: all that is answered is the same."""
    person = factories.user(Role.EDITOR)
    pages = {}
    nobody = "x" * len(person.username)
    for name, address in ((person.username, HERE), (nobody, ELSEWHERE)):
        pages[name] = list(answers_of(client, clock, name, address))
    known, unknown = pages[person.username], pages[nobody]
    assert [status for status, _headers, _text in known] == [200] * 4 + [429] * 4
    assert "Tên hoặc mật khẩu chưa đúng" in known[0][-1]
    for status, headers, text in known[4:]:
        assert status == 429
        assert 0 < int(headers["Retry-After"]) <= 4 * 60 + 1
        assert "Sai quá nhiều lần. Thử lại sau" in text
    assert known == unknown


def answers_of(client, clock, name, address):
    """Yield status, headers and text of what is answered to one wrong try after the other."""
    moments = [0, 0, 0, 0, 0, 30, 61, 200]  # seconds since the first
    for seconds in moments:
        clock(NOW + dt.timedelta(seconds=seconds))
        answer = log_in(client, name, address=address)
        text = (
            answer.content.decode().replace(name, "").replace(str(answer.context["csrf_token"]), "")
        )
        headers = {key: value for key, value in answer.headers.items() if key != "Expires"}
        yield answer.status_code, headers, text


def test_a_name_nobody_has_takes_as_long(settings, record_property):
    settings.PASSWORD_HASHERS = [f"{__name__}.Slow"]
    person = factories.user(Role.EDITOR)

    def cost(name, number):
        began = time.thread_time()
        try_one(name, address=f"203.0.{number}.1")
        return time.thread_time() - began

    pairs = [(cost(person.username, 2 * n), cost(f"ai{n}", 2 * n + 1)) for n in range(15)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    record_property("measured", f"a wrong try: {apart(known, unknown)} between known and unknown")
    assert 0.9 < known / unknown < 1.1


@pytest.mark.long
@pytest.mark.alone
def test_at_the_lock_out_a_name_nobody_has_takes_as_long(client, record_property):
    """The whole answer over 200 tries of each that waits; no password is looked at any more."""
    person = factories.user(Role.EDITOR)
    names = {person.username: HERE, "khong-co-ai": ELSEWHERE}
    spent = {name: [] for name in names}
    for number in range(5 + 200):
        for name, address in names.items():
            began = time.thread_time()
            status = log_in(client, name, address=address).status_code
            spent[name].append(time.thread_time() - began)
            assert status == (200 if number < 4 else 429)
    known, unknown = (statistics.median(times[5:]) for times in spent.values())
    record_property(
        "measured", f"a try that waits: {apart(known, unknown)} between known and unknown"
    )
    assert 0.9 < known / unknown < 1.1


def apart(known, unknown):
    """How far two times lie apart, in words."""
    return f"{known * 1000:.2f} and {unknown * 1000:.2f} ms, {abs(known / unknown - 1):.1%} apart"


def test_a_right_password_takes_the_count_back():
    person = factories.user(Role.EDITOR)
    for _round in range(3):
        for _number in range(4):
            try_one(person.username)
        assert try_one(person.username, factories.PASSWORD) == person
    assert list(AccessAttempt.objects.exclude(username="")) == []


def test_a_new_password_set_by_the_administrator_opens_at_once(client):
    person = factories.user(Role.EDITOR)
    for _number in range(6):
        try_one(person.username)
    client.force_login(factories.user(Role.ADMINISTRATOR))
    new = {"password1": "mot-mat-khau-khac", "password2": "mot-mat-khau-khac"}
    client.post(f"/admin/newsroom/user/{person.pk}/password/", new)
    assert try_one(person.username, "mot-mat-khau-khac") == person


@pytest.fixture
def small(monkeypatch):
    """Few tries of a network are free, to save time."""
    monkeypatch.setattr(lockout, "NETWORK", dataclasses.replace(lockout.NETWORK, free=12))


def test_one_network_with_many_names_waits_too_and_fills_no_table(counting, small):
    for number in range(30):
        try_one(f"ai{number}")
    assert counting() == 0, "of a name nobody has there is no password"
    assert AccessAttempt.objects.count() == lockout.NETWORK.free + 1
    person = factories.user(Role.EDITOR)
    assert try_one(person.username, factories.PASSWORD) is None
    assert try_one(person.username, factories.PASSWORD, ELSEWHERE) == person


def test_many_colleagues_behind_one_address_log_in_all_day(small):
    person = factories.user(Role.EDITOR)
    for _number in range(lockout.NETWORK.free + 20):
        assert try_one(person.username, factories.PASSWORD) == person


def test_once_its_wait_is_over_a_network_comes_in_one_after_the_other(clock, small):
    colleagues = [factories.user(Role.EDITOR) for _number in range(3)]
    clock(NOW)
    for number in range(lockout.NETWORK.free):
        try_one(f"ai{number}")
    assert try_one(colleagues[0].username, factories.PASSWORD) is None
    clock(NOW + lockout.SHORTEST)
    for person in colleagues:
        assert try_one(person.username, factories.PASSWORD) == person
    assert try_one("ai-nua") is None
    assert try_one(colleagues[0].username, factories.PASSWORD) is None, "somebody was wrong again"


class TestAKnownBrowser:
    """Whoever has come in with a browser does not wait for others' wrong tries."""

    @pytest.fixture
    def person(self):
        return factories.user(Role.EDITOR)

    @pytest.fixture
    def own(self, person):
        """The browser of its owner, who has come in with it and gone."""
        browser = Client()
        assert log_in(browser, person.username, factories.PASSWORD).status_code == 302
        browser.cookies.pop("sessionid")
        return browser

    def test_a_colleague_cannot_keep_its_owner_out(self, own, person):
        for _number in range(8):
            log_in(Client(), person.username)
        assert log_in(Client(), person.username, factories.PASSWORD).status_code == 429
        assert log_in(own, person.username, factories.PASSWORD).status_code == 302

    def test_nor_can_a_network_that_tries_names(self, own, person, small):
        for number in range(lockout.NETWORK.free + 1):
            try_one(f"ai{number}")
        assert log_in(Client(), person.username, factories.PASSWORD).status_code == 429
        assert log_in(own, person.username, factories.PASSWORD).status_code == 302
        assert log_in(Client(), person.username, factories.PASSWORD).status_code == 429

    def test_it_has_five_tries_of_its_own(self, counting, own, person):
        statuses = [log_in(own, person.username).status_code for _number in range(10)]
        assert statuses == [200] * 4 + [429] * 6
        assert log_in(own, person.username, factories.PASSWORD).status_code == 429
        assert log_in(own, person.username, factories.PASSWORD, ELSEWHERE).status_code == 429
        assert counting() == 6, "the first had been right"
        assert log_in(Client(), person.username, factories.PASSWORD).status_code == 302

    def test_a_new_password_set_by_the_administrator_opens_it_too(self, own, person):
        for _number in range(6):
            log_in(own, person.username)
        lockout.lift(person.username)
        assert log_in(own, person.username, factories.PASSWORD).status_code == 302

    def test_it_is_known_for_the_name_that_came_in_alone(self, own, person):
        colleague = factories.user(Role.EDITOR)
        for _number in range(5):
            log_in(Client(), colleague.username)
        assert log_in(own, colleague.username, factories.PASSWORD).status_code == 429

    @pytest.mark.parametrize(
        "change", [lambda value: value[:-1] + "~", lambda value: "", str.upper]
    )
    def test_nobody_makes_himself_known(self, own, person, change):
        for _number in range(5):
            log_in(Client(), person.username)
        own.cookies["browser"] = change(own.cookies["browser"].value)
        assert log_in(own, person.username, factories.PASSWORD).status_code == 429

    def test_a_quarter_of_a_year_later_it_is_a_stranger(self, own, person, clock):
        now = clock(timezone.now() + dt.timedelta(days=91))
        for _number in range(5):
            log_in(Client(), person.username)
        assert log_in(own, person.username, factories.PASSWORD).status_code == 429
        clock(now + dt.timedelta(hours=1))
        assert log_in(own, person.username, factories.PASSWORD).status_code == 302

    def test_whoever_knew_the_password_before_is_a_stranger(self, counting, person):
        """Else a hundred log-ins of his would be five hundred guesses of the new one."""
        browsers = [Client() for _number in range(4)]
        for browser in browsers:
            log_in(browser, person.username, factories.PASSWORD)
        person.set_password("mot-chuoi-dai-7")
        person.save()
        before = counting()
        for browser in browsers:
            for _number in range(5):
                log_in(browser, person.username)
        assert counting() - before - 1 == lockout.NAME.free

    def test_who_sets_his_own_password_is_known_by_the_new_one(self, person):
        browser, new = Client(), "mot-chuoi-dai-7"
        log_in(browser, person.username, factories.PASSWORD)
        changed = {"old_password": factories.PASSWORD, "new_password1": new, "new_password2": new}
        assert browser.post("/admin/password_change/", changed).status_code == 302
        browser.cookies.pop("sessionid")
        for _number in range(5):
            log_in(Client(), person.username)
        assert log_in(browser, person.username, new).status_code == 302

    def test_who_came_in_with_an_unsent_form_is_known_too(self, person):
        browser = Client()
        carried = {"log_in-username": person.username, "log_in-password": factories.PASSWORD}
        browser.post("/admin/articles/article/add/", carried, REMOTE_ADDR=HERE)
        assert "browser" in browser.cookies


def test_what_is_forgotten_leaves_the_table(clock):
    clock(NOW)
    for number in range(20):
        try_one(f"ai{number}", address=f"203.0.{number}.1")
    # The column is filled when a row is made, by the clock of the test too.
    clock(NOW + dt.timedelta(days=1, seconds=1))
    try_one("khac")
    assert AccessAttempt.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("203.0.113.1", "203.0.113.250", True),
        ("203.0.113.1", "203.0.114.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::2", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
    ],
)
def test_a_network_is_a_24_or_a_48(first, second, is_one):
    person = factories.user()
    for _number in range(5):
        try_one(person.username, address=first)
    assert (try_one(person.username, factories.PASSWORD, second) is None) == is_one


def test_only_a_proxy_we_know_says_where_somebody_is(settings):
    person = factories.user()
    for number in range(5):
        try_one(person.username, HTTP_X_FORWARDED_FOR=f"192.0.{number}.1")
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert try_one(person.username, factories.PASSWORD, **forged) is None
    settings.TRUSTED_PROXIES = [lockout.ipaddress.ip_network(HERE)]
    assert try_one(person.username, factories.PASSWORD, **forged) == person


def test_nothing_typed_is_kept(client):
    secret = "Mat-Khau-That-2026"
    factories.user(Role.REPORTER, username="lanchi")
    log_in(client, "lanchi", secret)
    log_in(client, secret, "lanchi")
    carried = {"log_in-username": "lanchi", "log_in-password": secret, "headline": secret}
    client.post("/admin/articles/article/add/", carried, REMOTE_ADDR=HERE)
    rows = str([*AccessAttempt.objects.values_list(), *Event.objects.values_list()])
    assert AccessAttempt.objects.exists()
    assert secret not in rows
    assert HERE not in rows


def test_readers_pages_ask_nothing_of_it(client, django_assert_num_queries):
    factories.published()
    with connection.execute_wrapper(lambda execute, sql, *rest: _apart(execute, sql, *rest)):
        assert client.get("/").status_code == 200


def _apart(execute, sql, *rest):
    assert not any(table in sql for table in ("axes_", "newsroom_login", "otp_")), sql
    return execute(sql, *rest)


def test_the_tables_of_the_package_are_on_no_page(client):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    html = client.get("/admin/danh-muc/").content.decode()
    for app in ("axes", "otp_totp", "otp_static"):
        assert f"/admin/{app}/" not in html
        assert client.get(f"/admin/{app}/").status_code == 404
    assert timezone.now() > NOW
