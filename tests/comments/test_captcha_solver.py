"""Who knows only what the form shows cannot draw the picture again, nor join the sound again."""

import random

import pytest
from captcha.models import CaptchaStore
from captcha.views import captcha_image
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from comments import captcha, picture
from tests.comments import makers, solver

pytestmark = pytest.mark.django_db

FEW, MANY = 30, 200
LUCK = 3  # by chance one in a thousand is read whole


def stock_picture(key, digits):
    """What the package itself draws for a key."""
    values = {"challenge": digits, "response": digits, "expiration": timezone.now()}
    CaptchaStore.objects.update_or_create(hashkey=key, defaults=values)
    return captcha_image(RequestFactory().get("/"), key, scale=1).content


def solved(number, guess_of):
    """Of `number` captchas: how many were read whole, and how many digits were right."""
    whole = right = 0
    for _ in range(number):
        key = captcha.issue()
        wanted = makers.solution(key)
        seed = guess_of(key)
        read = solver.read_fixed(captcha.image(key), lambda text, s=seed: picture.draw(text, s), 5)
        whole += read == wanted
        right += sum(a == b for a, b in zip(read, wanted, strict=True))
    return whole, right


@pytest.mark.attack(10)
def test_the_solver_reads_what_the_package_draws():
    for key, digits in (("0" * 40, "40729"), ("f" * 40, "13586")):
        drawn = stock_picture(key, digits)
        read = solver.read_growing(drawn, lambda text, k=key: stock_picture(k, text), 5)
        assert read == digits


@pytest.mark.attack(10)
def test_the_solver_reads_ours_where_the_seed_is_known():
    for digits in ("40729", "13586", "00000"):
        drawn = picture.draw(digits, b"known")
        assert solver.read_fixed(drawn, lambda text: picture.draw(text, b"known"), 5) == digits


@pytest.mark.attack(10)
def test_the_solver_reads_ours_by_luck_alone():
    assert solved(FEW, str.encode)[0] < LUCK


@pytest.mark.attack(10)
@pytest.mark.long
def test_the_public_key_helps_no_more_than_any_other_seed():
    whole, by_key = solved(MANY, str.encode)
    assert whole < 2 * LUCK
    _whole, by_chance = solved(MANY, lambda _key: random.randbytes(32))
    slack = 4 * (MANY * 5 * 0.25 * 0.75 * 2) ** 0.5  # four times what chance makes differ
    assert by_key < by_chance + slack


@pytest.mark.long
def test_fifty_pictures_to_be_read_by_eye(tmp_path):
    """Prints where they are: people must read at least 48 of them."""
    sheet = Image.new("RGB", (5 * 310, 10 * 110), "#777")
    for number in range(50):
        digits, seed = f"{random.randrange(100_000):05}", random.randbytes(32)
        place = tmp_path / f"{number:02}-{digits}.png"
        place.write_bytes(picture.draw(digits, seed))
        column, row = number % 5, number // 5
        sheet.paste(Image.open(place), (5 + column * 310, 5 + row * 110))
    sheet.save(tmp_path / "sheet.png")
    print(f"\n50 pictures, their digits in their names: {tmp_path}")
    assert len(list(tmp_path.glob("*-*.png"))) == 50
