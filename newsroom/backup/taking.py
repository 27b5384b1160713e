"""Taking a backup."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from . import files, postgresql, sqlite, terms
from .terms import BackupError, Manifest

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def take(folder: Path) -> Manifest:
    """Copy database and media into `folder`, which must be new or empty; return its manifest.

    The folder gets mode 0700, its files 0600. Raises BackupError; what was copied until then stays
    without a manifest.
    """
    _prepare(folder)
    taken_at = timezone.now()
    engine = ENGINES[connection.vendor]
    tables = terms.our_tables(connection.introspection.table_names())
    facts = engine.dump(folder / engine.FILE, tables)
    digests = {engine.FILE: files.sha256(folder / engine.FILE)}
    for path in files.walk(settings.MEDIA_ROOT):
        name = f"{terms.MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"
        digests[name] = files.copy(path, folder / name)
    manifest = Manifest(connection.vendor, taken_at.isoformat(), facts, digests)
    terms.write(folder, manifest)
    return manifest


def _prepare(folder: Path) -> None:
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise BackupError(_("A backup cannot lie among the media it copies."))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(_("%(folder)s is not empty: name a new folder.") % {"folder": folder})
    files.make_folder(folder)
    folder.chmod(files.PRIVATE_FOLDER)
