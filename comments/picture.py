"""Draws digits so that people read them and simple programs do not. Knows nothing of captchas."""

import io
import math
import random
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = WIDTH, HEIGHT = 300, 100  # twice the size it is shown at, for dense screens
INK = "#1d4a7a"
LINES = ("#a59a88", "#7f95ae", INK)  # one in the ink of the digits: colour alone parts nothing
FACES = ("newsreader-600.woff2", "hanken-grotesk-600.woff2")
MARGIN = 14
STRIP = 3  # pixels; the wave is so long that finer ones look the same
ROOMY = 54  # the place of one of five digits; more digits are drawn smaller


def draw(digits: str, seed: bytes) -> bytes:
    """Return a PNG of `digits`; the same digits and seed always give the same picture.

    All chance comes from a generator of its own: the program's is never touched.
    """
    chance = random.Random(seed)
    image = Image.new("RGB", SIZE, "white")
    step = (WIDTH - 2 * MARGIN) / len(digits)
    scale = min(1, step / ROOMY)
    for place, digit in enumerate(digits):
        _put_digit(image, digit, MARGIN + step * (place + 0.5), scale, chance)
    image = _bent(image, chance)
    pen = ImageDraw.Draw(image)
    for colour in LINES:
        _draw_curve(pen, colour, chance)
    _draw_dots(pen, chance)
    return _png(image)


def _put_digit(
    image: Image.Image, digit: str, centre: float, scale: float, chance: random.Random
) -> None:
    """Draw one digit leaning, near the middle of its place."""
    face = _face(chance.choice(FACES), round(chance.randrange(62, 76, 2) * scale))
    tile = Image.new("L", (HEIGHT, HEIGHT))
    middle = HEIGHT // 2
    ImageDraw.Draw(tile).text((middle, middle), digit, fill=255, font=face, anchor="mm")
    tile = tile.rotate(chance.uniform(-18, 18), Image.Resampling.BICUBIC)
    x = round(centre - middle + chance.uniform(-6, 6) * scale)
    y = round(chance.uniform(-9, 9))
    image.paste(INK, (x, y, x + HEIGHT, y + HEIGHT), tile)


def _bent(image: Image.Image, chance: random.Random) -> Image.Image:
    """Shift strips of the picture up and down along a wave."""
    height, length, phase = chance.uniform(2, 4), chance.uniform(120, 200), chance.uniform(0, 6.3)
    bent = Image.new("RGB", SIZE, "white")
    for x in range(0, WIDTH, STRIP):
        strip = image.crop((x, 0, x + STRIP, HEIGHT))
        bent.paste(strip, (x, round(height * math.sin(2 * math.pi * x / length + phase))))
    return bent


def _draw_curve(pen: ImageDraw.ImageDraw, colour: str, chance: random.Random) -> None:
    """Draw one wave from side to side, through the digits."""
    level, height = chance.uniform(30, 70), chance.uniform(12, 30)
    length, phase = chance.uniform(140, 320), chance.uniform(0, 6.3)
    points = [
        (x, level + height * math.sin(2 * math.pi * x / length + phase))
        for x in range(-4, WIDTH + 8, 4)
    ]
    pen.line(points, fill=colour, width=3, joint="curve")


def _draw_dots(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    for _dot in range(60):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        pen.rectangle((x, y, x + 1, y + 1), fill=chance.choice(LINES))


@cache
def _face(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(settings.BASE_DIR, "static", "fonts", name), size)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
