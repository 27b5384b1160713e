"""Photos at the desk: also those no reader may see yet."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from newsroom import policies
from newsroom.role_admin import holds

from .. import photos
from ..models import Photo
from .lists import READERS


@policies.as_file
def desk_photo(request: HttpRequest, token: str, width: int) -> FileResponse:
    """Answer with one size of any photo, for members of the newsroom alone; never stored."""
    if not holds(request, READERS):
        raise PermissionDenied
    photo = get_object_or_404(Photo, token=token)
    if width not in photo.widths:
        raise Http404
    response = photos.shown(photo, width)
    response["Cache-Control"] = "private, no-store"
    return response


def desk_photo_by_id(request: HttpRequest, pk: int) -> FileResponse:
    """Answer with the smallest size of photo `pk`: what the editor shows for a token."""
    photo = get_object_or_404(Photo, pk=pk)
    return desk_photo(request, photo.token, photo.widths[0])
