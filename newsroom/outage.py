"""The database does not answer, is locked or full: said honestly, and nothing typed is lost."""

import sqlite3

from django.core.exceptions import BadRequest, RequestAborted, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from . import origins
from .unsent import Unsent

RETRY_AFTER_SECONDS = 10
# Of SQLite's errors those that pass; the others are faults of ours.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
}


def is_meant(error: BaseException | None) -> bool:
    """Whether the error says that the database cannot be used at the moment."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF in _PASSING


def answer(request: HttpRequest) -> HttpResponse:
    """Answer 503 and ask nothing of the database.

    What a form of ours brought stands in the page, ready to be sent again. A stranger's form
    does not: one click on it would do what the stranger typed.
    """
    context = {"address": request.get_full_path(), "is_form": request.method == "POST"}
    if context["is_form"] and origins.is_ours(request):
        context |= {"unsent": _unsent(request), "csrf_token": get_token(request)}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _unsent(request: HttpRequest) -> Unsent | None:
    try:
        return Unsent.of(request)
    except (BadRequest, OSError, RequestAborted, SuspiciousOperation):
        return None  # the body itself could not be read
