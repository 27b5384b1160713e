"""What readers report: a comment that breaks a rule."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.fields import LinesField

from .comments import HASH, MAX_NOTE, Comment


class Report(models.Model):
    """One reader's report of one comment, with a ticket he can quote."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="reports", verbose_name=_("comment")
    )
    ticket = models.CharField(_("ticket"), max_length=12, unique=True)
    reason = models.CharField(_("reason"), max_length=15, choices=Comment.Reason)
    note = LinesField(
        _("what the reader says"), blank=True, validators=[MaxLengthValidator(MAX_NOTE)]
    )
    at = models.DateTimeField(_("at"))
    address_hash = models.CharField(max_length=HASH, blank=True, editable=False)
    prefix_hash = models.CharField(max_length=HASH, blank=True, editable=False)
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
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            # The same reader again, while his report is open, gets the same ticket.
            models.UniqueConstraint(
                fields=["comment", "address_hash"],
                condition=Q(closed_at__isnull=True) & ~Q(address_hash=""),
                name="report_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["comment"], condition=Q(closed_at__isnull=True), name="report_open"
            ),
        ]

    def __str__(self):
        return self.ticket
