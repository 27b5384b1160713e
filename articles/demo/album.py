"""The pictures of the demo as photos of the newsroom: each file becomes one photo."""

from typing import Any, Self

from django.core.files.storage import default_storage

from newsroom.models import User

from .. import photos
from ..models import Photo
from .plan import PICTURES


class Album:
    """Takes pictures in on first use; around a transaction that fails it removes their files."""

    def __init__(self) -> None:
        self._photos: dict[str, Photo] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_details: Any) -> None:
        if failure:
            self._discard()

    def photo(self, actor: User | None, picture: dict[str, Any]) -> Photo:
        """Return the photo made of `picture["file"]`, with the words of its first use."""
        name = picture["file"]
        if name not in self._photos:
            words = {column: picture[column] for column in ("alt", "caption", "credit")}
            with (PICTURES / name).open("rb") as file:
                self._photos[name] = photos.add_photo(actor=actor, file=file, **words)
        return self._photos[name]

    def _discard(self) -> None:
        for photo in self._photos.values():
            for path in (photo.original.name, *map(photo.path, photo.widths)):
                default_storage.delete(path)
