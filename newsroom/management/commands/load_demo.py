"""Fill an empty database with the demo newsroom."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.demo import loading, plan
from articles.demo.album import Album
from comments import demo as comments

MODERATOR = "kiemduyet"


class Command(BaseCommand):
    """Load the demo whole or not at all; a second run changes nothing."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where the database holds anything else."""
        demo = plan.load()
        if loading.is_loaded(demo):
            self._say(options, _("The demo newsroom is here already; nothing was changed."))
            return
        if not loading.is_empty():
            raise CommandError(_("This database is in use; the demo goes only into an empty one."))
        if not settings.DEMO_PASSWORD:
            raise CommandError(_("Set DEMO_PASSWORD first: the demo accounts log in with it."))
        load(demo)
        counts = {"articles": len(demo["articles"]), "comments": len(demo["comments"])}
        self._say(options, _("%(articles)s articles and %(comments)s comments loaded.") % counts)

    def _say(self, options: dict[str, Any], text: str) -> None:
        if options["verbosity"]:
            self.stdout.write(text)


def load(demo: dict[str, Any]) -> None:
    """Load all of it in one transaction; the files of its photos go where that fails."""
    now = timezone.now()
    with Album() as album, transaction.atomic():
        articles = loading.load(demo, album, settings.DEMO_PASSWORD, now)
        moderator = get_user_model().objects.get(username=MODERATOR)
        comments.load(demo["comments"], articles, moderator, now)
