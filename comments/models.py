"""Readers' comments. What happens to one is decided in moderation.py alone."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from newsroom.fields import LineField, LinesField, SearchField

from .querysets import CommentQuerySet

MAX_NAME = 60
MAX_EMAIL = 254
MAX_TEXT = 2_000  # code points of the cleaned text in NFC
MAX_NOTE = 500


class Comment(models.Model):
    """What one reader wrote under one article. Readers see it only while it is approved.

    The address is for the newsroom alone. `reason` and `reason_note` say why the present state
    was chosen; the note stays at the desk.
    """

    class State(models.TextChoices):
        """Where a comment stands."""

        PENDING = "pending", pgettext_lazy("comment", "pending")
        HELD = "held", pgettext_lazy("comment", "held")
        APPROVED = "approved", pgettext_lazy("comment", "approved")
        REJECTED = "rejected", pgettext_lazy("comment", "rejected")
        SPAM = "spam", pgettext_lazy("comment", "spam")
        REMOVED = "removed", pgettext_lazy("comment", "removed")

    class Reason(models.TextChoices):
        """Why a comment is kept from readers."""

        INSULT = "insult", _("insulting")
        UNTRUE = "untrue", _("untrue")
        ADVERT = "advert", _("advertising")
        OFF_TOPIC = "off_topic", _("off topic")
        PERSONAL_DATA = "personal_data", _("gives away private data")
        ILLEGAL = "illegal", _("against the law")
        UNREADABLE = "unreadable", _("without accents or hard to read")
        DUPLICATE = "duplicate", _("duplicate")
        OTHER = "other", _("other reason")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="comments", verbose_name=_("article")
    )
    name = LineField(_("name"), max_length=MAX_NAME)
    email = models.EmailField(_("e-mail"), max_length=MAX_EMAIL, blank=True)
    text = LinesField(_("comment"), validators=[MaxLengthValidator(MAX_TEXT)])
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    submitted_at = models.DateTimeField(_("sent"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=15, choices=Reason, blank=True)
    reason_note = LinesField(_("note"), blank=True, validators=[MaxLengthValidator(MAX_NOTE)])
    search_words = SearchField(sources=("name", "text"))

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="comment_approved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at", "id"], name="comment_queue"),
            models.Index(fields=["article", "state", "submitted_at"], name="comment_of_article"),
        ]

    def __str__(self):
        # Stands in the log, which outlives the comment: nothing of the reader may be in it.
        return gettext("Comment no. %(number)s") % {"number": self.pk}

    @property
    def why(self) -> str:
        """The reason and the note of the last decision, in words for the newsroom."""
        return " – ".join(filter(None, [self.get_reason_display(), self.reason_note]))
