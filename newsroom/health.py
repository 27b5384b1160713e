"""Whether this server can do its work, for the machine that watches it."""

import shutil
import tempfile

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from . import database_rules

MIN_FREE_BYTES = 100 * 1024 * 1024


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and disk work, 503 when either fails; no cookie, no secrets."""
    state = {"database": database_state(), "disk": disk_state()}
    healthy = set(state.values()) == {"ok"}
    return JsonResponse({"healthy": healthy, **state}, status=200 if healthy else 503)


def database_state() -> str:
    """Return "ok" when the database answers and keeps its rules, else what is wrong with it."""
    try:
        missing = database_rules.missing()
    except Error as error:
        return type(error).__name__
    return f"missing {', '.join(missing)}" if missing else "ok"


def disk_state() -> str:
    """Return "ok" when a file can be written beside the media and there is room, else why not."""
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
            file.write(b"healthz")
        free = shutil.disk_usage(settings.MEDIA_ROOT).free
    except OSError as error:
        return type(error).__name__
    return "ok" if free >= MIN_FREE_BYTES else "full"
