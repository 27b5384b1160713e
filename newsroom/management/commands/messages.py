"""Collect what is to be translated, keep what is translated, compile the catalogue."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from newsroom.messages.collecting import Message, NotConstant, collect


class Command(BaseCommand):
    """Write newsroom/locale/vi/LC_MESSAGES/django.po and .mo anew. For developers, in English."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take further .po files whose translations fill the gaps."""
        parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, after writing, while a translation is missing or wrong."""
        catalogue = _catalogue_module()
        try:
            known, differences = catalogue.merged([catalogue.PO, *options["merge"]])
            built = catalogue.build(collect(), known)
        except (OSError, NotConstant, SyntaxError) as error:
            raise CommandError(str(error)) from error
        catalogue.write(built)
        for sentence in differences:
            self.stderr.write(sentence)
        self._complain("has no translation", catalogue.missing(built))
        self._complain("is translated with another placeholder", catalogue.faulty(built))
        if catalogue.missing(built) or catalogue.faulty(built):
            raise CommandError(f"Mend {catalogue.PO} and run this again.")
        self.stdout.write(f"{len(built)} messages, all translated.")

    def _complain(self, fault: str, messages: list[Message]) -> None:
        for message in messages:
            context = f" ({message.context})" if message.context else ""
            self.stderr.write(f"{message.singular!r}{context} {fault}.")


def _catalogue_module() -> Any:
    try:
        from newsroom.messages import catalogue
    except ImportError as error:
        raise CommandError(f"{error.name} is missing: this is for developers, see make.") from error
    return catalogue
