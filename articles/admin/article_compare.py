"""A stored text to be read at the desk, and where it differs from what somebody typed."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from newsroom import rich_text, vietnamese

from ..models import Revision
from .article_form import PLACEMENT, TEXT, initial_byline, initial_of


def differences(page: Any) -> list[tuple[str, Any]]:
    """Return (label, what is stored) of every field that differs from what was typed.

    `page` is an ArticlePage whose form is valid and whose article is as it is stored now.
    """
    stored = initial_of(page.article, page.revision)
    typed = page.form.cleaned_data
    found = [(name, _value(page, name, stored)) for name in TEXT if _differs(name, stored, typed)]
    rows = [(_("Byline"), _names(initial_byline(page.revision)))]
    byline = rows if _names(page.byline.rows()) != rows[0][1] else []
    moved = PLACEMENT if page.place_mark != page.place_base else ()
    where = [(name, _value(page, name, stored)) for name in moved if _stands(name, stored, typed)]
    return [(page.form.fields[name].label or _("Photo"), value) for name, value in found] + [
        *byline,
        *((page.form.fields[name].label, value) for name, value in where),
    ]


def _differs(name: str, stored: dict[str, Any], typed: dict[str, Any]) -> bool:
    if name == "photo":
        return stored["photo"] != typed["photo"]
    if name == "body":
        return stored["body"] != rich_text.sanitise(typed["body"])
    return stored[name] != vietnamese.clean(typed[name])


def _stands(name: str, stored: dict[str, Any], typed: dict[str, Any]) -> bool:
    """Whether the article stands elsewhere than was chosen, in this respect."""
    chosen = typed[name]
    if name == "tags":
        return {tag.pk for tag in chosen} != set(stored["tags"])
    if name == "section":
        return (chosen and chosen.pk) != stored["section"]
    return chosen != stored[name]


def _value(page: Any, name: str, stored: dict[str, Any]) -> Any:
    """Return a stored value as it is shown; an empty one as a dash."""
    article, revision = page.article, page.revision
    if name == "body":
        return format_html('<div class="desk-compare__body">{}</div>', shown_body(revision))
    if name == "photo":
        return thumbnail(revision.photo_id) if revision.photo_id else "–"
    if name == "section":
        return article.section or "–"
    if name == "tags":
        return ", ".join(tag.name for tag in article.tags.order_by("sort_key")) or "–"
    if name == "comments_open":
        return _("yes") if article.comments_open else _("no")
    return stored[name] or "–"


def shown_body(revision: Revision) -> SafeString:
    """Return the stored text to be read at the desk, photos by their thumbnails."""
    return rich_text.render(revision.body, thumbnail)


def thumbnail(pk: int) -> SafeString:
    """Return the picture of a token as the desk shows it."""
    return format_html(
        '<figure><img src="{}" alt=""></figure>', reverse("admin:photo_by_id", args=[pk])
    )


def _names(rows: list[dict[str, Any]]) -> str:
    return " – ".join(row["name"] for row in rows) or "–"
