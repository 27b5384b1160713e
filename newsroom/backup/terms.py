"""What a backup says of itself: the facts of its database and the manifest over its files."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import FileField, Model
from django.utils.translation import gettext as _

from . import files

VERSION = 2
READABLE = (1, 2)  # 1 did not say which program took it and what it missed
MANIFEST = "manifest.json"
MEDIA = "media"
OUR_APPS = ("newsroom", "articles", "comments")


class BackupError(Exception):
    """A backup that was not taken or not put back; its message is for the person at the server."""


@dataclass(frozen=True)
class Facts:
    """What one state of the database holds. `migrations` are "app.name", sorted."""

    rows: dict[str, int]
    migrations: list[str]
    newest_event: int


@dataclass(frozen=True)
class Manifest:
    """All that is known of a backup. `files` maps each path in the folder to its SHA-256.

    `taken_at` is when it was begun: what was written later is not in it. `missing` are files that
    rows name and that were not among the media, `program` and `commit` who took it.
    """

    database: str
    taken_at: str
    facts: Facts
    files: dict[str, str]
    program: str = ""
    commit: str = ""
    missing: list[str] = field(default_factory=list)
    version: int = VERSION


def our_tables(existing: Iterable[str]) -> list[str]:
    """Return the tables of our own apps that are among the existing ones, in order."""
    return sorted({model._meta.db_table for model in _our_models()} & set(existing))


def _our_models() -> list[type[Model]]:
    configs = (apps.get_app_config(label) for label in OUR_APPS)
    return [model for config in configs for model in config.get_models(include_auto_created=True)]


def read_facts(cursor: Any, tables: Iterable[str]) -> Facts:
    """Return the facts of the state that `cursor` sees, whichever database it belongs to."""

    def rows(query: str) -> list[tuple]:
        cursor.execute(query)
        return cursor.fetchall()

    applied = rows("SELECT app, name FROM django_migrations ORDER BY app, name")
    return Facts(
        rows={table: rows(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables},
        migrations=[f"{app}.{name}" for app, name in applied],
        newest_event=rows("SELECT coalesce(max(id), 0) FROM newsroom_event")[0][0],
    )


def files_named(cursor: Any, tables: Iterable[str]) -> set[str]:
    """Return the files of the media that rows of these tables name, by the state `cursor` sees."""
    columns = [
        (model._meta.db_table, one.column)
        for model in _our_models()
        for one in model._meta.local_fields
        if isinstance(one, FileField) and model._meta.db_table in tables
    ]
    named = set()
    for table, column in columns:
        cursor.execute(f"""SELECT "{column}" FROM "{table}" WHERE "{column}" <> ''""")
        named |= {name for (name,) in cursor.fetchall()}
    return named


def write(folder: Path, manifest: Manifest) -> None:
    """Store the manifest whole or not at all."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    files.write(folder / MANIFEST, text.encode())


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup; raises BackupError for anything else."""
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if values["version"] not in READABLE:
            raise BackupError(_("This backup was taken by another version of the program."))
        return Manifest(**{**values, "facts": Facts(**values["facts"])})
    except FileNotFoundError as error:
        message = _("%(folder)s is no complete backup: it has no manifest.json.")
        raise BackupError(message % {"folder": folder}) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(_("manifest.json is damaged.")) from error


def verify(folder: Path, manifest: Manifest) -> None:
    """Raise BackupError unless every file of the manifest is there, unchanged and in the folder."""
    for name, expected in manifest.files.items():
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file() or files.sha256(path) != expected:
            raise BackupError(_("%(name)s is missing or damaged.") % {"name": name})
