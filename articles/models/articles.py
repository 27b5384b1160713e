"""Articles: identity and placement. What is written stands in revisions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..addresses import article_address
from ..querysets import ArticleQuerySet
from .publications import DatePrecision
from .sections import Section
from .tags import Tag


class Article(models.Model):
    """Identity and placement of one article. There is no status: publications decide.

    `newest_revision` is the text being worked on, `first_public_at` what lists sort by; both are
    kept by `workflow` alone.
    """

    section = models.ForeignKey(
        Section, models.PROTECT, null=True, related_name="articles", verbose_name=_("section")
    )
    slug = models.CharField(max_length=100, blank=True)
    tags = models.ManyToManyField(Tag, through="ArticleTag", related_name="articles")
    comments_open = models.BooleanField(_("readers may comment"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="articles",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    newest_revision = models.OneToOneField(
        "Revision", models.PROTECT, null=True, related_name="newest_of"
    )
    first_public_at = models.DateTimeField(_("published"), null=True)
    date_precision = models.CharField(
        max_length=4, choices=DatePrecision, default=DatePrecision.TIME
    )
    # Unique, and null for what was written here: an empty text could stand only once.
    source_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["-first_public_at", "-id"], name="article_listed"),
            models.Index(fields=["section", "-first_public_at", "-id"], name="article_of_section"),
        ]

    def __str__(self):
        return self.newest_revision.headline if self.newest_revision else f"#{self.pk}"

    def get_absolute_url(self):
        """Its page. Only for an article with a section and a slug: one that was scheduled."""
        return article_address(self.section.slug, self.slug, self.pk)


class ArticleTag(models.Model):
    """An article under a tag, with its date, so that a tag's list is one walk along an index."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="taggings")
    first_public_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tagging")
        verbose_name_plural = _("taggings")
        constraints = [
            models.UniqueConstraint(fields=["article", "tag"], name="article_tagged_once"),
        ]
        indexes = [
            models.Index(fields=["tag", "-first_public_at", "-article"], name="article_of_tag"),
        ]

    def __str__(self):
        return f"{self.article_id}:{self.tag_id}"
