"""What is searched: one entry for every text that has, or may get, a reader or an editor."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .revisions import Revision


class SearchEntry(models.Model):
    """A revision in the index of the search engine.

    Indexed are the newest revision of each article and every one that has a publication. `place`
    is its number in the engine: what came later has the greater one.
    """

    revision = models.OneToOneField(
        Revision, models.CASCADE, primary_key=True, related_name="search_entry"
    )
    place = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self):
        return f"{self.revision_id}@{self.place}"
