"""The outbox: letters wait in the database until the mail server has taken them."""

import datetime as dt

from django.utils import timezone

from ..models import Comment, Notice


def write(comment: Comment, kind: str, *, due_at: dt.datetime | None = None) -> Notice:
    """Put a letter about the comment into the outbox, to be sent when it is due; now by default.

    Runs in the transaction of what it tells of. `kind` is a `Notice.Kind`.
    """
    now = timezone.now()
    return Notice.objects.create(comment=comment, kind=kind, created_at=now, due_at=due_at or now)
