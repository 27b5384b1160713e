"""Where a request comes from, so that one day's requests of a network can be told to be its.

The network (/24, or /56 of IPv6) is hashed with a key that lives a day: once it is gone, nobody
can say any more which network it was, whoever has the log and all other secrets.
"""

import datetime as dt
import hashlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32


def hidden(network: str) -> str:
    """Return the hash of a network, of today: 12 hex digits, on all workers of this machine."""
    key = _key(settings.VAR_DIR / "log-keys", dt.datetime.now(dt.UTC).date())
    return hashlib.blake2b(network.encode(), key=key, digest_size=6).hexdigest()


@lru_cache(maxsize=2)
def _key(folder: Path, day: dt.date) -> bytes:
    """Return the key of a day; who comes first makes it and drops those of other days.

    Where nothing can be written each process has a key of its own.
    """
    path, fresh = folder / day.isoformat(), secrets.token_bytes(KEY_BYTES)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in folder.iterdir():
            if other.stem != path.name:
                other.unlink(missing_ok=True)
        return _first_of(path, fresh)
    except OSError:
        return fresh


def _first_of(path: Path, fresh: bytes) -> bytes:
    """Return what stands in the file; put `fresh` there, whole, if nobody has been faster."""
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.touch(mode=0o600)
    own.write_bytes(fresh)
    try:
        os.link(own, path)
    except FileExistsError:
        return path.read_bytes()
    finally:
        own.unlink(missing_ok=True)
    return fresh
