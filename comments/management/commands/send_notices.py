"""Send the letters to readers that are due."""

import argparse
from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from comments import notices
from newsroom import copies


class Command(BaseCommand):
    """For a timer, every few minutes; several may run at once."""

    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take whether this copy of a site is the site from now on."""
        parser.add_argument(
            "--take-over", action="store_true", help="let letters leave a site that was put back"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many went out; what could not go is tried again at a later run."""
        if options["take_over"]:
            dropped = notices.take_over()
            self.stdout.write(
                _("Letters leave again; %(number)s old ones dropped") % {"number": dropped}
            )
        elif copies.copied_at():
            self.stdout.write(_("Nothing is sent: this is a copy. See OPERATIONS.md, Restoring."))
        done = notices.deliver()
        said = {
            "sent": done["sent"],
            "failed": done["failed"] + done["broken"],
            "dropped": done["dropped"],
        }
        self.stdout.write(
            _("%(sent)s sent, %(failed)s put off, %(dropped)s not needed any more") % said
        )
