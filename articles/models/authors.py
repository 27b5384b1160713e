"""Authors: the pen names printed under articles."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.fields import LineField, SearchField, SortKeyField

from ..addresses import AUTHOR


class Author(models.Model):
    """A printed pen name. Several may belong to one account; a contributor's has none."""

    name = LineField(_("pen name"), max_length=60, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pen_names",
        verbose_name=_("account"),
        help_text=_("Whoever holds the account may write on every article under this name."),
    )
    bio = LineField(_("one line about the author"), max_length=200, blank=True)
    sort_key = SortKeyField(sources=("name",))
    search_words = SearchField(sources=("name",))

    class Meta:
        verbose_name = _("pen name")
        verbose_name_plural = _("pen names")
        indexes = [models.Index(fields=["sort_key"], name="author_sorted")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The list of articles under this name."""
        return f"/{AUTHOR}/{self.slug}/"
