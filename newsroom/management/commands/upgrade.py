"""Bring the database of the version before up to this one, or leave it as it was."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from newsroom import backup
from newsroom.opening import open_pages

from .serve import check_database, check_stopped


class Command(BaseCommand):
    """Back up, migrate, check, open pages; whatever fails, the database is put back."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the backup whose database is to be put back, for who has changed his mind."""
        parser.add_argument("--back", type=Path, metavar="FOLDER", help="undo an upgrade")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where the site runs, no backup can be taken, or it has failed."""
        check_stopped()
        check_database()
        if options["back"]:
            self._put_back(options["back"])
            return
        folder = self._back_up()
        try:
            self._bring_up_to_date()
        except BaseException as error:  # also somebody who presses Ctrl-C, and exit codes
            self.stderr.write(f"{type(error).__name__}: {error}")
            self._put_back(folder)
            raise CommandError(
                _("The upgrade failed; the database is as it was. Start the version before again.")
            ) from error
        self.stdout.write(_("Upgraded. To undo it: upgrade --back %(path)s") % {"path": folder})

    def _back_up(self) -> Path:
        try:
            folder, manifest = backup.take_next(settings.BACKUP_DIR, settings.BACKUP_KEEP)
        except (backup.BackupError, OSError) as error:
            message = _("Nothing was changed, because no backup could be taken: %(reason)s")
            raise CommandError(message % {"reason": error}) from error
        rows = sum(manifest.facts.rows.values())
        message = _("Backed up to %(path)s: %(rows)s rows.")
        self.stdout.write(message % {"path": folder, "rows": rows})
        return folder

    def _bring_up_to_date(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("migrate", check_unapplied=True, verbosity=0)
        call_command("check", databases=["default"], stdout=self.stdout)
        failed = [page.path for page in open_pages(sign_in=False) if not page.is_well]
        if failed:
            message = _("Pages that do not open: %(paths)s")
            raise CommandError(message % {"paths": ", ".join(failed)})

    def _put_back(self, folder: Path) -> None:
        """Load the database of the backup; photos were never touched."""
        try:
            manifest = backup.manifest_of(folder)
            found = backup.load_database(folder, manifest)
        except (backup.BackupError, OSError) as error:
            message = _("The database of %(path)s could not be put back: %(reason)s")
            raise CommandError(message % {"path": folder, "reason": error}) from error
        if found != manifest.facts:
            raise CommandError(_("The restored database differs from the backup."))
        self.stdout.write(_("The database of %(path)s is back.") % {"path": folder})
