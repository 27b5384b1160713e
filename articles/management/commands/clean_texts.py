"""Clean every stored text by the rules of this version."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ... import workflow


class Command(BaseCommand):
    """python -m newsroom.start clean_texts: after an upgrade with stricter rules for HTML."""

    help = "Clean every stored text again. May run while the site serves, and as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        """Clean all texts; raises CommandError at the end where the rules refuse one altogether."""
        changed = refused = 0
        for found in workflow.reclean():
            changed += len(found.changed)
            refused += len(found.refused)
            for number in found.refused:
                message = _("Article %(article)s, version %(number)s cannot be cleaned.")
                self.stderr.write(message % {"article": found.article.pk, "number": number})
        text = ngettext("%(n)s version cleaned.", "%(n)s versions cleaned.", changed)
        self.stdout.write(text % {"n": changed})
        if refused:
            raise CommandError(_("Open the articles named above and save their texts anew."))
