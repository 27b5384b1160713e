"""What the newsroom knows of abuse: words, senders, near-duplicates and budgets."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.fields import LineField

from .comments import HASH, MAX_NOTE, Comment


class WatchedWord(models.Model):
    """A word or phrase that raises a comment's score; it never decides."""

    phrase = LineField(_("word or phrase"), max_length=80, unique=True)
    points = models.PositiveSmallIntegerField(
        _("points"), default=30, validators=[MaxValueValidator(100)]
    )
    is_allowed = models.BooleanField(
        _("harmless"),
        default=False,
        help_text=_("Never counts, even where another word of the list stands in it."),
    )
    note = LineField(_("note"), max_length=MAX_NOTE, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")

    def __str__(self):
        return self.phrase


class BlockedSender(models.Model):
    """A network or an address whose comments are suspect until a day; nothing is refused."""

    class Kind(models.TextChoices):
        """What of a sender is looked at."""

        ADDRESS = "address", _("address of the network")
        PREFIX = "prefix", _("network")
        EMAIL = "email", _("e-mail")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    value_hash = models.CharField(max_length=HASH, editable=False)
    points = models.PositiveSmallIntegerField(
        _("points"), default=60, validators=[MaxValueValidator(100)]
    )
    until = models.DateTimeField(_("until"))
    note = LineField(_("note"), max_length=MAX_NOTE, blank=True)
    # Where it was seen, so that nobody needs to know the address.
    comment = models.ForeignKey(
        Comment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("comment")
    )

    class Meta:
        verbose_name = _("blocked sender")
        verbose_name_plural = _("blocked senders")
        constraints = [
            models.UniqueConstraint(fields=["kind", "value_hash"], name="blocked_once"),
        ]

    def __str__(self):
        # Stands in the log, which outlives the block: nothing of the sender may be in it.
        return f"{self.get_kind_display()} {self.pk}"


class Sketch(models.Model):
    """One band of a text's sketch: texts that share a band may be near-duplicates."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="sketch")
    band = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["band", "at"], name="sketch_by_band"),
            models.Index(fields=["at"], name="sketch_by_time"),
        ]

    def __str__(self):
        return f"{self.comment_id}"


class Budget(models.Model):
    """How often something was done in one window of time; see limits.py."""

    key = models.CharField(max_length=80)
    window = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="budget_once")]
        indexes = [models.Index(fields=["window"], name="budget_by_window")]

    def __str__(self):
        return f"{self.key}: {self.used}"
