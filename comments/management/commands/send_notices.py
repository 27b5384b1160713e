"""Send the letters to readers that are due."""

from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from comments import notices


class Command(BaseCommand):
    """For a timer, every few minutes; several may run at once."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many went out; what could not go is tried again at a later run."""
        done = notices.deliver()
        said = {
            "sent": done["sent"],
            "failed": done["failed"] + done["broken"],
            "dropped": done["dropped"],
        }
        self.stdout.write(
            _("%(sent)s sent, %(failed)s put off, %(dropped)s not needed any more") % said
        )
