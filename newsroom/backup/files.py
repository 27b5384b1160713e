"""Files of a backup: private, complete on the disk before they get their name, known by SHA-256."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
CHUNK_BYTES = 1 << 20


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, that only we may enter."""
    for missing in reversed([path, *path.parents]):
        if not missing.exists():
            missing.mkdir(mode=PRIVATE_FOLDER)


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Give a temporary name to fill; afterwards the file stands at `path`, safe on the disk.

    On an error nothing is left.
    """
    temporary = unfinished(path)
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        temporary.chmod(PRIVATE_FILE)
        _sync(temporary)
        temporary.rename(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def unfinished(path: Path) -> Path:
    """Return the name a file has until it is complete."""
    return path.with_name(f".{path.name}.part")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, data: bytes) -> None:
    """Store `data` as a private file."""
    with appearing(path) as temporary:
        temporary.touch(mode=PRIVATE_FILE)
        temporary.write_bytes(data)


def copy(source: Path, target: Path) -> str:
    """Copy a file with its time of change; return its SHA-256 as it was read."""
    make_folder(target.parent)
    digest = hashlib.sha256()
    changed_at = source.stat().st_mtime_ns
    with appearing(target) as temporary:
        temporary.touch(mode=PRIVATE_FILE)
        with source.open("rb") as reading, temporary.open("wb") as writing:
            for chunk in _chunks(reading):
                digest.update(chunk)
                writing.write(chunk)
        os.utime(temporary, ns=(changed_at, changed_at))
    return digest.hexdigest()


def is_unchanged(source: Path, copied: Path) -> bool:
    """Whether a copy made earlier is of the file as it is now, by size and time of change."""
    if not copied.is_file():
        return False
    ours, theirs = source.stat(), copied.stat()
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def link(copied: Path, target: Path) -> bool:
    """Give an earlier copy a second name; False where the disk knows no such thing."""
    make_folder(target.parent)
    try:
        os.link(copied, target)
    except OSError:
        return False
    return True


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def walk(folder: Path) -> Iterator[Path]:
    """Yield the regular files under a folder, sorted; none where there is no folder."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
