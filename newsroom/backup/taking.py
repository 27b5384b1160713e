"""Taking a backup."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import copies, program

from . import files, postgresql, sqlite, terms
from .terms import BackupError, Manifest

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def take(folder: Path) -> Manifest:
    """Copy database and media into `folder`, which must be new or empty; return its manifest.

    Media that the newest backup beside it holds already are linked, not copied again. The folder
    gets mode 0700, its files 0600. Raises BackupError; what was copied until then stays without a
    manifest.
    """
    _prepare(folder)
    former = newest(folder.parent)
    taken_at = timezone.now()
    engine = ENGINES[connection.vendor]
    tables = terms.our_tables(connection.introspection.table_names())
    with engine.dumped(folder / engine.FILE) as cursor:
        facts = terms.read_facts(cursor, tables)
        named = terms.files_named(cursor, tables)
    digests = {engine.FILE: files.sha256(folder / engine.FILE)}
    digests |= dict(_copied_media(folder, former))
    manifest = Manifest(
        database=connection.vendor,
        taken_at=taken_at.isoformat(),
        facts=facts,
        files=digests,
        program=program.version(),
        commit=program.commit(),
        missing=sorted(name for name in named if f"{terms.MEDIA}/{name}" not in digests),
    )
    terms.write(folder, manifest)
    return manifest


def newest(root: Path) -> Path | None:
    """Return the latest complete backup among the folders of `root`."""
    found = [(path.stat().st_mtime_ns, path.parent) for path in root.glob(f"*/{terms.MANIFEST}")]
    return max(found)[1] if found else None


def _prepare(folder: Path) -> None:
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise BackupError(_("A backup cannot lie among the media it copies."))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(_("%(folder)s is not empty: name a new folder.") % {"folder": folder})
    files.make_folder(folder)
    folder.chmod(files.PRIVATE_FOLDER)


def _copied_media(folder: Path, former: Path | None) -> Iterator[tuple[str, str]]:
    """Copy or link all media; yield the name in the backup and the SHA-256 of each.

    A file that goes meanwhile, as one of an upload that failed, is left out: no row of the copied
    state names it, or `missing` tells.
    """
    known = _digests_of(former)
    root = Path(settings.MEDIA_ROOT)
    for path in files.walk(root):
        if path == root / copies.MARK:
            continue
        name = f"{terms.MEDIA}/{path.relative_to(root).as_posix()}"
        try:
            linked = name in known and _linked(path, former / name, folder / name)
            yield name, known[name] if linked else files.copy(path, folder / name)
        except FileNotFoundError:
            continue


def _digests_of(former: Path | None) -> dict[str, str]:
    """Return what the former backup says of its files; nothing where it cannot be read."""
    try:
        return terms.read(former).files if former else {}
    except BackupError:
        return {}


def _linked(path: Path, copied: Path, target: Path) -> bool:
    return files.is_unchanged(path, copied) and files.link(copied, target)
