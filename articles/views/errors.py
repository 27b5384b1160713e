"""What a reader is told when there is no page: 400, 403, 404, 410, 500, 503."""

import datetime as dt
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import outage

from .cards import latest
from .frame import CACHE_CONTROL, Frame, answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400; asks nothing of the database."""
    return _plain("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403; asks nothing of the database."""
    return _plain("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with a search and the latest news, the same for whatever was asked."""
    frame = Frame.load(timezone.now())
    page = frame.page(title=_("This page was not found"), robots="noindex")
    return answer("404.html", page, status=404, latest=latest(frame.at, frame.day))


def gone(at: dt.datetime, template: str = "410.html", **shown: Any) -> HttpResponse:
    """Answer 410: readers saw the article once, and the newsroom has taken it off.

    Another template extends 410.html, with what else is `shown` to who asked.
    """
    page = Frame.load(at).page(title=_("This article has been withdrawn"), robots="noindex")
    return answer(template, page, status=410, **shown)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where it is the database that failed; asks nothing of it."""
    if outage.is_meant(sys.exception()):
        return outage.answer(request)
    return _plain("500.html", 500)


def _plain(template: str, status: int) -> HttpResponse:
    response = HttpResponse(render_to_string(template), status=status)
    response["Cache-Control"] = CACHE_CONTROL
    return response
