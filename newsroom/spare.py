"""A file that takes up room: deleted when the disk is full, it lets the newsroom write again.

It lies beside the database of SQLite, in var/.
"""

import os
import shutil
from pathlib import Path

from django.conf import settings

ROOM = 4  # made only where so many times its size stays free: a full disk is left alone


def path() -> Path:
    """Return where the file is."""
    return settings.VAR_DIR / "spare"


def is_there() -> bool:
    """Whether it takes up the room it should; where it should take none it does."""
    return not _size() or (path().is_file() and path().stat().st_size >= _size())


def keep() -> bool:
    """Make the file if it is missing and there is room for it; return whether it is there."""
    if is_there():
        return True
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path().parent).free < (ROOM + 1) * _size():
        return False
    with path().open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, _size())
    return True


def _size() -> int:
    return settings.SPARE_MB * 1024 * 1024
