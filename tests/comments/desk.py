"""What a moderator does at the desk without any script, and what he sees of it."""

import datetime as dt
import html
import re

from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from comments import moderation
from comments.models import Comment, Report

QUEUE = "/admin/comments/comment/"
UNDO = f"{QUEUE}undo/"
State = Comment.State


def sent(article, name="Lúa Mùa", text="Biển báo ở đầu cầu bé quá.", minutes=0, **more):
    """A comment that has waited for so long."""
    at = timezone.now() - dt.timedelta(minutes=minutes)
    return moderation.submit(article=article, name=name, text=text, at=at, **more)


def reported(comment, note="", number=1):
    """Let a reader report a comment."""
    now = timezone.now()
    Report.objects.create(comment=comment, ticket=f"P{number}", reason="insult", note=note, at=now)
    Comment.objects.filter(pk=comment.pk).update(reported_at=now)


def url(comment, page="change"):
    return reverse(f"admin:comments_comment_{page}", args=[comment.pk])


def form(comment, verb="", **data):
    """What the page of a comment sends: as it was shown."""
    return {"verb": verb, "state": comment.state, "version": comment.version} | data


def decide(client, comment, verb="", query="", **data):
    return client.post(url(comment) + query, form(comment, verb, **data))


def many(client, comments, verb, query="", **data):
    """Tick comments in the list, as they were shown, and press a button."""
    ticked = {
        "_selected_action": [comment.pk for comment in comments],
        "seen": [f"{comment.pk}-{comment.version}" for comment in comments],
        "action": verb,
    }
    return client.post(QUEUE + query, ticked | data, follow=True)


def state_of(comment):
    return Comment.objects.get(pk=comment.pk).state


def page_of(answer):
    return html.unescape(answer.content.decode())


def text_of(answer):
    """What a person reads, tags away."""
    return " ".join(re.sub(r"<[^>]+>", " ", page_of(answer)).split())


def told(answer):
    """What a page says over its content, as (level, text)."""
    return [(message.level_tag, str(message)) for message in get_messages(answer.wsgi_request)]


def done(answer):
    """What stands beside the button that takes it back; nothing where there is none."""
    undo = answer.context["undo"]
    return undo.text if undo else ""


def undo(client, answer, query=""):
    """Press "Hoàn tác" on a page that follows a decision."""
    return client.post(UNDO + query, {"batch": answer.context["undo"].batch}, follow=True)


def ticks(answer):
    """The numbers of the rows whose boxes are ticked."""
    boxes = re.findall(r"<input[^>]*_selected_action[^>]*>", answer.content.decode())
    return {re.search(r'value="(\d+)"', box)[1] for box in boxes if "checked" in box}


def names(answer):
    """Who wrote the comments of a list, in its order."""
    return re.findall(r'class="desk-headline"[^>]*>([^<]+)<', page_of(answer))
