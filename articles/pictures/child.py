"""The program that opens pictures: started for one file, with little memory and little time.

Reads the file from its input. Writes a line of JSON, what became of it, and behind that line the
bytes of the sizes made, one after the other. It has neither settings nor secrets nor database.
"""

import io
import json
import os
import resource
import sys
from dataclasses import asdict, dataclass, field

from PIL import (  # The formats are loaded before memory is limited.
    AvifImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from .sizes import (
    CPU_SECONDS,
    MAX_HEIGHT,
    MAX_PIXELS,
    MEMORY_BYTES,
    MIN_SIDE,
    WIDTHS,
    size_at,
    widths_of,
)

# JPEGs of several pictures, as many phones make them, call themselves MPO once opened.
EXTENSIONS = {
    "JPEG": "jpg",
    "MPO": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "AVIF": "avif",
    "GIF": "gif",
}
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
QUALITY = 80

WRITTEN_BYTES = 20 << 20
NICENESS = 5  # readers first


class Refused(Exception):
    """A picture that is not taken; the argument is the word `making` has a sentence for."""


@dataclass
class Told:
    """What the parent learns, sizes in pixels and `bytes` as (width made, length)."""

    refused: str = ""
    extension: str = ""
    width: int = 0
    height: int = 0
    bytes: list[tuple[int, int]] = field(default_factory=list)


def main() -> None:
    """Open the picture on the standard input under limits and tell what became of it."""
    limit()
    told, sizes = Told(), []
    try:
        sizes = open_picture(sys.stdin.buffer.read(), told)
    except Refused as refused:
        told.refused = str(refused)
    except UnidentifiedImageError:
        told.refused = "unknown"
    except MemoryError:
        told.refused = "heavy"
    except Exception:  # Whatever a decoder stumbles over, the file is to blame.
        told.refused = "damaged"
    sys.stdout.buffer.write(json.dumps(asdict(told)).encode() + b"\n" + b"".join(sizes))


def limit() -> None:
    """Take away all that is not needed to open one picture."""
    with open("/proc/self/statm", encoding="ascii") as pages:
        used = int(pages.read().split()[0]) * resource.getpagesize()
    for kind, most in (
        (resource.RLIMIT_AS, used + MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(NICENESS)


def open_picture(data: bytes, told: Told) -> list[bytes]:
    """Return the sizes made of the first frame; raises Refused and whatever Pillow raises.

    The format is told by the content, never by a name.
    """
    Image.MAX_IMAGE_PIXELS = None  # Counted here, before anything is decoded.
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        told.extension = EXTENSIONS[image.format]
        told.width, told.height = upright_size(image)
        check_size(told.width, told.height)
        shown = shown_pixels(image, told)
    sizes = [_resized(shown, told, made) for made in widths_of(told.width)]
    told.bytes = list(zip(widths_of(told.width), map(len, sizes), strict=True))
    return sizes


def check_size(width: int, height: int) -> None:
    """Raise Refused for a picture that is too large, too tall or too small to be shown."""
    if width * height > MAX_PIXELS:
        raise Refused("large")
    if height * min(width, WIDTHS[-1]) > MAX_HEIGHT * width:
        raise Refused("tall")
    if min(width, height) < MIN_SIDE:
        raise Refused("small")


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as the camera says the picture is to be held."""
    width, height = image.size
    return (height, width) if _orientation(image) in (5, 6, 7, 8) else (width, height)


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(0x0112, 1)
    except Exception:  # A broken note says nothing about the pixels.
        return 1


def shown_pixels(image: Image.Image, told: Told) -> Image.Image:
    """Return the pixels upright, in sRGB, transparency white, as wide as the widest size."""
    turned = (told.width, told.height) != image.size
    wide, high = size_at(widths_of(told.width)[-1], told.width, told.height)
    size = (high, wide) if turned else (wide, high)
    image.draft(None, (2 * size[0], 2 * size[1]))  # A JPEG is decoded no larger than needed.
    image.load()
    return _srgb(_upright(_small(image, size)))


def _small(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Shrink before anything else is done: whatever follows is cheap then."""
    if image.mode in ("P", "PA", "1"):
        transparent = image.mode == "PA" or "transparency" in image.info
        image = image.convert("RGBA" if transparent else "RGB")
    elif "transparency" in image.info:
        image = image.convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS)


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image) if _orientation(image) != 1 else image


def _srgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would cut them off at white.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    image = _without_profile(image)
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _without_profile(image: Image.Image) -> Image.Image:
    """Turn the colours into those every screen shows, if the file says which ones it means."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = image.mode if image.mode in ("RGB", "CMYK", "L") else "RGB"
        return ImageCms.profileToProfile(
            image.convert(mode), source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # A broken profile says nothing about the pixels.


def _resized(image: Image.Image, told: Told, made: int) -> bytes:
    """Return one size: nothing but pixels, no place, no camera, no comment, no profile."""
    resized = image.resize(size_at(made, told.width, told.height), Image.Resampling.LANCZOS)
    resized.info.clear()
    out = io.BytesIO()
    resized.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


if __name__ == "__main__":
    main()
