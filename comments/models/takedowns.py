"""The register of demands to take something down."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from newsroom.fields import LineField, LinesField

from .comments import Comment


class Takedown(models.Model):
    """One demand by an authority or a person concerned, with its deadline and what was done."""

    class Outcome(models.TextChoices):
        """What was done."""

        OPEN = "open", _("open")
        DONE = "done", _("done")
        PARTLY = "partly", _("done in part")
        REFUSED = "refused", _("refused")

    received_at = models.DateTimeField(_("received"))
    deadline_at = models.DateTimeField(_("deadline"))
    sender = LineField(_("who demands it"), max_length=200)
    reference = LineField(_("document number"), max_length=100, blank=True)
    basis = LineField(_("legal basis"), max_length=200, blank=True)
    demand = LinesField(_("what is demanded"))
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    comment = models.ForeignKey(
        Comment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comment")
    )
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.OPEN)
    answer = LinesField(_("what was done and answered"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    class Meta:
        verbose_name = _("take-down demand")
        verbose_name_plural = _("take-down register")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open") | Q(closed_at__isnull=False),
                name="takedown_closed_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["deadline_at"], condition=Q(outcome="open"), name="takedown_open")
        ]

    def __str__(self):
        return self.reference or f"{self.pk}"
