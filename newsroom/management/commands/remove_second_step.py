"""Take away the telephone and the recovery codes of somebody who has lost both."""

import argparse
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom import second_factor
from newsroom.models import User


class Command(BaseCommand):
    """For the last administrator, whom nobody at the desk can help. Ends his log-ins; logged."""

    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the log-in name."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Raises CommandError for a name nobody has."""
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(_("Nobody has the name %(name)s.") % {"name": username})
        second_factor.remove(actor=None, person=person)
        self.stdout.write(_("The telephone is removed; a new one can be added."))
