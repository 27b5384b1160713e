"""Nasty pictures, made anew at each call: bombs, polyglots, torn files, other formats in disguise.

`corpus` gives each a name, and says whether the site has to take it.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"Place-7731-not-for-readers"
SCRIPT = b"<script>alert('7731')</script>"
SIZE = (640, 420)
TAKEN, REFUSED, EITHER = "taken", "refused", "either"


class Nasty(NamedTuple):
    """A file somebody chooses; `fate` is what must become of it."""

    name: str
    data: bytes
    fate: str


@cache
def corpus() -> list[Nasty]:
    """All of them that are made in a moment."""
    parts = (_modes, _noted, _polyglots, _moving, _disguised, _torn, _bombs, _shapes)
    return [Nasty(*made) for part in parts for made in part()]


def heavy() -> list[Nasty]:
    """Those that take a second or more to make or to open, at the limits and beyond."""
    return [Nasty(*made) for made in _heavy()]


@cache
def _image(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert("RGB").convert(mode)


def _saved(image: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _jpeg(**options) -> bytes:
    return _saved(_image(), "JPEG", **options)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, *, bits: int = 8, kind: int = 2, **parts: bytes) -> bytes:
    """A PNG of black, or of whatever `pixels` are, with `before` between head and pixels."""
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    pixels = _chunk(b"IDAT", zlib.compress(parts.get("pixels", b"\0" * 1_000)))
    start = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + parts.get("before", b"")
    return start + pixels + _chunk(b"IEND", b"")


def exif(orientation: int = 1) -> Image.Exif:
    """Notes of a camera: how it was held, and where."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = SECRET.decode()
    place = {1: "N", 2: (21.0, 1.0, 43.0), 3: "E", 4: (105.0, 51.0, 9.0), 29: SECRET.decode()}
    notes.get_ifd(0x8825).update(place)
    return notes


def _modes() -> Iterator[tuple]:
    for mode in ("RGB", "L", "CMYK"):
        yield f"{mode}.jpg", _saved(_image(mode), "JPEG"), TAKEN
    yield "progressive.jpg", _jpeg(progressive=True, optimize=True), TAKEN
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"):
        image = _image("L").convert("I").convert(mode) if mode == "I;16" else _image(mode)
        yield f"{mode}.png", _saved(image, "PNG"), TAKEN
    yield "palette with a hole.png", _saved(_image("P"), "PNG", transparency=3), TAKEN
    rows = (b"\0" + bytes(range(256)) * 6 * 5) * 300
    deep = _png(1280, 300, bits=16, kind=2, pixels=rows)
    yield "16 bits a colour.png", deep, TAKEN
    for mode in ("RGB", "RGBA", "P"):
        yield f"{mode}.webp", _saved(_image(mode).convert("RGBA"), "WEBP", lossless=True), TAKEN
    yield "lossy.webp", _saved(_image(), "WEBP"), TAKEN
    yield "RGB.avif", _saved(_image(), "AVIF", speed=10), TAKEN
    yield "RGBA.avif", _saved(_image("RGBA"), "AVIF", speed=10), TAKEN
    yield "P.gif", _saved(_image("P"), "GIF"), TAKEN
    out = io.BytesIO()
    _image().save(out, "MPO", save_all=True, append_images=[_image()])
    yield "two views of a telephone.jpg", out.getvalue(), TAKEN


def _noted() -> Iterator[tuple]:
    for orientation in range(1, 9):
        yield f"held in way {orientation}.jpg", _jpeg(exif=exif(orientation)), TAKEN
    yield "place.png", _saved(_image(), "PNG", exif=exif()), TAKEN
    yield "place.webp", _saved(_image(), "WEBP", exif=exif(), xmp=SECRET), TAKEN
    yield "place.avif", _saved(_image(), "AVIF", exif=exif(), speed=10), TAKEN
    yield "XMP.jpg", _jpeg(xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"), TAKEN
    iptc = b"\x1c\x02\x78" + struct.pack(">H", len(SECRET)) + SECRET
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    yield "IPTC.jpg", _with_marker(0xED, photoshop), TAKEN
    yield "comment.jpg", _jpeg(comment=SECRET + SCRIPT), TAKEN
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "profile.jpg", _jpeg(icc_profile=profile), TAKEN
    yield "torn profile.jpg", _jpeg(icc_profile=profile[:200]), TAKEN
    yield "no profile.png", _saved(_image(), "PNG", icc_profile=b"\xff" * 60_000), TAKEN
    yield "profile of grey in colours.jpg", _jpeg(icc_profile=b"GRAY" * 4_000), TAKEN
    yield (
        "torn notes.jpg",
        _with_marker(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40),
        TAKEN,
    )
    loop = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
    yield "notes in a circle.jpg", _with_marker(0xE1, loop), TAKEN


def _with_marker(number: int, data: bytes) -> bytes:
    jpeg = _jpeg()
    return jpeg[:2] + bytes([0xFF, number]) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def _polyglots() -> Iterator[tuple]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.html", SCRIPT)
    php = b"<?php system($_GET['x']); ?>" + SCRIPT
    for extra, data in (("zip", packed.getvalue()), ("html", SCRIPT), ("php", php)):
        for format in ("JPEG", "PNG", "GIF"):
            yield f"{format} and {extra}", _saved(_image(), format) + data, TAKEN
    yield "comment with a script.gif", _saved(_image("P"), "GIF", comment=SCRIPT), TAKEN
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SCRIPT.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", SCRIPT.decode())
    yield "text with a script.png", _saved(_image(), "PNG", pnginfo=words), TAKEN
    yield "script first.jpg", SCRIPT + _jpeg(), REFUSED
    yield "GIF that is JavaScript", b"GIF89a=1;alert('7731')//" + b"\0" * 50, REFUSED
    yield "BMP that is JavaScript", b"BM=1;alert('7731')//" + b"\0" * 50, REFUSED


def _moving() -> Iterator[tuple]:
    frames = [_image(size=(200 + n, 200)).resize((200, 200)) for n in range(20)]
    for format in ("GIF", "WEBP", "PNG"):
        options = {"save_all": True, "append_images": frames[1:], "duration": 20}
        yield f"moving.{format.lower()}", _saved(frames[0], format, **options), TAKEN
    one = _saved(Image.new("P", (120, 120)), "GIF")
    start = one.index(b",")
    yield "20,000 frames.gif", one[:start] + one[start:-1] * 20_000 + b";", TAKEN


def _disguised() -> Iterator[tuple]:
    small = _image()
    for format in (
        "TIFF",
        "BMP",
        "JPEG2000",
        "ICO",
        "PPM",
        "PCX",
        "TGA",
        "DDS",
        "SGI",
        "EPS",
        "PDF",
    ):
        yield f"{format} called.jpg", _saved(small, format), REFUSED
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500">' + SCRIPT + b"</svg>"
    yield "drawing.svg", svg, REFUSED
    yield "drawing called.jpg", b'<?xml version="1.0"?>' + svg, REFUSED
    yield "page called.jpg", b"<!doctype html>" + SCRIPT, REFUSED
    yield "FITS called.jpg", b"SIMPLE  =                    T".ljust(2_880) + b"\0" * 2_880, REFUSED
    head = b"8BPS\0\x01" + b"\0" * 6 + struct.pack(">HIIHH", 3, 420, 640, 8, 3)
    yield "PSD called.jpg", head + b"\0" * 2_000, REFUSED
    yield "HEIC called.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500, REFUSED
    yield "film called.jpg", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"\0" * 500, REFUSED
    yield "program called.jpg", b"MZ" + b"\0" * 500, REFUSED
    yield "nothing.jpg", b"\0", REFUSED
    yield "words.jpg", "Không phải ảnh".encode(), REFUSED


def _torn() -> Iterator[tuple]:
    chance = random.Random(7731)
    for format in ("JPEG", "PNG", "WEBP", "AVIF", "GIF"):
        whole = _saved(_image(), format)
        yield f"half a {format}", whole[: len(whole) // 2], REFUSED
        yield f"head of a {format}", whole[:40], REFUSED
        noise = bytearray(whole)
        for place in chance.sample(range(30, len(whole)), min(200, len(whole) // 4)):
            noise[place] = chance.randrange(256)
        yield f"{format} with holes", bytes(noise), EITHER
    yield "noise behind a head.jpg", _jpeg()[:200] + chance.randbytes(50_000), EITHER


def _bombs() -> Iterator[tuple]:
    yield "50,001 times 50,000.png", _png(50_001, 50_000), REFUSED
    yield "largest there can be.png", _png(2**31 - 1, 2**31 - 1), REFUSED
    yield "no width.png", _png(0, 400), REFUSED
    frame = b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;"
    yield "65,535 times 65,535.gif", b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + frame, REFUSED
    jpeg = _jpeg()
    start = jpeg.index(b"\xff\xc0") + 5
    yield "65,500 times 65,500.jpg", jpeg[:start] + b"\xff\xdc" * 2 + jpeg[start + 4 :], REFUSED
    large = struct.pack("<I", 0x2F | ((16_382 | (16_382 << 14)) << 8) & 0xFFFFFFFF)
    body = b"VP8L" + struct.pack("<I", 30) + large + b"\0" * 26
    yield "16,383 times 16,383.webp", b"RIFF" + struct.pack("<I", 42) + b"WEBP" + body, REFUSED
    profile = b"x\0\0" + zlib.compress(b"\0" * 64_000_000, 9)
    yield "64 MB of profile.png", _png(300, 300, before=_chunk(b"iCCP", profile)), REFUSED
    text = b"Comment\0\0" + zlib.compress(b"x" * 64_000_000, 9)
    yield "64 MB of text.png", _png(300, 300, before=_chunk(b"zTXt", text)), REFUSED


def _shapes() -> Iterator[tuple]:
    yield "one pixel.png", _png(1, 1), REFUSED
    yield "a line.png", _saved(Image.new("L", (50_000, 90)), "PNG"), REFUSED
    yield "a tower.png", _saved(Image.new("L", (120, 30_000)), "PNG"), REFUSED
    yield "a wide one.png", _saved(Image.new("L", (30_000, 120)), "PNG"), TAKEN
    yield "too many bytes.jpg", _jpeg() + b"\0" * (20 << 20), REFUSED


def _heavy() -> Iterator[tuple]:
    full = (7_071, 7_071)
    yield "50 million.jpg", _saved(Image.new("RGB", full, "red"), "JPEG"), TAKEN
    yield "50 million in CMYK.jpg", _saved(Image.new("CMYK", full), "JPEG", progressive=True), TAKEN
    for mode in ("RGB", "RGBA", "P", "I;16"):
        yield f"50 million in {mode}.png", _saved(Image.new(mode, full), "PNG"), TAKEN
    yield "50 million.gif", _saved(Image.new("P", full), "GIF"), TAKEN
    yield "50 million.webp", _saved(Image.new("RGB", full), "WEBP", method=0), EITHER
    yield "50 million.avif", _saved(Image.new("RGB", full), "AVIF", speed=10), EITHER
    scans = _saved(Image.new("L", full, 77), "JPEG", progressive=True)
    start = scans.rindex(b"\xff\xda")
    yield "200 scans of 50 million.jpg", scans[:-2] + scans[start:-2] * 200 + b"\xff\xd9", EITHER
