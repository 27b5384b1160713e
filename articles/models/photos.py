"""Photos: kept privately as they came, shown in sizes made once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.fields import LineField, SearchField

from ..pictures.sizes import Sized


class Photo(Sized, models.Model):
    """One picture. `token` names its sizes; nothing else about them can be guessed."""

    token = models.CharField(max_length=24, unique=True, editable=False)
    original = models.FileField(upload_to="originals/", editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = LineField(
        _("description"),
        max_length=300,
        help_text=_("What is to be seen, for readers who cannot see it."),
    )
    caption = LineField(_("caption"), max_length=500, blank=True)
    credit = LineField(_("credit"), max_length=120, help_text=_("Printed as “Photo: …”."))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True, db_index=True)
    search_words = SearchField(sources=("caption", "alt", "credit"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self):
        return self.caption or self.alt

    def path(self, width: int) -> str:
        """Return where the size of exactly `width` pixels lies in the storage."""
        return f"sizes/{self.token}-{width}.webp"
