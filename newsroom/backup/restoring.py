"""Putting a backup back into an empty site."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils.translation import gettext as _

from newsroom import copies

from . import files, terms
from .taking import ENGINES
from .terms import BackupError, Facts, Manifest


def restore(folder: Path) -> tuple[Manifest, Facts, list[str]]:
    """Put the backup in `folder` back; return its manifest, what is there now, and the migrations
    that this program has and the backup had not.

    Raises BackupError before anything is changed: for a damaged backup, another kind of database,
    a newer program, a site that is not empty. Where it breaks off later it can be repeated: the
    database, loaded last and at once, is what makes a site be in use. What is put back is a copy,
    which sends no letters until somebody says otherwise; see newsroom.copies.
    """
    manifest = terms.read(folder)
    _check_kind(manifest)
    missing = _missing_migrations(manifest.facts.migrations)
    media = _media_of(manifest)
    _check_empty(media)
    terms.verify(folder, manifest)
    for path in media:
        _put_back(folder / terms.MEDIA / path, Path(settings.MEDIA_ROOT) / path)
    copies.mark(manifest.taken_at)
    return manifest, load_database(folder, manifest), missing


def load_database(folder: Path, manifest: Manifest) -> Facts:
    """Put the database of a backup in place of the present one; return what is there now.

    Raises BackupError for another kind of database or a damaged file, and looks at nothing else:
    whoever calls this knows that the present one may go.
    """
    _check_kind(manifest)
    engine = ENGINES[connection.vendor]
    terms.verify(folder, replace(manifest, files={engine.FILE: manifest.files[engine.FILE]}))
    engine.load(folder / engine.FILE)
    with connection.cursor() as cursor:
        return terms.read_facts(cursor, manifest.facts.rows)


def _put_back(source: Path, target: Path) -> None:
    """Copy a file of the media, unless a restore that broke off has done so already."""
    if not files.is_unchanged(source, target):
        files.copy(source, target)


def _check_kind(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        message = _("This is a backup of %(theirs)s, and the site runs on %(ours)s.")
        raise BackupError(message % {"theirs": manifest.database, "ours": connection.vendor})


def _missing_migrations(applied: list[str]) -> list[str]:
    """Return what of our migrations the backup lacks; raises BackupError if it is ahead of us."""
    ours = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if ahead := sorted(set(applied) - ours):
        message = _("The backup is of a newer version of the program: it has %(migration)s.")
        raise BackupError(message % {"migration": ahead[-1]})
    return sorted(ours - set(applied))


def _media_of(manifest: Manifest) -> dict[str, str]:
    """Return the SHA-256 of each file of the media, by its path under MEDIA_ROOT."""
    named = ((name.partition("/"), digest) for name, digest in manifest.files.items())
    return {path: digest for (kind, _slash, path), digest in named if kind == terms.MEDIA}


def _check_empty(media: dict[str, str]) -> None:
    tables = set(connection.introspection.table_names())
    written = (get_user_model(), apps.get_model("articles", "Article"))
    if _has_rows(model for model in written if model._meta.db_table in tables):
        raise BackupError(_("This site is in use; a backup goes only into an empty one."))
    if _has_others(Path(settings.MEDIA_ROOT), media):
        message = _("%(folder)s is not empty; a backup goes only into an empty site.")
        raise BackupError(message % {"folder": settings.MEDIA_ROOT})


def _has_others(root: Path, media: dict[str, str]) -> bool:
    """Whether a file is there that no broken-off restore of this very backup has left."""
    halves = {files.unfinished(Path(name)) for name in media}
    there = ((path, path.relative_to(root)) for path in files.walk(root))
    return any(
        name not in halves
        and name.name != copies.MARK
        and files.sha256(path) != media.get(name.as_posix())
        for path, name in there
    )


def _has_rows(models: Iterable[type[Model]]) -> bool:
    return any(model.objects.exists() for model in models)
