"""The captcha: one answer a key, half an hour, a picture only we can draw."""

import datetime as dt
import io
import random

import pytest
from captcha.models import CaptchaStore
from django.db import connection
from django.utils import timezone
from PIL import Image

from comments import captcha, picture
from comments.captcha import Result
from tests.comments import makers

pytestmark = pytest.mark.django_db

ODD_KEYS = [
    "",
    None,
    "x" * 40,
    "a" * 10_000,
    "\0" * 40,
    "a" * 39 + "\n",
    "٠" * 40,
    "\ud800" * 40,
    "PASSED",
]


def pass_time(**span):
    rows = CaptchaStore.objects.all()
    for row in rows:
        rows.filter(pk=row.pk).update(expiration=row.expiration - dt.timedelta(**span))


class TestAnswers:
    def test_the_right_answer_counts_once(self):
        key = captcha.issue()
        answer = makers.solution(key)
        assert captcha.consume(key, answer) is Result.RIGHT
        assert captcha.consume(key, answer) is Result.EXPIRED
        assert not CaptchaStore.objects.exists()

    @pytest.mark.parametrize("guess", ["passed", "PASSED", "1234", "123456", "x" * 1_000_000])
    def test_a_wrong_answer_uses_the_key_up(self, guess):
        key = captcha.issue()
        CaptchaStore.objects.update(challenge="00000", response="00000")
        assert captcha.consume(key, guess) is Result.WRONG
        assert captcha.consume(key, "00000") is Result.EXPIRED

    @pytest.mark.parametrize("nothing", ["", "   ", "\t\n", None])
    def test_an_empty_answer_uses_nothing_up(self, nothing):
        key = captcha.issue()
        assert captcha.consume(key, nothing) is Result.WRONG
        assert captcha.consume(key, makers.solution(key)) is Result.RIGHT

    @pytest.mark.attack(5)
    def test_after_half_an_hour_the_right_answer_is_late(self):
        key = captcha.issue()
        answer = makers.solution(key)
        pass_time(minutes=29, seconds=55)
        assert captcha.is_live(key)
        pass_time(seconds=6)
        assert not captcha.is_live(key)
        assert captcha.consume(key, answer) is Result.EXPIRED

    @pytest.mark.parametrize("key", ODD_KEYS)
    def test_a_key_that_is_none_is_like_an_expired_one(self, key):
        captcha.issue()
        assert captcha.consume(key, "00000") is Result.EXPIRED
        assert captcha.image(key) is None
        assert not captcha.is_live(key)
        assert CaptchaStore.objects.count() == 1

    @pytest.mark.attack(11)
    @pytest.mark.parametrize("answer", ["\0", "\ud800", "0\0", "²³", "一二三四五"])
    def test_an_answer_that_is_no_number_is_wrong(self, answer):
        assert captcha.consume(captcha.issue(), answer) is Result.WRONG

    def test_spaces_and_digits_of_other_keyboards_are_forgiven(self):
        for typed in ("4 0 7 2 9", "４０７２９", " 40729\n", "٤٠٧٢٩"):
            key = captcha.issue()
            CaptchaStore.objects.update(challenge="40729", response="40729")
            assert captcha.consume(key, typed) is Result.RIGHT

    def test_the_answer_to_one_key_is_none_to_another(self):
        first, second = captcha.issue(), captcha.issue()
        CaptchaStore.objects.filter(hashkey=first).update(response="11111")
        CaptchaStore.objects.filter(hashkey=second).update(response="22222")
        assert captcha.consume(second, "11111") is Result.WRONG
        assert captcha.is_live(first)

    @pytest.mark.attack(9)
    def test_the_packages_test_mode_opens_nothing(self, settings, monkeypatch):
        settings.CAPTCHA_TEST_MODE = True
        monkeypatch.setattr("captcha.conf.settings.CAPTCHA_TEST_MODE", True)
        key = captcha.issue()
        assert captcha.consume(key, "PASSED") is Result.WRONG


class TestIssue:
    def test_five_digits_and_half_an_hour(self):
        row = CaptchaStore.objects.get(hashkey=captcha.issue())
        assert len(row.response) == 5
        assert row.response.isdecimal()
        assert row.response.isascii()
        left = row.expiration - timezone.now()
        assert dt.timedelta(minutes=29) < left <= dt.timedelta(minutes=30)

    def test_leading_zeros_are_kept(self, monkeypatch):
        monkeypatch.setattr("secrets.randbelow", lambda _top: 7)
        assert makers.solution(captcha.issue()) == "00007"

    def test_the_programs_own_chance_has_no_say(self):
        def drawn():
            random.seed(1)
            return makers.solution(captcha.issue())

        assert len({drawn() for _ in range(5)}) > 1

    def test_renewing_retires_the_old_one(self):
        old = captcha.issue()
        new = captcha.renew(old)
        assert new != old
        assert not captcha.is_live(old)
        assert captcha.is_live(new)

    @pytest.mark.parametrize("key", ODD_KEYS)
    def test_renewing_nothing_is_issuing(self, key):
        other = captcha.issue()
        assert captcha.is_live(captcha.renew(key))
        assert captcha.is_live(other)

    def test_expired_ones_are_taken_away_as_new_ones_are_made(self):
        for _ in range(2 * captcha.SWEEP + 5):
            captcha.issue()
        pass_time(minutes=31)
        live = [captcha.issue() for _ in range(3)]
        keys = set(CaptchaStore.objects.values_list("hashkey", flat=True))
        assert keys == set(live)

    def test_one_request_clears_a_bounded_number(self):
        for _ in range(captcha.SWEEP + 5):
            captcha.issue()
        pass_time(minutes=31)
        captcha.issue()
        assert CaptchaStore.objects.count() == 5 + 1

    def test_the_cost_does_not_grow_with_the_table(self, django_assert_num_queries, monkeypatch):
        monkeypatch.setattr(captcha, "CENSUS", 10**9)
        for _ in range(50):
            captcha.issue()
        # The row, the sweep, the network's own, their transaction, and one more is issued.
        with django_assert_num_queries(6):
            captcha.issue()

    def test_a_network_loses_its_oldest_and_no_others(self, monkeypatch):
        monkeypatch.setattr(captcha, "LIVE_OF_NETWORK", 3)
        foreign = captcha.issue("another")
        own = [captcha.issue("one") for _ in range(5)]
        assert [captcha.is_live(key) for key in own] == [False, False, True, True, True]
        assert captcha.is_live(foreign)

    def test_nor_when_the_database_takes_the_table_for_empty(self, monkeypatch):
        """PostgreSQL then plans otherwise, and once removed all there were."""
        monkeypatch.setattr(captcha, "LIVE_OF_NETWORK", 5)
        captcha.issue("one")
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {CaptchaStore._meta.db_table}")
        for _ in range(8):
            captcha.issue("one")
        assert CaptchaStore.objects.count() == 5

    def test_the_table_has_an_end(self, monkeypatch):
        monkeypatch.setattr(captcha, "LIVE", 10)
        monkeypatch.setattr(captcha, "CENSUS", 1)
        keys = [captcha.issue(f"network {number}") for number in range(13)]
        assert [captcha.is_live(key) for key in keys] == [False] * 3 + [True] * 10

    def test_a_key_tells_nothing_of_the_network(self, settings):
        ours = captcha.issue("one")[: captcha.TAG]
        assert captcha.issue("one").startswith(ours)
        assert not captcha.issue("two").startswith(ours)
        settings.SECRET_KEY = "another newsroom" * 4
        assert not captcha.issue("one").startswith(ours)

    @pytest.mark.parametrize("digits", [6, 7])
    def test_longer_codes(self, digits):
        key = captcha.issue(digits=digits)
        assert captcha.length(key) == len(makers.solution(key)) == digits
        assert Image.open(io.BytesIO(captcha.image(key))).size == (300, 100)
        assert captcha.consume(key, makers.solution(key)) is Result.RIGHT


class TestPicture:
    KEY, DIGITS = "0" * 40, "40729"

    def put(self, key=KEY, digits=DIGITS):
        values = {"challenge": digits, "response": digits}
        values["expiration"] = timezone.now() + captcha.LIFETIME
        CaptchaStore.objects.update_or_create(hashkey=key, defaults=values)
        return captcha.image(key)

    def test_it_is_twice_the_size_it_is_shown_at(self):
        image = Image.open(io.BytesIO(self.put()))
        assert (image.format, image.size) == ("PNG", (300, 100))
        assert image.getcolors(100_000)

    def test_the_same_key_shows_the_same_picture(self):
        assert self.put() == captcha.image(self.KEY)

    def test_another_key_shows_the_same_digits_differently(self):
        assert self.put() != self.put(key="1" * 40)

    def test_nobody_draws_it_from_the_public_key(self, settings):
        ours = self.put()
        settings.SECRET_KEY = "another newsroom" * 4
        assert captcha.image(self.KEY) != ours
        for seed in (self.KEY, self.KEY.encode(), bytes.fromhex(self.KEY), b""):
            assert picture.draw(self.DIGITS, seed) != ours

    def test_drawing_leaves_the_programs_own_chance_alone(self):
        random.seed(1)
        expected = random.random()
        random.seed(1)
        self.put()
        assert random.random() == expected

    def test_every_digit_is_drawn(self):
        pictures = {picture.draw(digit * 5, b"seed") for digit in "0123456789"}
        assert len(pictures) == 10

    def test_a_used_or_expired_key_has_none(self):
        used, expired = captcha.issue(), captcha.issue()
        captcha.consume(used, "x")
        pass_time(minutes=31)
        assert captcha.image(used) is None
        assert captcha.image(expired) is None
