"""Try a backup: put it into an empty place elsewhere, and see whether it is the site."""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from newsroom import backup
from newsroom.backup.elsewhere import empty_place
from newsroom.opening import open_pages


class Command(BaseCommand):
    """Restore, check, compare and open pages in a process of its own; the site is not touched."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the folder of a backup; without one the newest of BACKUP_DIR is tried."""
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found; raises CommandError where the backup is not what it says."""
        folder = options["folder"] or backup.newest(settings.BACKUP_DIR)
        if folder is None:
            message = _("There is no backup in %(folder)s.")
            raise CommandError(message % {"folder": settings.BACKUP_DIR})
        try:
            self._try(folder) if options["here"] else self._try_elsewhere(folder)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _try_elsewhere(self, folder: Path) -> None:
        """Do it in a process that knows only the empty place; say how long and how much is lost."""
        begun, taken_at = time.monotonic(), parse_datetime(backup.manifest_of(folder).taken_at)
        lost = (timezone.now() - taken_at).total_seconds()
        words = [sys.executable, "manage.py", "drill", "--here", str(folder.resolve())]
        with empty_place() as environment:
            done = subprocess.run(
                words,
                cwd=settings.BASE_DIR,
                env=environment,
                text=True,
                errors="replace",
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
        self.stdout.write(done.stdout)
        if done.returncode:
            raise CommandError(_("This backup does not bring the site back."))
        minutes = (time.monotonic() - begun) / 60
        said = _("The site was back after %(minutes)s minutes. Lost: the last %(lost)d seconds.")
        self.stdout.write(said % {"minutes": number_format(minutes, 1), "lost": lost})

    def _try(self, folder: Path) -> None:
        """Restore here, where nothing is; raises CommandError for what is not as it should be."""
        manifest, found, lacking = backup.restore(folder)
        self._compare(manifest, found)
        if lacking:
            self.stdout.write(_("Migrating: the backup is of an older version."))
            call_command("migrate", verbosity=0)
        call_command("migrate", check_unapplied=True, verbosity=0)
        call_command("check", databases=["default"], stdout=self.stdout)
        self._open()

    def _compare(self, manifest: backup.Manifest, found: backup.Facts) -> None:
        for table, rows in sorted(found.rows.items()):
            self.stdout.write(f"{table:<32} {rows:>9} / {manifest.facts.rows[table]}")
        counts = {"number": found.newest_event, "files": len(manifest.files)}
        self.stdout.write(_("Newest log entry %(number)s, %(files)s files sound.") % counts)
        if found != manifest.facts:
            raise CommandError(_("The restored database differs from the backup."))
        if manifest.missing:
            message = _("%(number)s photos have no file: %(names)s")
            names = ", ".join(manifest.missing[:5])
            self.stdout.write(message % {"number": len(manifest.missing), "names": names})

    def _open(self) -> None:
        failed = []
        for page in open_pages(sign_in=True):
            self.stdout.write(f"{page.label:<12} {page.status} {page.size_bytes:>9} {page.path}")
            if not page.is_well:
                failed.append(page.path)
        if failed:
            message = _("Pages that do not open: %(paths)s")
            raise CommandError(message % {"paths": ", ".join(failed)})
