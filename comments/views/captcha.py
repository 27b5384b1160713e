"""The picture and the sound of a code, which nothing keeps."""

import datetime as dt
import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import captcha, pressure, tallies
from ..senders import sender_of
from ..visits import private
from .showing import clock, waits

_RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})", re.ASCII)


def _of_live_code(
    view: Callable[[HttpRequest, str], HttpResponse | None],
) -> Callable[..., HttpResponse]:
    """Answer 410 for a key that is unknown, used or expired, and 429, in a sentence, to a network
    that asks for far more than readers do."""

    @private
    @wraps(view)
    def answered(request: HttpRequest, key: str) -> HttpResponse:
        try:
            answer = view(request, key) if captcha.is_live(key) else None
        except pressure.TooMany as refusal:
            return _wait(refusal.until)
        return answer or HttpResponse(status=410)

    return answered


@require_safe
@_of_live_code
def image(request: HttpRequest, key: str) -> HttpResponse | None:
    """Send the picture of a code."""
    pressure.spend(pressure.DRAWN_OF_ONE, key)
    pressure.spend(pressure.DRAWN, sender_of(request).prefix_hash)
    drawn = captcha.image(key)
    return drawn and HttpResponse(drawn, "image/png")


@require_safe
@_of_live_code
def audio(request: HttpRequest, key: str) -> HttpResponse | None:
    """Send the digits of a code spoken, whole or the part asked for.

    Counted once a key: players ask for it piece by piece.
    """
    if pressure.spend(pressure.SPOKEN_OF_ONE, key) == 1:
        tallies.count("audio")
    pressure.spend(pressure.SPOKEN, sender_of(request).prefix_hash)
    spoken = captcha.audio(key)
    return spoken and _part(spoken, request.headers.get("Range", ""))


def _wait(until: dt.datetime) -> HttpResponse:
    sentence = _("Too much has been asked for from your network. Please wait until %(time)s.")
    sentence %= {"time": clock(until)}
    return waits(HttpResponse(sentence, "text/plain; charset=utf-8", 429), until)


def _part(sound: bytes, asked: str) -> HttpResponse:
    """Answer 206 with a part: there are players that take nothing else."""
    match = _RANGE.fullmatch(asked)
    start = int(match[1]) if match else 0
    end = min(int(match[2] or len(sound)) if match else len(sound), len(sound) - 1)
    if not match or start > end:
        response = HttpResponse(sound, "audio/wav")
    else:
        response = HttpResponse(sound[start : end + 1], "audio/wav", 206)
        response["Content-Range"] = f"bytes {start}-{end}/{len(sound)}"
    response["Accept-Ranges"] = "bytes"
    return response
