"""What a text must have before anybody else looks at it."""

from django.utils.translation import gettext as _

from newsroom import rich_text, vietnamese

from ..models import Article, Revision


def problems(article: Article, revision: Revision) -> dict[str, str]:
    """Return what is missing, by the name of the form's field; empty when all is there."""
    photo = revision.photo_id
    lacks = {
        "section": (not article.section_id, _("No section is chosen.")),
        "body": (not _has_text(revision), _("There is no text yet.")),
        "byline": (not revision.byline.exists(), _("Nobody stands in the byline.")),
        "photo_alt": (photo and not revision.photo_alt, _("The lead photo has no description.")),
        "photo_credit": (photo and not revision.photo_credit, _("The lead photo has no credit.")),
    }
    missing = {name: message for name, (lacking, message) in lacks.items() if lacking}
    return {**_unreadable(revision), **missing}


def _unreadable(revision: Revision) -> dict[str, str]:
    """Return what readers would see as signs in place of letters."""
    texts = {
        "headline": revision.headline,
        "standfirst": revision.standfirst,
        "body": rich_text.plain_text(revision.body),
    }
    found = {name: vietnamese.old_encoding(text) for name, text in texts.items()}
    message = _("This is written in %(encoding)s; convert it to Unicode first.")
    return {name: message % {"encoding": each} for name, each in found.items() if each}


def _has_text(revision: Revision) -> bool:
    return bool(rich_text.plain_text(revision.body) or rich_text.photo_ids(revision.body))
