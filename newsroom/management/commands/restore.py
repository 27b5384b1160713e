"""Put a backup back into an empty site."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom import backup

from .serve import check_stopped


class Command(BaseCommand):
    """Put database and media back and compare them with what the backup says."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the folder of the backup."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the rows of each table.

        Raises CommandError where they differ from the backup, and where the site runs.
        """
        check_stopped()
        try:
            manifest, found, missing = backup.restore(options["folder"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        for table, rows in sorted(found.rows.items()):
            self.stdout.write(f"{table:<32} {rows:>9}")
        self.stdout.write(_("Newest log entry: %(number)s") % {"number": found.newest_event})
        if found != manifest.facts:
            raise CommandError(_("The restored database differs from the backup."))
        if missing:
            names = ", ".join(missing)
            self.stdout.write(_("Run migrate: the backup lacks %(names)s.") % {"names": names})
        said = _("No letter leaves this copy. To make it the site: send_notices --take-over")
        self.stdout.write(said)
