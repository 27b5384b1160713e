"""What became of captchas, counted by the hour."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaptchaTally(models.Model):
    """How many captchas were issued, solved, … in one hour.

    Split into a few rows, so that requests side by side do not wait for one another.
    """

    hour = models.DateTimeField(_("hour"))
    what = models.CharField(_("what"), max_length=10)
    part = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("captcha count")
        verbose_name_plural = _("captcha counts")
        constraints = [
            models.UniqueConstraint(fields=["hour", "what", "part"], name="captcha_tally_once")
        ]

    def __str__(self):
        return f"{self.what}: {self.number}"
