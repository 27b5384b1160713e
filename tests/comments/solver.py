"""A program that reads a captcha by drawing it again: what a picture made from a public key allows.

It looks at no shapes and has learnt nothing. Whoever can draw the same picture for any digits tries
ten of them a place: the one that differs least from the picture is the right one.
"""

import io

from PIL import Image, ImageChops, ImageStat

DIGITS = "0123456789"


def read_fixed(picture, draw, length):
    """The digits in a picture in which each has its place; draw(digits) is how it was made."""
    wanted = _opened(picture)
    drawn = {digit: _opened(draw(digit * length)) for digit in DIGITS}
    step = wanted.width / length
    bands = [(round(n * step), 0, round((n + 1) * step), wanted.height) for n in range(length)]
    return "".join(_likest(wanted, drawn, band) for band in bands)


def read_growing(picture, draw, length):
    """The same where a digit's place depends on those before it: read from the left."""
    wanted, found = _opened(picture), ""
    for place in range(length):
        tries = {digit: found + digit + "0" * (length - place - 1) for digit in DIGITS}
        drawn = {digit: _opened(draw(text)) for digit, text in tries.items()}
        band = (0, 0, round(wanted.width * (place + 1) / length), wanted.height)
        found += _likest(wanted, drawn, band)
    return found


def _opened(picture):
    return Image.open(io.BytesIO(picture)).convert("L")


def _likest(wanted, drawn, band):
    """The digit whose picture differs least from the wanted one within a band."""
    return min(DIGITS, key=lambda digit: _difference(wanted.crop(band), drawn[digit].crop(band)))


def _difference(one, other):
    return ImageStat.Stat(ImageChops.difference(one, other)).sum[0]
