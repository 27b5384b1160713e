"""Speaks digits: clips of single digits, joined. Knows nothing of captchas.

A folder holds `<digit>-<take>.wav` for each digit, and `pause-<take>.wav` if it likes; all in one
format. The newsroom's own stands in data/digits; CAPTCHA_VOICES names another.
"""

import io
import random
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

OURS = Path(__file__).parent / "data" / "digits"
PAUSE = "pause"
NAMES = (*"0123456789", PAUSE)
GAP = (0.35, 0.75)  # seconds between two digits, from and to
EDGE = 0.4  # seconds before the first and after the last


class Unusable(Exception):
    """A folder of voices that cannot be used; says why."""


@dataclass(frozen=True)
class Voices:
    """The clips of one folder, by digit, and the one format they share."""

    width: int  # bytes of a sample
    rate: int  # samples a second
    takes: dict[str, list[bytes]]


def folder() -> Path:
    """Return the folder the voices are read from."""
    return Path(settings.CAPTCHA_VOICES or OURS)


def join(digits: str, seed: bytes) -> bytes:
    """Return a WAV in which `digits` are spoken; the same digits and seed always sound the same.

    All chance comes from a generator of its own. Raises Unusable.
    """
    voices, chance = load(folder()), random.Random(seed)
    parts = [_pause(voices, EDGE, chance)]
    for digit in digits:
        parts += [chance.choice(voices.takes[digit]), _pause(voices, chance.uniform(*GAP), chance)]
    return _wav(voices, b"".join([*parts, _pause(voices, EDGE, chance)]))


@cache
def load(source: Path) -> Voices:
    """Read the clips of a folder, once. Raises Unusable for one that lacks a digit."""
    formats, takes = set(), {}
    for name in NAMES:
        clips = [_read(path) for path in sorted(source.glob(f"{name}-*.wav"))]
        formats |= {format for format, _sound in clips}
        takes[name] = [sound for _format, sound in clips if sound]
    missing = [name for name in NAMES if not takes[name] and name != PAUSE]
    if missing:
        raise Unusable(f"{source} has no sound of {', '.join(missing)}.")
    if len(formats) > 1:
        raise Unusable(f"The sounds in {source} are not all in one format.")
    return Voices(*formats.pop(), takes)


def _read(path: Path) -> tuple[tuple[int, int], bytes]:
    """Return format and samples of one clip."""
    try:
        with wave.open(str(path)) as clip:
            if clip.getnchannels() != 1:
                raise Unusable(f"{path} has more than one channel.")
            form = clip.getsampwidth(), clip.getframerate()
            return form, clip.readframes(clip.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise Unusable(f"{path}: {error}") from error


def _pause(voices: Voices, seconds: float, chance: random.Random) -> bytes:
    """Return a piece of noise from somewhere in a pause, silence where there is none."""
    length = round(seconds * voices.rate) * voices.width
    silence = b"\x80" if voices.width == 1 else b"\0"
    noise = chance.choice(voices.takes[PAUSE] or [b""]) or silence * length
    noise *= length // len(noise) + 1
    start = chance.randrange(len(noise) - length + 1) // voices.width * voices.width
    return noise[start : start + length]


def _wav(voices: Voices, samples: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(voices.width)
        file.setframerate(voices.rate)
        file.writeframes(samples)
    return out.getvalue()
