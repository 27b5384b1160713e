"""Collecting static files for the server: hashed and compressed, and only when one has changed."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

SEAL = "collected.json"


def collect() -> bool:
    """Bring STATIC_ROOT up to date; return whether there was anything to do.

    Hashing and compressing all of them takes ten times as long as starting the server.
    """
    seal = Path(settings.STATIC_ROOT) / SEAL
    found = _fingerprint()
    if seal.is_file() and json.loads(seal.read_text() or "null") == found:
        return False
    seal.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    seal.write_text(json.dumps(found))
    return True


def _fingerprint() -> str:
    """Return what changes with any file, with the storage, and with a lost or foreign copy."""
    parts = [json.dumps(settings.STORAGES["staticfiles"], sort_keys=True)]
    for finder in get_finders():
        for name, storage in finder.list(None):
            about = Path(storage.path(name)).stat()
            parts.append(f"{storage.path(name)} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()
