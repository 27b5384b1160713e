"""The reader at his letters: what went out, and the links in it."""

import re

from django.core import mail
from django.utils import timezone

from comments import notices
from comments.models import Comment, Notice
from tests.comments import makers

EMAIL = "loi@example.com"


def delivered():
    """Send what waits, even if it is due in an hour; return the letters that went out."""
    mail.outbox.clear()
    Notice.objects.filter(sent_at=None).update(due_at=timezone.now())
    notices.deliver()
    letters = list(mail.outbox)
    mail.outbox.clear()
    return letters


def one():
    """The only letter that goes out now."""
    (letter,) = delivered()
    return letter


def link(letter, way):
    """The path of the link of one kind in a letter."""
    return re.search(rf"http://testserver(/binh-luan/{way}/[^\s>]+)", letter.body)[1]


def subscriber(**fields):
    """A waiting comment whose sender wants letters and has confirmed his address."""
    comment = makers.pending(wants_notices=True, **fields)
    notices.subscribe(comment)
    Notice.objects.all().delete()
    return Comment.objects.select_related("article").get(pk=comment.pk)
