"""Taking in photos: opened elsewhere, made anew in a few sizes, the original kept private."""

import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404

from newsroom import events
from newsroom.models import User
from newsroom.refusals import NotAllowed

from .models import Photo
from .permissions import may_add, may_change
from .pictures import making
from .pictures.making import BadPhoto, Made

__all__ = ["BadPhoto", "add_photo", "check_file", "save_words", "shown"]


def add_photo(
    *, actor: User | None, file: IO[bytes], alt: str, caption: str = "", credit: str = ""
) -> Photo:
    """Store `file` privately, make its sizes, and return the new photo.

    Raises BadPhoto for what is no picture of ours, too large or too small, NotAllowed. Files are
    written before the row: a row never lacks its files.
    """
    if not may_add(actor, Photo):
        raise NotAllowed()
    made = _made(file)
    photo = Photo(
        token=secrets.token_hex(12),
        width=made.width,
        height=made.height,
        alt=alt,
        caption=caption,
        credit=credit,
        uploaded_by=actor,
    )
    name = f"{photo.token}.{made.extension}"
    photo.original.save(name, ContentFile(made.original), save=False)
    for width, data in made.sizes.items():
        default_storage.save(photo.path(width), ContentFile(data))
    with transaction.atomic():
        photo.save()
        events.record(actor=actor, verb="add", obj=photo)
    return photo


def shown(photo: Photo, width: int) -> FileResponse:
    """Return one size by its own type; raises Http404 for a lost file."""
    try:
        file = default_storage.open(photo.path(width))
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/webp")


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


def check_file(file: IO[bytes]) -> None:
    """Raise BadPhoto unless `file` can be added."""
    _made(file)


def _made(file: IO[bytes]) -> Made:
    """Return what is made of `file`, or raise BadPhoto again.

    What became of it stays with the file: a form checks it, then it is stored.
    """
    outcome = getattr(file, "outcome", None)
    if outcome is None:
        outcome = file.outcome = _outcome(file)
    if isinstance(outcome, BadPhoto):
        raise outcome
    return outcome


def _outcome(file: IO[bytes]) -> Made | BadPhoto:
    try:
        return making.make(file)
    except BadPhoto as bad:
        return bad
