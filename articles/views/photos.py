"""Photos in the sizes readers may see. Originals have no address."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from newsroom import policies

from .. import listing, photos
from ..models import Photo
from .frame import safe

# Kept for a while, but not for long: a withdrawn article takes its photos with it.
CACHE_CONTROL = "public, max-age=300"


@policies.as_file
@safe
def photo(request: HttpRequest, at: dt.datetime, token: str, width: int) -> HttpResponse:
    """Hand out one size of a photo that stands in a text readers see now; to staff no more."""
    # One that was never there is asked for in the same way: it takes the same time as a hidden one.
    found = Photo.objects.filter(token=token).first() or Photo(pk=0)
    if not listing.shows(found, at) or width not in found.widths:
        raise Http404
    # A size is made once under a token of its own, so its name says all about its bytes.
    etag = f'"{token}-{width}"'
    response = get_conditional_response(request, etag=etag) or photos.shown(found, width)
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    # Feed readers show our pictures on their own pages.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
