"""Empty the comments whose time is over, and drop what else is kept for a time only."""

import argparse
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import retention


class Command(BaseCommand):
    """For a timer, once a night; run again, it finds nothing to do."""

    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take whether to write at all."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many of each kind were dropped."""
        for label, number in retention.sweep(timezone.now(), dry_run=options["dry_run"]):
            if options["verbosity"] > 1 or number:
                self.stdout.write(f"{number:>7}  {label}")
        dry = _("Nothing was written: this was a dry run.")
        self.stdout.write(dry if options["dry_run"] else _("All that was over has been dropped."))
