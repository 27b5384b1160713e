"""Copy database and media into a new folder."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom import backup, spare

MISSING_NAMED = 5


class Command(BaseCommand):
    """Take a backup; secrets (.env, var/env) are no part of it."""

    help = (
        "Copy database and media into a new folder; without one, into the next folder of "
        "BACKUP_DIR, where old ones are dropped. Secrets (.env, var/env) are not copied."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the folder, which must be new or empty."""
        parser.add_argument("folder", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was copied, and which files of the media rows name and nobody has."""
        try:
            folder, manifest = taken(options["folder"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        counts = {
            "folder": folder,
            "files": len(manifest.files),
            "rows": sum(manifest.facts.rows.values()),
        }
        spare.keep()
        self.stdout.write(_("%(rows)s rows and %(files)s files copied to %(folder)s.") % counts)
        if manifest.missing:
            names = ", ".join(manifest.missing[:MISSING_NAMED])
            values = {"number": len(manifest.missing), "names": names}
            self.stderr.write(_("%(number)s photos have no file: %(names)s") % values)


def taken(folder: Path | None) -> tuple[Path, backup.Manifest]:
    """Take a backup into the folder, or the next one of the row; raises BackupError."""
    if folder:
        return folder, backup.take(folder)
    return backup.take_next(settings.BACKUP_DIR, settings.BACKUP_KEEP)
