"""Threads, claims, scores, likes, reports and all that stands beside a comment."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def follow(apps, schema_editor):
    """Let the comments there are stand in the queue since they were sent, and be shown or not."""
    rows = apps.get_model("comments", "Comment").objects
    rows.update(queued_at=models.F("submitted_at"))
    rows.filter(state="approved").update(is_shown=True)
    if schema_editor.connection.vendor == "postgresql":
        # It alters no table on which checks still wait for the end of the transaction.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_topics"),
        ("comments", "0002_comment_search_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlockedSender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("address", "address of the network"),
                            ("prefix", "network"),
                            ("email", "e-mail"),
                        ],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("value_hash", models.CharField(editable=False, max_length=32)),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="points",
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="until")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
            ],
            options={
                "verbose_name": "blocked sender",
                "verbose_name_plural": "blocked senders",
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("window", models.DateTimeField()),
                ("used", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CaptchaTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField(verbose_name="hour")),
                ("what", models.CharField(max_length=10, verbose_name="what")),
                ("part", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField(default=0, verbose_name="number")),
            ],
            options={
                "verbose_name": "captcha count",
                "verbose_name_plural": "captcha counts",
            },
        ),
        migrations.CreateModel(
            name="ClosingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("always", "always"),
                            ("age", "days after publication"),
                            ("night", "at night"),
                        ],
                        max_length=6,
                        verbose_name="when",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days"),
                ),
                ("closes_at", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("opens_at", models.TimeField(blank=True, null=True, verbose_name="until")),
                (
                    "sentence",
                    models.CharField(
                        blank=True,
                        help_text="Left out: a sentence that fits.",
                        max_length=200,
                        verbose_name="what readers are told",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "closing rule",
                "verbose_name_plural": "closing rules",
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("valid_from", models.DateTimeField(unique=True, verbose_name="in force from")),
            ],
            options={
                "verbose_name": "consent text",
                "verbose_name_plural": "consent texts",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=20, verbose_name="verb")),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "unconfirmed"),
                            ("pending", "pending"),
                            ("held", "held"),
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                            ("spam", "spam"),
                            ("removed", "removed"),
                            ("withdrawn", "withdrawn"),
                            ("purged", "purged"),
                        ],
                        max_length=11,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "unconfirmed"),
                            ("pending", "pending"),
                            ("held", "held"),
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                            ("spam", "spam"),
                            ("removed", "removed"),
                            ("withdrawn", "withdrawn"),
                            ("purged", "purged"),
                        ],
                        max_length=11,
                        verbose_name="to",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("waited", models.DurationField(verbose_name="waited")),
                ("version", models.PositiveIntegerField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("insult", "insulting"),
                            ("untrue", "untrue"),
                            ("advert", "advertising"),
                            ("off_topic", "off topic"),
                            ("personal_data", "gives away private data"),
                            ("illegal", "against the law"),
                            ("unreadable", "without accents or hard to read"),
                            ("duplicate", "duplicate"),
                            ("other", "other reason"),
                        ],
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(500)],
                        verbose_name="note",
                    ),
                ),
                (
                    "reader_note",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(500)],
                        verbose_name="what the reader is told",
                    ),
                ),
                ("batch", models.CharField(blank=True, max_length=32)),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
            },
        ),
        migrations.CreateModel(
            name="Discussion",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "approved",
                    models.PositiveIntegerField(default=0, verbose_name="published comments"),
                ),
            ],
            options={
                "verbose_name": "discussion",
                "verbose_name_plural": "discussions",
            },
        ),
        migrations.CreateModel(
            name="Like",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device_hash", models.CharField(max_length=32)),
                ("prefix_hash", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("counted", models.BooleanField(default=True, verbose_name="counted")),
            ],
            options={
                "verbose_name": "like",
                "verbose_name_plural": "likes",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirm", "confirm the comment"),
                            ("subscribe", "confirm the address"),
                            ("decided", "what became of the comment"),
                            ("replies", "replies"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="written")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket", models.CharField(max_length=12, unique=True, verbose_name="ticket")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("insult", "insulting"),
                            ("untrue", "untrue"),
                            ("advert", "advertising"),
                            ("off_topic", "off topic"),
                            ("personal_data", "gives away private data"),
                            ("illegal", "against the law"),
                            ("unreadable", "without accents or hard to read"),
                            ("duplicate", "duplicate"),
                            ("other", "other reason"),
                        ],
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(500)],
                        verbose_name="what the reader says",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("address_hash", models.CharField(blank=True, editable=False, max_length=32)),
                ("prefix_hash", models.CharField(blank=True, editable=False, max_length=32)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
        migrations.CreateModel(
            name="Sketch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("band", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Takedown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("deadline_at", models.DateTimeField(verbose_name="deadline")),
                ("sender", models.CharField(max_length=200, verbose_name="who demands it")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=100, verbose_name="document number"),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="legal basis")),
                ("demand", models.TextField(verbose_name="what is demanded")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("partly", "done in part"),
                            ("refused", "refused"),
                        ],
                        default="open",
                        max_length=7,
                        verbose_name="outcome",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="what was done and answered")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "take-down demand",
                "verbose_name_plural": "take-down register",
            },
        ),
        migrations.CreateModel(
            name="WatchedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phrase",
                    models.CharField(max_length=80, unique=True, verbose_name="word or phrase"),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="points",
                    ),
                ),
                (
                    "is_allowed",
                    models.BooleanField(
                        default=False,
                        help_text="Never counts, even where another word of the list stands in it.",
                        verbose_name="harmless",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "watched word",
                "verbose_name_plural": "watched words",
            },
        ),
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_queue",
        ),
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_of_article",
        ),
        migrations.AddField(
            model_name="comment",
            name="address_hash",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="comment",
            name="answered",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="comments.comment",
                verbose_name="answers",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="left to",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="claimed by",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="claimed_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="claimed until"),
        ),
        migrations.AddField(
            model_name="comment",
            name="desk",
            field=models.CharField(
                blank=True, max_length=60, verbose_name="answered for the newsroom by"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="edited by the reader"),
        ),
        migrations.AddField(
            model_name="comment",
            name="email_confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="e-mail confirmed"),
        ),
        migrations.AddField(
            model_name="comment",
            name="hits",
            field=models.JSONField(blank=True, default=list, verbose_name="what was noticed"),
        ),
        migrations.AddField(
            model_name="comment",
            name="is_shown",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="legal_hold",
            field=models.BooleanField(
                default=False,
                help_text="Never purged while this is set.",
                verbose_name="kept for a legal matter",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="likes",
            field=models.PositiveIntegerField(default=0, verbose_name="likes"),
        ),
        migrations.AddField(
            model_name="comment",
            name="likes_frozen",
            field=models.BooleanField(default=False, verbose_name="likes frozen"),
        ),
        migrations.AddField(
            model_name="comment",
            name="nonce",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="comment",
            name="original_text",
            field=models.TextField(blank=True, verbose_name="as it was sent"),
        ),
        migrations.AddField(
            model_name="comment",
            name="picked_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="chosen by the newsroom"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="prefix_hash",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="comment",
            name="queued_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="in the queue since"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="comment",
            name="reader_note",
            field=models.TextField(
                blank=True,
                validators=[django.core.validators.MaxLengthValidator(500)],
                verbose_name="what the reader is told",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="redacted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="redacted"),
        ),
        migrations.AddField(
            model_name="comment",
            name="reported_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reported"),
        ),
        migrations.AddField(
            model_name="comment",
            name="score",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="score"),
        ),
        migrations.AddField(
            model_name="comment",
            name="suspect",
            field=models.BooleanField(default=False, verbose_name="suspect"),
        ),
        migrations.AddField(
            model_name="comment",
            name="text_hash",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="comment",
            name="thread",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="comments.comment",
                verbose_name="thread",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="comment",
            name="wants_notices",
            field=models.BooleanField(default=False, verbose_name="wants notices"),
        ),
        migrations.AlterField(
            model_name="comment",
            name="state",
            field=models.CharField(
                choices=[
                    ("unconfirmed", "unconfirmed"),
                    ("pending", "pending"),
                    ("held", "held"),
                    ("approved", "approved"),
                    ("rejected", "rejected"),
                    ("spam", "spam"),
                    ("removed", "removed"),
                    ("withdrawn", "withdrawn"),
                    ("purged", "purged"),
                ],
                default="pending",
                max_length=11,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="blockedsender",
            name="comment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
        migrations.RunPython(follow, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="budget",
            index=models.Index(fields=["window"], name="budget_by_window"),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(fields=("key", "window"), name="budget_once"),
        ),
        migrations.AddConstraint(
            model_name="captchatally",
            constraint=models.UniqueConstraint(
                fields=("hour", "what", "part"), name="captcha_tally_once"
            ),
        ),
        migrations.AddField(
            model_name="closingrule",
            name="section",
            field=models.ForeignKey(
                blank=True,
                help_text="With its sub-sections. Nothing chosen: the whole site.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.section",
                verbose_name="section",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="comments.consenttext",
                verbose_name="agreed to",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "pending"), ("suspect", False)),
                fields=["queued_at", "id"],
                name="comment_queue_clean",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "pending"), ("suspect", True)),
                fields=["queued_at", "id"],
                name="comment_queue_suspect",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("reported_at__isnull", False)),
                fields=["reported_at", "id"],
                name="comment_reported",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "pending"), _negated=True),
                fields=["state", "decided_at", "id"],
                name="comment_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("claimed_by__isnull", False)),
                fields=["claimed_by", "claimed_until"],
                name="comment_claimed",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("assigned_to__isnull", False)),
                fields=["assigned_to"],
                name="comment_assigned",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_shown", True), ("thread__isnull", True)),
                fields=["article", "submitted_at", "id"],
                name="comment_public_by_time",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_shown", True), ("thread__isnull", True)),
                fields=["article", "likes", "id"],
                name="comment_public_by_likes",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["article", "state", "queued_at"], name="comment_of_article"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("thread__isnull", False)),
                fields=["thread", "submitted_at", "id"],
                name="comment_replies",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["text_hash", "submitted_at"], name="comment_same_text"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("address_hash", ""), _negated=True),
                fields=["address_hash", "submitted_at"],
                name="comment_same_address",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("prefix_hash", ""), _negated=True),
                fields=["prefix_hash", "submitted_at"],
                name="comment_same_prefix",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("email", ""), _negated=True),
                fields=["email", "submitted_at"],
                name="comment_same_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("nonce", ""), _negated=True),
                fields=("nonce",),
                name="comment_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_by__isnull", True), ("claimed_until__isnull", True)),
                    models.Q(("claimed_by__isnull", False), ("claimed_until__isnull", False)),
                    _connector="OR",
                ),
                name="comment_claimed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered__isnull", True), ("thread__isnull", False), _connector="OR"
                ),
                name="comment_answers_in_a_thread",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("is_shown", True),
                    _connector="OR",
                ),
                name="comment_approved_is_shown",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="decisions",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AddField(
            model_name="like",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="given_likes",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AddField(
            model_name="sketch",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sketch",
                to="comments.comment",
            ),
        ),
        migrations.AddField(
            model_name="takedown",
            name="article",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="takedown",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.AddField(
            model_name="takedown",
            name="comment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AddConstraint(
            model_name="blockedsender",
            constraint=models.UniqueConstraint(fields=("kind", "value_hash"), name="blocked_once"),
        ),
        migrations.AddConstraint(
            model_name="closingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "age"), _negated=True), ("days__gt", 0), _connector="OR"
                ),
                name="closing_rule_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="closingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "night"), _negated=True),
                    models.Q(("closes_at__isnull", False), ("opens_at__isnull", False)),
                    _connector="OR",
                ),
                name="closing_rule_has_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["comment", "-id"], name="decision_of_comment"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["at"], name="decision_by_time"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["actor", "at"], name="decision_by_actor"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("batch", ""), _negated=True),
                fields=["batch"],
                name="decision_by_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="like",
            index=models.Index(fields=["comment", "at"], name="like_of_comment"),
        ),
        migrations.AddIndex(
            model_name="like",
            index=models.Index(fields=["at"], name="like_by_time"),
        ),
        migrations.AddConstraint(
            model_name="like",
            constraint=models.UniqueConstraint(fields=("comment", "device_hash"), name="like_once"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)), fields=["due_at"], name="notice_due"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["comment"],
                name="report_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), models.Q(("address_hash", ""), _negated=True)
                ),
                fields=("comment", "address_hash"),
                name="report_once",
            ),
        ),
        migrations.AddIndex(
            model_name="sketch",
            index=models.Index(fields=["band", "at"], name="sketch_by_band"),
        ),
        migrations.AddIndex(
            model_name="sketch",
            index=models.Index(fields=["at"], name="sketch_by_time"),
        ),
        migrations.AddIndex(
            model_name="takedown",
            index=models.Index(
                condition=models.Q(("outcome", "open")),
                fields=["deadline_at"],
                name="takedown_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="takedown",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "open"), ("closed_at__isnull", False), _connector="OR"
                ),
                name="takedown_closed_at_some_time",
            ),
        ),
    ]
