"""What the article page shows beside the form: where the article stands, and what can be done."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom import events, rich_text
from newsroom.models import Event, SiteSettings

from .. import workflow
from ..models import Article, Photo, Publication, Revision
from ..permissions import Verb
from . import article_verbs
from .article_form import offered_names
from .photos import described
from .states import LABELS, standing

LOG_ROWS = 60
MAX_PHOTOS = 100


def of(page: Any) -> dict[str, Any]:
    """Return all the template shows; `page` is an ArticlePage."""
    article, opts = page.article, page.model_admin.opts
    verbs = article_verbs.offered(page.rights, article)
    log = list(events.history(article)[:LOG_ROWS]) if article else []
    return {
        "opts": opts,
        "title": str(article) if article else _("New article"),
        "article": article,
        "revision": page.revision,
        "form": page.form,
        "byline": page.byline,
        "names": offered_names(page.request.user),
        "dateline": SiteSettings.load().dateline,
        "may_save": Verb.SAVE in verbs,
        "may_return": Verb.RETURN in verbs,
        "may_place": Verb.PLACE in verbs,
        "may_withdraw": Verb.WITHDRAW in verbs,
        "may_time": Verb.SCHEDULE in verbs,
        "placed_already": page.placed_already,
        "buttons": article_verbs.bar(page.rights, article, verbs),
        "standing": standing(article) if article else None,
        "facts": facts(article, page.now) if article else [],
        "steps": steps(article, log) if article else [],
        "returned": returned(article, log) if article else None,
        "saved_at": events.clock(page.revision.saved_at) if article else "",
        "lacking": page.problems or _lacking(article),
        "problems": page.problems,
        "refusal": page.refusal,
        "conflict": page.conflict,
        "photo": _photo(page),
        "known_photos": _known_photos(page),
        "theirs": shown_body(page.revision) if page.conflict or Verb.SAVE not in verbs else "",
        "media": page.form.media,
    }


def _lacking(article: Article | None) -> dict[str, str]:
    return workflow.problems(article, article.newest_revision) if article else {}


def _photo(page: Any) -> Any:
    """Return the lead photo the form holds at this moment, typed or stored."""
    value = page.form["photo"].value()
    field = page.form.fields["photo"]
    if not value or not str(value).isdigit():
        return None
    return field.queryset.filter(pk=value).first()


def _known_photos(page: Any) -> list[dict[str, Any]]:
    """Return what the editor shows of the photos in the text, typed or stored."""
    wanted = rich_text.photo_ids(str(page.form["body"].value() or ""))
    return [described(photo) for photo in Photo.objects.filter(pk__in=wanted[:MAX_PHOTOS])]


def facts(article: Article, at: dt.datetime) -> list[tuple[str, str]]:
    """Return the two facts that are never mixed: what readers see, what is being edited."""
    revision = article.newest_revision
    state = str(LABELS.get(revision.state, "")).lower()
    editing = _("version %(number)s (%(state)s)") % {"number": revision.number, "state": state}
    return [(_("Readers see"), readers_see(article, at)), (_("You are editing"), editing)]


def readers_see(article: Article, at: dt.datetime) -> str:
    """Return in words what readers see at the moment `at` and what they will see next."""
    publications = article.publications.select_related("revision")
    current = publications.public(at).first()
    waiting = publications.waiting(at).first()
    if current:
        now = _("version %(number)s, since %(time)s") % _named(current)
    elif article.has_begun:
        now = _("that the article was withdrawn")
    else:
        now = _("nothing yet")
    if waiting:
        return now + _("; version %(number)s from %(time)s on") % _named(waiting)
    return now


def _named(publication: Publication) -> dict[str, Any]:
    return {
        "number": publication.revision.number,
        "time": events.clock(publication.starts_at),
    }


def steps(article: Article, log: list[Event]) -> list[dict[str, str]]:
    """Return the three steps of the line: written, approved, published, with whom and when."""
    number = article.newest_revision.number
    of_text = [event for event in log if event.data.get("revision") == number]
    done = {event.verb: event for event in reversed(of_text)}
    last = done.get(Verb.PUBLISH) or done.get(Verb.SCHEDULE)
    # A text that went out without a review counts as approved by whoever signed it.
    marks = [
        (pgettext("step", "Writing"), done.get(Verb.SAVE)),
        (pgettext("step", "Approval"), done.get(Verb.APPROVE) or last),
        (pgettext("step", "Publishing"), last),
    ]
    return [
        {
            "label": label,
            "who": events.actor_name(event) if event else "",
            "when": events.clock(event.at) if event else "",
        }
        for label, event in marks
    ]


def returned(article: Article, log: list[Event]) -> dict[str, str] | None:
    """Return who gave the text back, when and why; None when it is not returned."""
    if article.newest_revision.state != Revision.State.RETURNED:
        return None
    event = next((event for event in log if event.verb == Verb.RETURN), None)
    if event is None:
        return None
    return {
        "who": events.actor_name(event),
        "when": events.clock(event.at),
        "reason": event.reason,
    }


def shown_body(revision: Revision) -> SafeString:
    """Return the stored text to be read at the desk, photos by their thumbnails."""
    return rich_text.render(revision.body, thumbnail)


def thumbnail(pk: int) -> SafeString:
    """Return the picture of a token as the desk shows it."""
    return format_html(
        '<figure><img src="{}" alt=""></figure>', reverse("admin:photo_by_id", args=[pk])
    )


def preview(page: Any) -> HttpResponse:
    """Answer with the page readers would see, made from what was typed; nothing is stored."""
    from ..views.preview import preview_page

    with transaction.atomic():
        revision = page.save()
        response = preview_page(revision, page.now)
        transaction.set_rollback(True)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
