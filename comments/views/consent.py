"""The page that says what is kept of readers, and what was said before."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.views.frame import Frame, answer, public_page
from newsroom import freshness

from .. import consent
from ..models import Comment, ConsentText

State = Comment.State
PATH = "/binh-luan/du-lieu/"
KEPT = {
    State.REJECTED: _lazy("Comments that were not published"),
    State.REMOVED: _lazy("Comments that were removed"),
    State.SPAM: _lazy("Spam"),
    State.WITHDRAWN: _lazy("Comments their senders withdrew"),
    State.UNCONFIRMED: _lazy("Comments nobody confirmed by letter"),
}


@dataclass(frozen=True)
class Version:
    """One version as the page shows it: paragraphs, some under a heading."""

    since: dt.datetime
    parts: list[tuple[str, str]]

    @classmethod
    def of(cls, consent_text: ConsentText) -> "Version":
        """Split the text at its empty lines."""
        blocks = consent_text.text.split("\n\n")
        return cls(consent_text.valid_from, [_headed(block.strip()) for block in blocks])


@public_page
def policy(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Show the consent text in force, for how long things are kept, and the versions before."""
    freshness.until(consent.next_change(at))
    versions = [Version.of(row) for row in consent.begun(at)]
    page = Frame.load(at).page(path=PATH, title=_("What we keep of your comments"))
    return answer(
        "comments/policy.html",
        page,
        current=versions[0] if versions else None,
        earlier=versions[1:],
        kept=_kept(),
    )


def _kept() -> list[tuple[Any, int]]:
    """Return what is kept for how many days, as this installation has it set."""
    days = settings.KEEP_COMMENTS_DAYS
    return [
        *((label, days[state]) for state, label in KEPT.items()),
        (_("Keyed hashes of network addresses"), settings.KEEP_SENDERS_DAYS),
        (_("E-mail addresses"), settings.KEEP_EMAILS_DAYS),
    ]


def _headed(block: str) -> tuple[str, str]:
    """Return heading and rest: a first line above others is a heading if it ends in no sign."""
    first, _newline, rest = block.partition("\n")
    return (first, rest) if rest and first[-1:].isalnum() else ("", block)
