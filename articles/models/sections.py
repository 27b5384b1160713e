"""Sections: the one place in the menu an article belongs to."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.fields import LineField

from ..addresses import refuse_reserved


class Section(models.Model):
    """A section of the menu, or a sub-section of one: two levels, one flat set of addresses."""

    name = LineField(_("name"), max_length=60)
    slug = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        validators=[refuse_reserved],
        help_text=_("/address/ on the site. The old address keeps leading here."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"parent": None},
        verbose_name=_("within"),
    )
    position = models.PositiveSmallIntegerField(
        _("place in the menu"), default=0, validators=[MaxValueValidator(999)]
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="edited_sections",
        verbose_name=_("editors in charge"),
        help_text=_("Nobody chosen: every editor. A sub-section without any takes its parent's."),
    )
    moderators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="moderated_sections",
        verbose_name=_("moderators in charge"),
        help_text=_(
            "Nobody chosen: every moderator. A sub-section without any takes its parent's."
        ),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Its list of articles."""
        return f"/{self.slug}/"


class OldSectionSlug(models.Model):
    """An address a section had once; readers are led on from it."""

    slug = models.SlugField(max_length=60, unique=True)
    section = models.ForeignKey(Section, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a section")
        verbose_name_plural = _("old addresses of sections")

    def __str__(self):
        return self.slug
