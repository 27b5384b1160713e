"""Putting a backup back into an empty site."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils.translation import gettext as _

from . import files, terms
from .taking import ENGINES
from .terms import BackupError, Facts, Manifest


def restore(folder: Path) -> tuple[Manifest, Facts, list[str]]:
    """Put the backup in `folder` back; return its manifest, what is there now, and the migrations
    that this program has and the backup had not.

    Raises BackupError before anything is changed: for a damaged backup, another kind of database,
    a newer program, a site that is not empty.
    """
    manifest = terms.read(folder)
    _check_kind(manifest)
    missing = _missing_migrations(manifest.facts.migrations)
    _check_empty()
    terms.verify(folder, manifest)
    engine = ENGINES[connection.vendor]
    engine.load(folder / engine.FILE)
    _put_media_back(folder, manifest.files)
    with connection.cursor() as cursor:
        return manifest, terms.read_facts(cursor, manifest.facts.rows), missing


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


def _check_empty() -> None:
    tables = set(connection.introspection.table_names())
    written = (get_user_model(), apps.get_model("articles", "Article"))
    if _has_rows(model for model in written if model._meta.db_table in tables):
        raise BackupError(_("This site is in use; a backup goes only into an empty one."))
    if any(files.walk(Path(settings.MEDIA_ROOT))):
        message = _("%(folder)s is not empty; a backup goes only into an empty site.")
        raise BackupError(message % {"folder": settings.MEDIA_ROOT})


def _has_rows(models: Iterable[type[Model]]) -> bool:
    return any(model.objects.exists() for model in models)


def _put_media_back(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        kind, _slash, path = name.partition("/")
        if kind == terms.MEDIA:
            files.copy(folder / name, Path(settings.MEDIA_ROOT) / path)
