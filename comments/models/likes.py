"""Likes without an account: one for each device and network."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .comments import HASH, Comment


class Like(models.Model):
    """One device's like of one comment. Not counted while a burst is looked into."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="given_likes", verbose_name=_("comment")
    )
    device_hash = models.CharField(max_length=HASH)
    prefix_hash = models.CharField(max_length=HASH, blank=True)
    at = models.DateTimeField(_("at"))
    counted = models.BooleanField(_("counted"), default=True)

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [
            models.UniqueConstraint(fields=["comment", "device_hash"], name="like_once"),
        ]
        indexes = [
            models.Index(fields=["comment", "at"], name="like_of_comment"),
            models.Index(fields=["at"], name="like_by_time"),
        ]

    def __str__(self):
        return f"{self.comment_id}"
