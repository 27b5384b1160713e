"""Publications: what readers see, and when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.prepared import prepared

from ..querysets import PublicationQuerySet


class DatePrecision(models.TextChoices):
    """How much of a date may be shown: old archives give a day only, or none at all."""

    TIME = vietnamese.TIME, _("day and hour")
    DAY = vietnamese.DAY, _("day only")
    NONE = vietnamese.NONE, _("no date")


class Publication(models.Model):
    """An interval in which readers see one revision: from `starts_at` until before `ends_at`.

    Intervals of one article never overlap; the database itself refuses it (rules.py). A schedule
    that was cancelled has ended where it starts.
    """

    article = models.ForeignKey("Article", models.PROTECT, related_name="publications")
    revision = models.ForeignKey("Revision", models.PROTECT, related_name="publications")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    date_precision = models.CharField(
        max_length=4, choices=DatePrecision, default=DatePrecision.TIME
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("signed by"),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
                name="publication_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "starts_at"], name="publication_of_article"),
            models.Index(fields=["starts_at"], name="publication_starts"),
            models.Index(
                fields=["ends_at"],
                condition=models.Q(ends_at__isnull=False),
                name="publication_ends",
            ),
        ]

    def __str__(self):
        return f"{self.article_id}: {self.starts_at:%Y-%m-%d %H:%M}"

    @classmethod
    def next_change(cls, at: dt.datetime) -> dt.datetime | None:
        """Return the next moment after `at` at which one begins or ends, None where none will.

        A moment and no text: pages end then. Two look-ups, each along an index.
        """
        return min([*_next(at, side="starts_at"), *_next(at, side="ends_at")], default=None)


@prepared
def _next(at: dt.datetime, *, side: str) -> models.QuerySet:
    later = Publication.objects.filter(**{f"{side}__gt": at}).order_by(side)
    return later.values_list(side, flat=True)[:1]
