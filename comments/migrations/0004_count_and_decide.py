"""Count the comments readers see, and write a decision for each that was decided."""

import datetime as dt

from django.db import migrations
from django.db.models import Count

BATCH = 1000
VERBS = {
    "approved": "approve",
    "rejected": "reject",
    "spam": "mark_spam",
    "held": "hold",
    "removed": "remove",
}


def count(apps, schema_editor):
    """Write one row for each article with published comments."""
    approved = apps.get_model("comments", "Comment").objects.filter(state="approved")
    rows = approved.values("article").annotate(number=Count("pk")).order_by("article")
    discussion = apps.get_model("comments", "Discussion")
    discussion.objects.bulk_create(
        [discussion(article_id=row["article"], approved=row["number"]) for row in rows],
        batch_size=BATCH,
    )


def decide(apps, schema_editor):
    """Write what was decided last, a batch at a time."""
    decision = apps.get_model("comments", "Decision")
    rows = apps.get_model("comments", "Comment").objects.filter(
        state__in=VERBS, decided_at__isnull=False
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        decision.objects.bulk_create([_decision(decision, comment) for comment in batch])
        last = batch[-1].pk


def _decision(model, comment):
    return model(
        comment=comment,
        verb=VERBS[comment.state],
        from_state="approved" if comment.state == "removed" else "pending",
        to_state=comment.state,
        actor_id=comment.decided_by_id,
        at=comment.decided_at,
        waited=max(comment.decided_at - comment.submitted_at, dt.timedelta()),
        version=comment.version,
        reason=comment.reason,
        note=comment.reason_note,
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_trust")]

    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.RunPython(decide, migrations.RunPython.noop),
    ]
