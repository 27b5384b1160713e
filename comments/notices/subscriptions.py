"""Who is told of what: whose address is confirmed, and who has had enough."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Comment, Notice


def subscribed(comment: Comment) -> bool:
    """Whether letters about the comment may go to its address: asked for, and confirmed."""
    return bool(comment.email and comment.wants_notices and comment.email_confirmed_at)


def subscribe(comment: Comment) -> None:
    """Send letters about the comment to its address, which is confirmed by that.

    Done twice it changes nothing; after `unsubscribe` letters come again.
    """
    rows = Comment.objects.filter(pk=comment.pk, email=comment.email).exclude(email="")
    since = Coalesce("email_confirmed_at", Value(timezone.now()))
    if rows.update(email_confirmed_at=since, wants_notices=True):
        comment.refresh_from_db(fields=["email_confirmed_at", "wants_notices"])


@transaction.atomic
def unsubscribe(comment: Comment) -> None:
    """Stop all letters to the comment's address, those that wait included."""
    rows = Comment.objects.filter(email=comment.email).exclude(email="")
    kinds = (Notice.Kind.DECIDED, Notice.Kind.REPLIES, Notice.Kind.SUBSCRIBE)
    Notice.objects.filter(comment__in=rows, kind__in=kinds, sent_at=None).delete()
    rows.filter(wants_notices=True).update(wants_notices=False)
