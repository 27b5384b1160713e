"""What the article page shows beside the form: where the article stands, and what can be done."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom import events, rich_text, vietnamese
from newsroom.fields import row_number
from newsroom.models import Event, SiteSettings
from newsroom.vietnamese import encodings

from .. import workflow
from ..models import Article, Photo, Publication, Revision
from ..permissions import Verb, readable
from ..search import doubles
from . import article_verbs
from .article_compare import differences, shown_body
from .article_form import TEXT, ArticleForm, offered_names
from .photos import described
from .states import LABELS, standing

LOG_ROWS = 60
MAX_PHOTOS = 100
SIGNING = (Verb.APPROVE, Verb.PUBLISH, Verb.SCHEDULE)


def of(page: Any) -> dict[str, Any]:
    """Return all the template shows; `page` is an ArticlePage."""
    verbs = article_verbs.offered(page.rights, page.article)
    return {
        **_form(page),
        **(_stored(page.article, page.now) if page.article else {}),
        "doubles": _doubles(page),
        "may": {str(verb): True for verb in verbs},
        "buttons": article_verbs.bar(page.rights, page.article, verbs),
        "lacking": page.problems or _lacking(page.article),
        "theirs": "" if Verb.SAVE in verbs else shown_body(page.revision),
    }


def _form(page: Any) -> dict[str, Any]:
    """Return the form with all that was typed and what is wrong with it."""
    stopped = page.conflict or page.form.errors or page.byline.total_error_count()
    return {
        "opts": page.model_admin.opts,
        "title": str(page.article) if page.article else _("New article"),
        "article": page.article,
        "revision": page.revision,
        "page": page,
        "form": page.form,
        "byline": page.byline,
        "media": page.form.media,
        "names": offered_names(page.request.user),
        "dateline": SiteSettings.load().dateline,
        "placed_already": page.placed_already,
        "problems": page.problems,
        "reason": page.request.POST.get("reason", ""),
        "refusal": page.refusal,
        "conflict": page.conflict,
        "differences": differences(page) if page.conflict else [],
        "photo": _photo(page),
        "known_photos": _known_photos(page),
        "old_encodings": _old_encodings(page.form),
        "encodings_for_scripts": encodings.for_scripts(),
        "saved_at": events.clock(page.revision.saved_at) if page.revision and not stopped else "",
    }


def _stored(article: Article, at: dt.datetime) -> dict[str, Any]:
    """Return how the stored article stands."""
    log = list(events.history(article)[:LOG_ROWS])
    return {
        "standing": standing(article),
        "versions": article.revisions.count(),
        "facts": facts(article, at),
        "steps": steps(article.newest_revision, log),
        "returned": returned(article.newest_revision, log),
        "is_waiting": article.is_waiting,
    }


def _doubles(page: Any) -> list[dict[str, str]]:
    """Return articles with nearly this headline, while the article was not public yet.

    Of what the person may not read only texts that readers see.
    """
    if not page.article or page.article.first_public_at:
        return []
    shown = Publication.objects.public(page.now).filter(revision=F("article__newest_revision"))
    known = Q(pk__in=shown.values("article")) | Q(pk__in=readable(page.request.user).values("pk"))
    others = Article.objects.with_state(page.now).filter(known).exclude(pk=page.article.pk)
    others = others.select_related("section")
    return [_double(other) for other in doubles.alike(page.revision.headline, others)]


def _double(other: Article) -> dict[str, str]:
    at_desk = reverse("admin:articles_article_change", args=[other.pk])
    return {
        "headline": str(other),
        "url": other.get_absolute_url() if other.is_public else at_desk,
        "state": standing(other).label,
    }


def _lacking(article: Article | None) -> dict[str, str]:
    return workflow.problems(article, article.newest_revision) if article else {}


def _photo(page: Any) -> Photo | None:
    """Return the lead photo the form holds at this moment, typed or stored."""
    number = row_number(page.form["photo"].value())
    return Photo.objects.filter(pk=number).first() if number else None


def _known_photos(page: Any) -> list[dict[str, Any]]:
    """Return what the editor shows of the photos in the text, typed or stored."""
    wanted = rich_text.photo_ids(str(page.form["body"].value() or ""))
    return [described(photo) for photo in Photo.objects.filter(pk__in=wanted[:MAX_PHOTOS])]


def _old_encodings(form: ArticleForm) -> list[tuple[str, Any, str]]:
    """Return (name, label, encoding) of each field, typed or stored, that is not in Unicode."""
    texts = ((name, str(form[name].value() or "")) for name in TEXT if name != "photo")
    found = (
        (name, vietnamese.old_encoding(rich_text.plain_text(text) if name == "body" else text))
        for name, text in texts
    )
    return [(name, form[name].label, encoding) for name, encoding in found if encoding]


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


def steps(revision: Revision, log: list[Event]) -> list[dict[str, str]]:
    """Return the three steps of the line: written, approved, published, with whom and when.

    A text that went out without a review counts as approved by whoever signed it.
    """
    used = revision.publications.in_force().select_related("signed_by").order_by("-pk").first()
    of_text = [event for event in log if event.data.get("revision") == revision.number]
    signs = [event for event in reversed(of_text) if event.verb in SIGNING]
    signed = next((event for event in signs if event.verb == Verb.APPROVE), (signs or [None])[0])
    approved = signed if revision.state == Revision.State.APPROVED else None
    return [
        _step(pgettext("step", "Writing"), revision.saved_by, revision.saved_at),
        _step(pgettext("step", "Approval"), approved and approved.actor, approved and approved.at),
        _step(pgettext("step", "Publishing"), used and used.signed_by, used and used.starts_at),
    ]


def _step(label: str, who: Any, at: dt.datetime | None) -> dict[str, str]:
    if at is None:
        return {"label": label, "who": "", "when": ""}
    return {"label": label, "who": str(who or _("The system")), "when": events.clock(at)}


def returned(revision: Revision, log: list[Event]) -> dict[str, str] | None:
    """Return who gave the text back, when and why; None when it is not returned."""
    if revision.state != Revision.State.RETURNED:
        return None
    event = next((event for event in log if event.verb == Verb.RETURN), None)
    if event is None:
        return None
    return {
        "who": events.actor_name(event),
        "when": events.clock(event.at),
        "reason": event.reason,
    }


def preview(page: Any) -> HttpResponse:
    """Answer with the page readers would see, made from what was typed; nothing is stored.

    Raises what saving raises.
    """
    from ..views.preview import preview_page

    with transaction.atomic():
        response = preview_page(page.save(), page.now)
        transaction.set_rollback(True)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
