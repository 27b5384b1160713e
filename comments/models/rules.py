"""When readers may comment, and what they agree to."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Section
from newsroom.fields import LineField, LinesField


class ClosingRule(models.Model):
    """When comments are closed: always, after some days, or during some hours of the day."""

    class Kind(models.TextChoices):
        """What closes them."""

        ALWAYS = "always", _("always")
        AGE = "age", _("days after publication")
        NIGHT = "night", _("at night")

    section = models.ForeignKey(
        Section,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("section"),
        help_text=_("With its sub-sections. Nothing chosen: the whole site."),
    )
    kind = models.CharField(_("when"), max_length=6, choices=Kind)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    closes_at = models.TimeField(_("from"), null=True, blank=True)
    opens_at = models.TimeField(_("until"), null=True, blank=True)
    sentence = LineField(
        _("what readers are told"),
        max_length=200,
        blank=True,
        help_text=_("Left out: a sentence that fits."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("closing rule")
        verbose_name_plural = _("closing rules")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="age") | Q(days__gt=0), name="closing_rule_has_days"
            ),
            models.CheckConstraint(
                condition=~Q(kind="night") | Q(closes_at__isnull=False, opens_at__isnull=False),
                name="closing_rule_has_hours",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.section or _('the whole site')}"

    def clean(self):
        """Ask for what the kind needs."""
        if self.kind == self.Kind.AGE and not self.days:
            raise ValidationError({"days": _("Say after how many days.")})
        if self.kind == self.Kind.NIGHT and None in (self.closes_at, self.opens_at):
            raise ValidationError({"closes_at": _("Say from when until when.")})
        if self.kind == self.Kind.NIGHT and self.closes_at == self.opens_at:
            raise ValidationError({"opens_at": _("Closed and opened at the same time is no rule.")})


class ConsentText(models.Model):
    """One version of what readers agree to by sending; never changed once it is in force."""

    text = LinesField(_("text"))
    valid_from = models.DateTimeField(_("in force from"), unique=True)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self):
        return f"{_('Version')} {self.pk}"
