"""One reader's comment, and how many an article has. moderation/ alone changes their state."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from newsroom.fields import LineField, LinesField, SearchField

from ..querysets import CommentQuerySet

MAX_NAME = 60
MAX_EMAIL = 254
MAX_TEXT = 2_000  # code points of the cleaned text in NFC
MAX_NOTE = 500
HASH = 32  # hex digits of a keyed hash

PERSON = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "null": True,
    "blank": True,
    "related_name": "+",
}


class Comment(models.Model):
    """What one reader wrote under one article. Readers see it only while it is approved.

    `version` rises with every change of text or state: who decides names the one he has seen.
    The address, the network and the note are for the newsroom alone.
    """

    class State(models.TextChoices):
        """Where a comment stands."""

        UNCONFIRMED = "unconfirmed", pgettext_lazy("comment", "unconfirmed")
        PENDING = "pending", pgettext_lazy("comment", "pending")
        HELD = "held", pgettext_lazy("comment", "held")
        APPROVED = "approved", pgettext_lazy("comment", "approved")
        REJECTED = "rejected", pgettext_lazy("comment", "rejected")
        SPAM = "spam", pgettext_lazy("comment", "spam")
        REMOVED = "removed", pgettext_lazy("comment", "removed")
        WITHDRAWN = "withdrawn", pgettext_lazy("comment", "withdrawn")
        PURGED = "purged", pgettext_lazy("comment", "purged")

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
    # One level of replies: `thread` is the comment it stands under, `answered` the one it answers.
    thread = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("thread"),
    )
    answered = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answers")
    )
    name = LineField(_("name"), max_length=MAX_NAME)
    email = models.EmailField(_("e-mail"), max_length=MAX_EMAIL, blank=True)
    email_confirmed_at = models.DateTimeField(_("e-mail confirmed"), null=True, blank=True)
    wants_notices = models.BooleanField(_("wants notices"), default=False)
    text = LinesField(_("comment"), validators=[MaxLengthValidator(MAX_TEXT)])
    submitted_at = models.DateTimeField(_("sent"))
    edited_at = models.DateTimeField(_("edited by the reader"), null=True, blank=True)
    nonce = models.CharField(max_length=HASH, blank=True, editable=False)
    consent = models.ForeignKey(
        "ConsentText", models.PROTECT, null=True, blank=True, verbose_name=_("agreed to")
    )

    state = models.CharField(_("state"), max_length=11, choices=State, default=State.PENDING)
    version = models.PositiveIntegerField(default=1)
    queued_at = models.DateTimeField(_("in the queue since"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, verbose_name=_("decided by"))
    reason = models.CharField(_("reason"), max_length=15, choices=Reason, blank=True)
    reason_note = LinesField(_("note"), blank=True, validators=[MaxLengthValidator(MAX_NOTE)])
    reader_note = LinesField(
        _("what the reader is told"), blank=True, validators=[MaxLengthValidator(MAX_NOTE)]
    )
    claimed_by = models.ForeignKey(**PERSON, verbose_name=_("claimed by"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    assigned_to = models.ForeignKey(**PERSON, verbose_name=_("left to"))

    # What the desk made of it: the text as it was sent, where it was redacted.
    original_text = LinesField(_("as it was sent"), blank=True)
    redacted_at = models.DateTimeField(_("redacted"), null=True, blank=True)
    picked_at = models.DateTimeField(_("chosen by the newsroom"), null=True, blank=True)
    desk = LineField(_("answered for the newsroom by"), max_length=MAX_NAME, blank=True)

    # What speaks against it; see spam/. `suspect` is stored so that a queue walks along an index.
    score = models.PositiveSmallIntegerField(_("score"), default=0)
    hits = models.JSONField(_("what was noticed"), default=list, blank=True)
    suspect = models.BooleanField(_("suspect"), default=False)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    text_hash = models.CharField(max_length=HASH, blank=True, editable=False)
    address_hash = models.CharField(max_length=HASH, blank=True, editable=False)
    prefix_hash = models.CharField(max_length=HASH, blank=True, editable=False)

    # In the list readers see: itself while approved, as a gap while somebody's reply is.
    is_shown = models.BooleanField(default=False, editable=False)
    likes = models.PositiveIntegerField(_("likes"), default=0)
    likes_frozen = models.BooleanField(_("likes frozen"), default=False)
    legal_hold = models.BooleanField(
        _("kept for a legal matter"), default=False, help_text=_("Never purged while this is set.")
    )
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
            # The same form sent twice is one comment.
            models.UniqueConstraint(
                fields=["nonce"], condition=~Q(nonce=""), name="comment_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="comment_claimed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered__isnull=True) | Q(thread__isnull=False),
                name="comment_answers_in_a_thread",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(is_shown=True), name="comment_approved_is_shown"
            ),
        ]
        indexes = [
            # The queues, each in its order.
            models.Index(
                fields=["queued_at", "id"],
                condition=Q(state="pending", suspect=False),
                name="comment_queue_clean",
            ),
            models.Index(
                fields=["queued_at", "id"],
                condition=Q(state="pending", suspect=True),
                name="comment_queue_suspect",
            ),
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(reported_at__isnull=False),
                name="comment_reported",
            ),
            models.Index(
                fields=["state", "decided_at", "id"],
                condition=~Q(state="pending"),
                name="comment_decided",
            ),
            models.Index(
                fields=["claimed_by", "claimed_until"],
                condition=Q(claimed_by__isnull=False),
                name="comment_claimed",
            ),
            models.Index(
                fields=["assigned_to"],
                condition=Q(assigned_to__isnull=False),
                name="comment_assigned",
            ),
            # What readers see of an article, in the three orders.
            models.Index(
                fields=["article", "submitted_at", "id"],
                condition=Q(is_shown=True, thread__isnull=True),
                name="comment_public_by_time",
            ),
            models.Index(
                fields=["article", "likes", "id"],
                condition=Q(is_shown=True, thread__isnull=True),
                name="comment_public_by_likes",
            ),
            # Those the newsroom chose of an article: a handful among all of its comments.
            models.Index(
                fields=["article", "picked_at"],
                condition=Q(picked_at__isnull=False),
                name="comment_picked",
            ),
            models.Index(fields=["article", "state", "queued_at"], name="comment_of_article"),
            models.Index(
                fields=["thread", "submitted_at", "id"],
                condition=Q(thread__isnull=False),
                name="comment_replies",
            ),
            # The same sender, the same text, what is to be purged.
            models.Index(fields=["text_hash", "submitted_at"], name="comment_same_text"),
            models.Index(
                fields=["address_hash", "submitted_at"],
                condition=~Q(address_hash=""),
                name="comment_same_address",
            ),
            models.Index(
                fields=["prefix_hash", "submitted_at"],
                condition=~Q(prefix_hash=""),
                name="comment_same_prefix",
            ),
            models.Index(
                fields=["email", "submitted_at"], condition=~Q(email=""), name="comment_same_email"
            ),
        ]

    def __str__(self):
        # Stands in the log, which outlives the comment: nothing of the reader may be in it.
        return gettext("Comment no. %(number)s") % {"number": self.pk}

    @property
    def why(self) -> str:
        """The reason and the note of the last decision, in words for the newsroom."""
        return " – ".join(filter(None, [self.get_reason_display(), self.reason_note]))


class Discussion(models.Model):
    """How many comments readers see under one article; no row is none.

    Counted in the transaction of the verb that changes it, so that no page ever counts rows.
    """

    article = models.OneToOneField(
        Article, models.PROTECT, primary_key=True, related_name="+", verbose_name=_("article")
    )
    approved = models.PositiveIntegerField(_("published comments"), default=0)

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")

    def __str__(self):
        return f"{self.article_id}: {self.approved}"
