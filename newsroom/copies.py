"""A site put back from a backup is a copy until somebody says that it takes the site's place.

Until then no letter to readers leaves it: the site it is a copy of may be alive, and what waited
in the backup may have been sent since. The mark is a file among the media, so that it goes where
the copy goes and every machine that shares them sees it.
"""

import datetime as dt
from pathlib import Path

from django.conf import settings

MARK = ".restored"


def mark(taken_at: str) -> None:
    """Say that what is here is a copy, of a backup taken at a moment (ISO 8601)."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(taken_at, encoding="utf-8")


def copied_at() -> dt.datetime | None:
    """Return of which moment this site is a copy, None where it is none."""
    try:
        return dt.datetime.fromisoformat(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def unmark() -> None:
    """Say that what is here is the site from now on."""
    _path().unlink(missing_ok=True)


def _path() -> Path:
    return Path(settings.MEDIA_ROOT) / MARK
