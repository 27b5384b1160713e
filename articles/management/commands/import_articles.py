"""Import published articles from a file of JSON lines, plain or gzipped."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.importing.loading import BATCH, Kind, Loading, Outcome

DEFAULT_SECTION = "Tin tổng hợp"


class Command(BaseCommand):
    """Load a file; the same file loaded again changes nothing."""

    help = (
        "Each line is one article: title, lead, body_paragraphs, section, published_at, byline, "
        "tags, source_id. An article is known again by its source_id; a changed text is published "
        "at once, its section, tags and date stay as the newsroom has them."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the file, the section for lines without one, and whether to write at all."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--section", default=DEFAULT_SECTION, help="where lines without a section go"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each refusal with its reason, then the counts; refusals are no failure."""
        loading = Loading(section=options["section"], dry_run=options["dry_run"])
        counts: Counter[str] = Counter({kind.value: 0 for kind in Kind})
        try:
            for outcome in loading.run(options["file"]):
                counts[outcome.kind.value] += 1
                self._report(outcome, counts.total())
        except OSError as error:
            message = _("The file cannot be read: %(reason)s") % {"reason": error}
            raise CommandError(message) from error
        self.stdout.write(
            _(
                "%(created)s created, %(updated)s updated, %(unchanged)s unchanged, "
                "%(refused)s refused"
            )
            % counts
        )
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a dry run."))

    def _report(self, outcome: Outcome, lines: int) -> None:
        if outcome.kind == Kind.REFUSED:
            self.stdout.write(refusal(outcome))
        if lines % BATCH == 0:
            self.stderr.write(_("%(lines)s lines read …") % {"lines": lines})


def refusal(outcome: Outcome) -> str:
    """Return the sentence about a line that became no article."""
    return _("Line %(line)s (%(source_id)s) refused: %(reason)s") % {
        "line": outcome.line,
        "source_id": outcome.source_id or "–",
        "reason": outcome.reason,
    }
