"""A network that presses: longer codes first, a wait far beyond; its neighbours feel nothing."""

import datetime as dt
import ipaddress
from dataclasses import replace

import pytest
from captcha.models import CaptchaStore
from django.utils import timezone

from comments import captcha, limits, pressure
from comments.models import Comment, Notice
from comments.notices import outbox
from comments.pressure import Pressure
from comments.senders import hashed
from newsroom import events
from tests import factories
from tests.comments import makers
from tests.comments.reader import NASTY, address, fill, text_of, values_in
from tests.comments.test_form_token import reopened

pytestmark = pytest.mark.django_db

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands in the middle of every window until it is moved."""

    class Clock:
        now = limits.Limit("", 0, 3_600).window(timezone.now()) + dt.timedelta(minutes=35)

        def pass_by(self, **span):
            self.now += dt.timedelta(**span)

    clock = Clock()
    monkeypatch.setattr("comments.limits.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới thông xe")


@pytest.fixture
def elsewhere(article):
    return factories.published(headline="Bài khác")


def network_of(client, article):
    """The pressure of the network the test's client comes from."""
    client.get(address(article))
    tag = limits.Budget.objects.filter(key__startswith="opened:").latest("pk").key.split(":")[1]
    return Pressure(tag, article.pk)


def digits_in(response):
    return captcha.length(makers.key_in(response.content.decode()))


def fail(client, article, times, **options):
    response = client.get(address(article), **options)
    for _ in range(times):
        sent = reopened(response, right=False, text=NASTY)
        response = client.post(address(article), sent, **options)
    return response


class TestWrongAnswers:
    @pytest.mark.attack(4)
    def test_the_tenth_begins_a_rest_that_is_told(self, client, article, clock):
        response = fail(client, article, 10)
        assert response.status_code == 422
        assert "ở bài này, mã được nhận lại từ" in text_of(response)
        sent = reopened(response, text=NASTY)
        response = client.post(address(article), sent)
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 600
        assert "đã nhập sai mã quá nhiều lần" in text_of(response)
        assert values_in(response)["text"] == NASTY
        assert makers.key_in(response.content.decode()) == sent["captcha_key"]
        assert not Comment.objects.exists()
        clock.pass_by(minutes=10)
        assert client.post(address(article), sent).status_code == 303

    @pytest.mark.attack(4)
    def test_a_hundred_end_in_no_error_and_others_are_served(self, client, article, elsewhere):
        response, statuses = client.get(address(article)), []
        for _ in range(100):
            response = client.post(address(article), reopened(response, right=False))
            statuses.append(response.status_code)
        assert statuses == [422] * 10 + [429] * 90
        neighbour = {"REMOTE_ADDR": "203.0.113.9"}
        sent = reopened(client.get(address(article), **neighbour))
        assert client.post(address(article), sent, **neighbour).status_code == 303
        assert client.post(address(elsewhere), fill(client, elsewhere)).status_code == 303

    @pytest.mark.attack(24)
    def test_a_forged_header_is_nobody_else(self, client, article):
        forged = {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_X_REAL_IP": "203.0.113.9"}
        fail(client, article, 10)
        sent = reopened(client.get(address(article), **forged))
        assert client.post(address(article), sent, **forged).status_code == 429

    @pytest.mark.attack(24)
    def test_a_listed_proxy_tells_readers_apart(self, client, article, settings):
        settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]
        first, second = ({"HTTP_X_FORWARDED_FOR": ip} for ip in ("198.51.100.7", "203.0.113.9"))
        fail(client, article, 10, **first)
        sent = reopened(client.get(address(article), **second))
        assert client.post(address(article), sent, **second).status_code == 303

    def test_the_mail_stays_open(self, client, article):
        sent = reopened(fail(client, article, 10), email="ngu@example.com")
        assert client.post(address(article), sent | {"action": "mail"}).status_code == 303
        assert Comment.objects.get().state == "unconfirmed"

    def test_right_answers_of_others_behind_the_address_make_up_for_it(self, client, article):
        network = network_of(client, article)
        for _ in range(12):
            network.solve()
            network.fail()
        assert network.rests_until is None

    def test_codes_grow_before_that(self, client, article):
        lengths = [digits_in(fail(client, article, 1)) for _ in range(8)]
        assert lengths[0] == 5
        assert lengths == sorted(lengths)
        assert lengths[-1] == 7

    @pytest.mark.attack(5)
    def test_an_expired_code_is_no_wrong_one(self, client, article):
        for _ in range(12):
            sent = fill(client, article)
            CaptchaStore.objects.update(expiration=timezone.now() - dt.timedelta(days=1))
            response = client.post(address(article), sent)
        assert response.status_code == 422
        assert digits_in(response) == 5


@pytest.mark.attack(25)
class TestManyReaders:
    def test_three_hundred_behind_one_address_all_comment(self, client, article, elsewhere):
        network = network_of(client, article)
        for _ in range(299):
            network.open()
            network.solve()
        response = client.get(address(article))
        assert digits_in(response) == 7
        assert "nhập 7 chữ số" in text_of(response)
        assert client.post(address(article), reopened(response)).status_code == 303
        assert digits_in(client.get(address(elsewhere))) == 5


@pytest.mark.attack(7)
class TestFloods:
    @pytest.fixture(autouse=True)
    def narrow(self, monkeypatch):
        """The same doors, a tenth as wide, so that the tests are quick."""
        for name in ("OPENED", "RENEWED"):
            limit = getattr(pressure, name)
            monkeypatch.setattr(pressure, name, replace(limit, number=limit.number // 10))

    def test_forms_without_end(self, client, article, monkeypatch, clock):
        monkeypatch.setattr(captcha, "LIVE_OF_NETWORK", 40)
        statuses = [client.get(address(article)).status_code for _ in range(100)]
        assert statuses == [200] * 90 + [429] * 10
        assert CaptchaStore.objects.count() == 40
        assert client.get(address(article), REMOTE_ADDR="203.0.113.9").status_code == 200
        clock.pass_by(minutes=10)
        assert client.get(address(article)).status_code == 200

    def test_the_wait_is_told_and_the_text_is_kept(self, client, article):
        sent = fill(client, article, text=NASTY) | {"action": "refresh"}
        for _ in range(30):
            client.post(address(article), sent)
        response = client.post(address(article), sent)
        assert response.status_code == 429
        assert int(response["Retry-After"]) == 300
        assert "đã gửi quá nhiều yêu cầu" in text_of(response)
        assert NASTY.splitlines()[0] in text_of(response)
        assert "no-store" in response["Cache-Control"]

    def test_new_codes_grow_before_that(self, client, article):
        response = client.get(address(article))
        for _ in range(10):
            response = client.post(address(article), reopened(response, action="refresh"))
        assert digits_in(response) == 6


@pytest.mark.attack(7)
class TestPictureAndSound:
    @pytest.mark.parametrize(("kind", "limit"), [("png", "DRAWN_OF_ONE"), ("wav", "SPOKEN_OF_ONE")])
    def test_one_code_asked_for_without_end(self, client, kind, limit):
        where = f"/binh-luan/ma/{captcha.issue()}.{kind}"
        number = getattr(pressure, limit).number
        statuses = [client.get(where).status_code for _ in range(number + 1)]
        assert statuses == [200] * number + [429]
        response = client.get(where)
        assert "đã gửi quá nhiều yêu cầu" in response.content.decode()
        assert int(response["Retry-After"]) > 0
        assert client.get(f"/binh-luan/ma/{captcha.issue()}.{kind}").status_code == 200

    @pytest.mark.parametrize(("kind", "name"), [("png", "DRAWN"), ("wav", "SPOKEN")])
    def test_many_codes_asked_for_without_end(self, client, monkeypatch, kind, name):
        monkeypatch.setattr(pressure, name, limits.Limit(name, 3, 600))
        statuses = [
            client.get(f"/binh-luan/ma/{captcha.issue()}.{kind}").status_code for _ in range(4)
        ]
        assert statuses == [200] * 3 + [429]
        neighbour = client.get(f"/binh-luan/ma/{captcha.issue()}.{kind}", REMOTE_ADDR="203.0.113.9")
        assert neighbour.status_code == 200


class TestByMail:
    def send(self, client, article, **fields):
        sent = fill(client, article, **fields) | {"action": "mail", "answer": ""}
        return client.post(address(article), sent)

    def test_it_waits_for_the_mailed_link(self, client, article):
        response = self.send(client, article)
        comment = Comment.objects.get()
        assert response.status_code == 303
        assert (comment.state, comment.email) == ("unconfirmed", "ngu@example.com")
        assert Notice.objects.get().kind == Notice.Kind.CONFIRM
        assert Notice.objects.get().comment == comment
        assert "Đang chờ xác nhận qua e-mail" in text_of(client.get(response["Location"]))
        assert not CaptchaStore.objects.exists()

    def test_the_script_says_what_is_left_to_do(self, client, article):
        sent = fill(client, article) | {"action": "mail"}
        response = client.post(address(article), sent, headers=FETCH)
        assert response.status_code == 201
        assert "Mở thư vừa gửi cho bạn" in text_of(response)

    @pytest.mark.parametrize("email", ["", "không phải"])
    def test_it_needs_an_address(self, client, article, email):
        response = self.send(client, article, email=email)
        assert response.status_code == 422
        assert "địa chỉ e-mail" in text_of(response)
        assert "mã xác nhận chưa" not in text_of(response)
        assert not Comment.objects.exists()

    def test_the_same_form_twice_is_one_comment_and_one_letter(self, client, article):
        sent = fill(client, article) | {"action": "mail"}
        answers = [client.post(address(article), sent) for _ in range(2)]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert Notice.objects.count() == 1

    def test_nobody_is_flooded_with_letters(self, client, article, clock):
        for place in range(3):
            self.send(client, article, email="NGU@example.com", text=f"Ý {place}")
        response = self.send(client, article, text=NASTY)
        assert response.status_code == 429
        assert "quá nhiều thư xác nhận" in text_of(response)
        assert values_in(response)["text"] == NASTY
        assert Notice.objects.count() == 3
        far = reopened(client.get(address(article), REMOTE_ADDR="203.0.113.9"))
        far |= {"action": "mail", "email": "ngu@example.com"}
        assert client.post(address(article), far, REMOTE_ADDR="203.0.113.9").status_code == 429
        clock.pass_by(hours=1)
        assert self.send(client, article).status_code == 303

    @pytest.mark.parametrize("budget", [outbox.AN_HOUR, outbox.A_DAY, outbox.IN_ALL])
    def test_what_no_letter_can_confirm_is_not_taken(self, client, article, clock, budget):
        whose = [] if budget is outbox.IN_ALL else [hashed("email", "ngu@example.com")]
        for _letter in range(budget.number):
            limits.spend(budget, *whose)
        response = self.send(client, article, email="NGU@example.com", text=NASTY)
        assert response.status_code == 429
        assert "hoặc nhập mã" in text_of(response)
        assert events.clock(limits.ends(budget) + dt.timedelta(seconds=59)) in text_of(response)
        assert int(response["Retry-After"]) > 0
        shown = values_in(response)
        assert (shown["text"], shown["email"]) == (NASTY, "NGU@example.com")
        assert not Comment.objects.exists()
        solved = makers.sent_by(response.content.decode(), text=NASTY, email="ngu@example.com")
        assert client.post(address(article), solved).status_code == 303, "the code is a way out"
        clock.pass_by(seconds=budget.seconds)
        assert self.send(client, article).status_code == 303
        assert Notice.objects.get().kind == Notice.Kind.CONFIRM

    def test_who_wants_letters_when_none_can_go_is_promised_none(self, client, article):
        for _letter in range(outbox.AN_HOUR.number):
            limits.spend(outbox.AN_HOUR, hashed("email", "ngu@example.com"))
        response = client.post(address(article), fill(client, article, wants_notices="on"))
        assert (response.status_code, Notice.objects.count()) == (303, 0)
        said = text_of(client.get(response["Location"]))
        assert "Đã nhận" in said
        assert "chưa được xác nhận nên chưa có thư nào gửi tới" in said

    def test_one_network_writes_few_letters(self, client, article):
        statuses = [
            self.send(client, article, email=f"a{place}@example.com").status_code
            for place in range(pressure.MAILED_BY_NETWORK.number + 1)
        ]
        assert statuses[-2:] == [303, 429]
