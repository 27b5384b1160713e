"""Whether this server can do its work, for the machine that watches it."""

import shutil
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from . import database_rules

MIN_FREE = 0.05


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 and "ok", or 503 and what is wrong in one word: database, rules or disk."""
    wrong = database_fault() or disk_fault()
    status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
    return HttpResponse(wrong or "ok", status=status, content_type="text/plain")


def database_fault() -> str:
    """Return "database" where it does not answer, "rules" where it has lost one, else ""."""
    try:
        return "rules" if database_rules.missing() else ""
    except Error:
        return "database"


def disk_fault() -> str:
    """Return "disk" where less than a twentieth of one we write to is free, else ""."""
    try:
        return "disk" if min(map(free_share, disks())) < MIN_FREE else ""
    except OSError:
        return "disk"


def disks() -> list[Path]:
    """Return the folders of media and, on SQLite, of the database; those that are there yet."""
    written = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite":
        written.append(Path(connection.settings_dict["NAME"]).parent)
    return [next(each for each in (path, *path.parents) if each.exists()) for path in written]


def free_share(folder: Path) -> float:
    """Return how much of a disk is free, from 0 to 1."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total
