"""Letters to readers, kept until they are sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .comments import Comment


class Notice(models.Model):
    """One letter about one comment. Written with what it tells of, sent afterwards."""

    class Kind(models.TextChoices):
        """What it says."""

        CONFIRM = "confirm", _("confirm the comment")
        SUBSCRIBE = "subscribe", _("confirm the address")
        DECIDED = "decided", _("what became of the comment")
        REPLIES = "replies", _("replies")
        OWN_DATA = "own_data", _("the way to one's own data")

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="notices", verbose_name=_("comment")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    # What it tells of, where that is another comment: one row a reply, gathered into one letter.
    reply = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("reply")
    )
    created_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="notice_due")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.comment_id}"
