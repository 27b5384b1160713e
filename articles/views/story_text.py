"""The text of an article as its page shows it: the words of one revision, and no other's."""

import datetime as dt
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from newsroom import rich_text, vietnamese

from .. import listing, typography
from ..models import Article, Byline, Publication
from .cards import PHOTOS, Picture, iso, picture


@dataclass(frozen=True)
class Name:
    """One name of the byline; `label` says the part of whoever did not write or photograph."""

    name: str
    url: str
    label: str
    part: str


@dataclass(frozen=True)
class Story:
    """What article.html shows of the text; dates are empty where none may show."""

    article: Article
    headline: str
    headline_parts: list[tuple[str, bool]]
    standfirst: str
    photo: Picture | None
    body: SafeString
    byline: list[Name]
    source: str
    date: str
    iso: str
    updated: str
    updated_iso: str


def told(publication: Publication, owners: list[str], folder: str = PHOTOS) -> Story:
    """Return the story of a publication; names of cluster `owners` stay whole in its headline.

    `folder` is where its photos are to be seen. Two queries, one less where the text itself has
    no photo.
    """
    article, revision = publication.article, publication.revision
    updated, updated_iso = _update(publication)
    return Story(
        article=article,
        headline=revision.headline,
        headline_parts=typography.headline_parts(revision.headline, owners),
        standfirst=typography.tied(revision.standfirst),
        photo=_lead_photo(publication, folder),
        body=_body(publication, folder),
        byline=[_name(credit) for credit in listing.byline(publication)],
        source=revision.source_line,
        date=vietnamese.long_date(article.first_public_at, article.date_precision),
        iso=iso(article.first_public_at, article.date_precision),
        updated=updated,
        updated_iso=updated_iso,
    )


def _update(publication: Publication) -> tuple[str, str]:
    """Return since when this text stands, for readers and machines; empty for the first one."""
    since: dt.datetime = publication.starts_at
    if since <= publication.article.first_public_at:
        return "", ""
    precision = publication.date_precision
    return vietnamese.short_date(since, precision), iso(since, precision)


def _lead_photo(publication: Publication, folder: str) -> Picture | None:
    revision = publication.revision
    if revision.photo is None:
        return None
    words = (revision.photo_alt, revision.photo_caption, revision.photo_credit)
    return picture(revision.photo, *words, folder)


def _body(publication: Publication, folder: str) -> SafeString:
    body = publication.revision.body
    photos = listing.body_photos(publication) if rich_text.photo_ids(body) else {}

    def figure(number: int) -> str:
        if number not in photos:
            return ""
        within = photos[number]
        shown = picture(within.photo, within.alt, within.caption, within.credit, folder)
        return render_to_string("articles/_body_photo.html", {"photo": shown})

    return rich_text.render(body, figure)


def _name(credit: Byline) -> Name:
    return Name(
        name=credit.name,
        url=credit.author.get_absolute_url(),
        label=_label(credit.part),
        part=credit.part,
    )


def _label(part: str) -> str:
    labels = {
        Byline.Part.CAMERA: pgettext("byline", "Camera:"),
        Byline.Part.CUT: pgettext("byline", "Editing:"),
        Byline.Part.COMPILED: pgettext("byline", "Compiled by:"),
        Byline.Part.SOURCE: pgettext("byline", "According to"),
    }
    return labels.get(part, "")
