"""What moderators decided: for their undo, their numbers, and who asks why."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.fields import LinesField

from .comments import HASH, MAX_NOTE, Comment


class Decision(models.Model):
    """One change of a comment's state with everything needed to take it back.

    The log says who did what for ever and holds nothing of the reader; notes and earlier texts
    stand here and go when the comment is purged.
    """

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="decisions", verbose_name=_("comment")
    )
    verb = models.CharField(pgettext_lazy("workflow", "verb"), max_length=20)
    from_state = models.CharField(_("from"), max_length=11, choices=Comment.State)
    to_state = models.CharField(_("to"), max_length=11, choices=Comment.State)
    # Nobody: the reader himself, or the program.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    waited = models.DurationField(_("waited"))  # from entering the queue
    version = models.PositiveIntegerField()  # of the comment afterwards
    reason = models.CharField(_("reason"), max_length=15, choices=Comment.Reason, blank=True)
    note = LinesField(_("note"), blank=True, validators=[MaxLengthValidator(MAX_NOTE)])
    reader_note = LinesField(
        _("what the reader is told"), blank=True, validators=[MaxLengthValidator(MAX_NOTE)]
    )
    batch = models.CharField(max_length=HASH, blank=True)  # decided by one press of a button
    # The columns of the comment that it changed, as they were: what undoing writes back.
    before = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["comment", "-id"], name="decision_of_comment"),
            models.Index(fields=["at"], name="decision_by_time"),
            models.Index(fields=["actor", "at"], name="decision_by_actor"),
            models.Index(fields=["batch"], condition=~models.Q(batch=""), name="decision_by_batch"),
        ]

    def __str__(self):
        return f"{self.verb} {self.comment_id}"
