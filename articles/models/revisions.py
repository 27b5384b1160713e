"""Revisions: immutable texts with the names printed under them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.fields import LineField
from newsroom.rich_text import RichTextField

from .articles import Article
from .authors import Author
from .photos import Photo


class Revision(models.Model):
    """One text. Nothing of it changes once saved, except its review state."""

    class State(models.TextChoices):
        """How far its review has come."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        SUPERSEDED = "superseded", _("Has a newer version")

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("version"))
    headline = LineField(_("headline"), max_length=300)
    standfirst = LineField(_("standfirst"), max_length=5000, blank=True)
    body = RichTextField(_("body"), blank=True)
    photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead photo")
    )
    photo_alt = LineField(_("description"), max_length=300, blank=True)
    photo_caption = LineField(_("caption"), max_length=500, blank=True)
    photo_credit = LineField(_("credit"), max_length=120, blank=True)
    source_line = LineField(_("source line"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("saved by"),
    )
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_is_numbered"),
        ]
        indexes = [
            models.Index(fields=["state", "saved_at"], name="revision_in_state"),
            models.Index(fields=["-saved_at", "-id"], name="revision_saved"),
        ]

    def __str__(self):
        return f"{self.headline} ({self.number})"


class Byline(models.Model):
    """One name under a text: as printed then, with the part its bearer had.

    `first_public_at` is the date of the article, so that an author's list is one walk along an
    index. It stands where the text is, was or is going to be public, once for each author of a
    text; `workflow` alone keeps it.
    """

    class Part(models.TextChoices):
        """What its bearer did for the text."""

        TEXT = "text", _("text")
        PHOTO = "photo", _("photo")
        CAMERA = "camera", _("camera")
        CUT = "cut", _("editing of video")
        COMPILED = "compiled", _("compiled")
        SOURCE = "source", _("according to")

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="byline")
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    author = models.ForeignKey(
        Author, models.PROTECT, related_name="bylines", verbose_name=_("pen name")
    )
    name = LineField(_("as printed"), max_length=60)
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.TEXT)
    position = models.PositiveSmallIntegerField()
    first_public_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("name in the byline")
        verbose_name_plural = _("byline")
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="byline_is_ordered"),
        ]
        # Without what nobody was to see: most versions of a text are never published.
        indexes = [
            models.Index(
                fields=["author", "-first_public_at", "-article"],
                condition=models.Q(first_public_at__isnull=False),
                name="article_of_author",
            ),
        ]

    def __str__(self):
        return self.name


class RevisionPhoto(models.Model):
    """A photo in a text with the words printed under it then."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="body_photos")
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+")
    alt = LineField(_("description"), max_length=300)
    caption = LineField(_("caption"), max_length=500, blank=True)
    credit = LineField(_("credit"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("photo in the text")
        verbose_name_plural = _("photos in the text")
        constraints = [
            models.UniqueConstraint(fields=["revision", "photo"], name="photo_once_a_revision"),
        ]

    def __str__(self):
        return self.caption or self.alt
