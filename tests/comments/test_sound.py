"""The spoken digits: what readers hear, what nobody else can join, voices of a station's own."""

import io
import shutil
import wave

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from comments import captcha, sound

DIGITS = "40729"


def opened(data):
    return wave.open(io.BytesIO(data))


def seconds(data):
    with opened(data) as clip:
        return clip.getnframes() / clip.getframerate()


@pytest.fixture
def own(tmp_path, settings):
    """A folder of a station's own voices: each digit once."""
    for digit in "0123456789":
        shutil.copy(sound.OURS / f"{digit}-1.wav", tmp_path)
    settings.CAPTCHA_VOICES = str(tmp_path)
    return tmp_path


def test_every_digit_is_heard_in_its_turn():
    said = sound.join(DIGITS, b"seed")
    voices = sound.load(sound.OURS)
    place = 0
    for digit in DIGITS:
        found = [said.find(take, place) for take in voices.takes[digit]]
        place = min(at for at in found if at >= 0)
    assert 3 < seconds(said) < 10


def test_the_clips_are_small_and_of_one_kind():
    assert sum(path.stat().st_size for path in sound.OURS.iterdir()) < 1_500_000
    with opened(sound.join("0", b"")) as clip:
        assert (clip.getnchannels(), clip.getsampwidth(), clip.getframerate()) == (1, 2, 16_000)
    assert all(len(sound.load(sound.OURS).takes[digit]) >= 4 for digit in "0123456789")


def test_the_same_seed_sounds_the_same_and_another_does_not():
    assert sound.join(DIGITS, b"one") == sound.join(DIGITS, b"one")
    assert len({sound.join(DIGITS, bytes([number])) for number in range(10)}) == 10


@pytest.mark.django_db
def test_nobody_joins_it_from_the_public_key(settings):
    key = captcha.issue()
    ours = captcha.audio(key)
    assert captcha.audio(key) == ours
    digits = captcha.CaptchaStore.objects.get().response
    for seed in (key, key.encode(), bytes.fromhex(key), b""):
        assert sound.join(digits, seed) != ours
    settings.SECRET_KEY = "another newsroom" * 4
    assert captcha.audio(key) != ours


def test_a_station_speaks_with_its_own_voice(own):
    said = sound.join("77", b"seed")
    own_seven = sound.load(own).takes["7"][0]
    assert said.count(own_seven) == 2
    silence = said.partition(own_seven)[0][44:]
    assert set(silence) == {0}
    call_command("check")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda own: (own / "7-1.wav").unlink(), "no sound of 7"),
        (lambda own: (own / "7-1.wav").write_bytes(b"mp3"), "7-1.wav"),
        (lambda own: shutil.rmtree(own), "no sound of 0, 1"),
        (lambda own: quicker(own / "7-1.wav"), "not all in one format"),
        (lambda own: quicker(own / "7-1.wav", channels=2), "more than one channel"),
    ],
)
def test_voices_that_lack_something_are_refused(own, spoil, complaint):
    spoil(own)
    with pytest.raises(SystemCheckError, match=complaint):
        call_command("check")


def quicker(path, channels=1):
    with wave.open(str(path), "wb") as clip:
        clip.setnchannels(channels)
        clip.setsampwidth(2)
        clip.setframerate(8_000)
        clip.writeframes(b"\0\0" * 800 * channels)


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("CAPTCHA_TEST_MODE", True, "comments.E001"),
        ("CAPTCHA_LENGTH", 3, "CAPTCHA_LENGTH has no effect"),
        ("ROOT_URLCONF", "tests.comments.stock_urls", "captcha.urls is mounted"),
    ],
)
def test_what_would_open_the_captcha_is_refused(settings, name, value, complaint):
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=complaint):
        call_command("check")
