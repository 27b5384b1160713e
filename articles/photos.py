"""Taking in photos: checked by content, made anew in a few sizes, the original kept private.

The sizes hold nothing but pixels: no place, no camera, no comment, no colour profile.
"""

import io
import secrets
import warnings
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from newsroom import events
from newsroom.models import User
from newsroom.refusals import NotAllowed

from .models import Photo
from .models.photos import WIDTHS
from .permissions import may_add, may_change

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MIN_SIDE = 100
MAX_HEIGHT = 16_000  # of a size that is shown; the format ends a little above
QUALITY = 80


class BadPhoto(ValueError):
    """A file that cannot be taken; its message is for the person who chose it."""


@dataclass(frozen=True)
class Picture:
    """A checked picture, upright, in sRGB, and the format its file had."""

    image: Image.Image
    extension: str


def add_photo(
    *, actor: User | None, file: IO[bytes], alt: str, caption: str = "", credit: str = ""
) -> Photo:
    """Store `file` privately, make its sizes, and return the new photo.

    Raises BadPhoto for what is no picture of ours, too large or too small, NotAllowed. Files are
    written before the row: a row never lacks its files.
    """
    if not may_add(actor, Photo):
        raise NotAllowed()
    data = _read(file)
    picture = open_picture(data)
    width, height = picture.image.size
    photo = Photo(
        token=secrets.token_hex(12),
        width=width,
        height=height,
        alt=alt,
        caption=caption,
        credit=credit,
        uploaded_by=actor,
    )
    photo.original.save(f"{photo.token}.{picture.extension}", ContentFile(data), save=False)
    for made in photo.widths:
        default_storage.save(photo.path(made), ContentFile(_resized(picture.image, photo, made)))
    with transaction.atomic():
        photo.save()
        events.record(actor=actor, verb="add", obj=photo)
    return photo


@transaction.atomic
def save_words(*, actor: User | None, photo: Photo) -> Photo:
    """Save description, caption and credit. Texts saved before keep the words they had.

    Raises NotAllowed.
    """
    if not may_change(actor, photo):
        raise NotAllowed()
    photo.save(update_fields=["alt", "caption", "credit", "search_words"])
    events.record(actor=actor, verb="change", obj=photo)
    return photo


def _read(file: IO[bytes]) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadPhoto(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES >> 20})
    return data


def check_file(file: IO[bytes]) -> None:
    """Raise BadPhoto unless `file` can be added; it stands at its beginning again afterwards."""
    open_picture(_read(file))
    file.seek(0)


def open_picture(data: bytes) -> Picture:
    """Return the first frame of the picture in `data`; raises BadPhoto.

    The format is told by the content, never by a name.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
                _check_size(*image.size)
                image.load()
                return Picture(_srgb(ImageOps.exif_transpose(image)), FORMATS[image.format])
    except BadPhoto:
        raise
    except UnidentifiedImageError as error:
        raise BadPhoto(
            _("This is no picture the site can show. Take a JPEG, PNG, WebP, AVIF or GIF.")
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto(_too_large()) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        message = _("The picture is damaged. Export it again and choose it once more.")
        raise BadPhoto(message) from error


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise BadPhoto(_too_large())
    shown = min(width, WIDTHS[-1])
    if height * shown > MAX_HEIGHT * width:
        raise BadPhoto(_("The picture is too tall for its width. Cut it into several."))
    if min(width, height) < MIN_SIDE:
        message = _(
            "The picture is too small: %(width)s × %(height)s, at least %(least)s are needed."
        )
        raise BadPhoto(message % {"width": width, "height": height, "least": MIN_SIDE})


def _too_large() -> str:
    return _("The picture has more than %(limit)s million pixels. Make it smaller first.") % {
        "limit": MAX_PIXELS // 1_000_000
    }


def _srgb(image: Image.Image) -> Image.Image:
    """Return the pixels in sRGB; transparency becomes white."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would cut them off at white.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if profile := image.info.get("icc_profile"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = image.mode if image.mode in ("RGB", "CMYK", "L") else "RGB"
            image = ImageCms.profileToProfile(
                image.convert(mode), source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # A broken profile says nothing about the pixels.
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _resized(image: Image.Image, photo: Photo, width: int) -> bytes:
    resized = image.resize(photo.size(width), Image.Resampling.LANCZOS)
    resized.info.clear()
    out = io.BytesIO()
    resized.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
