"""Write the index of the search engine anew, from the texts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ...search import indexing


class Command(BaseCommand):
    """python -m newsroom.start index_search: for an index that was lost or is doubted."""

    help = "Write the index anew, in one transaction: until it is done nobody can save an article."

    def handle(self, *args: Any, **options: Any) -> None:
        """Index every article; readers search the old index until it is done."""
        self.stdout.write(_("%(n)s articles indexed.") % {"n": indexing.rebuild()})
