"""Copy database and media into a new folder."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom import backup


class Command(BaseCommand):
    """Take a backup; secrets (.env, var/env) are no part of it."""

    help = "Copy database and media into a new folder. Secrets (.env, var/env) are not copied."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the folder, which must be new or empty."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was copied."""
        try:
            manifest = backup.take(options["folder"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        counts = {
            "folder": options["folder"],
            "files": len(manifest.files),
            "rows": sum(manifest.facts.rows.values()),
        }
        self.stdout.write(_("%(rows)s rows and %(files)s files copied to %(folder)s.") % counts)
