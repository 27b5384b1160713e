"""From checked items to published articles, by the newsroom's own verbs.

An article is known again by its source_id. Its place (section, tags, address) and date are set
once, when it is made: from then on they belong to the newsroom. A changed text becomes a new
revision and is published at once, unless somebody has edited or withdrawn the article here.
"""

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import refusals, vietnamese
from newsroom.models import SiteSettings

from .. import workflow
from ..models import Article, Publication
from ..search import indexing
from . import bylines, lines, unchanged
from .directory import Directory

BATCH = 100
# What has no date stands before everything that has one, a second apart, in the order of the file.
UNDATED_FROM = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
UNDATED_UNTIL = dt.datetime(lines.FIRST_YEAR, 1, 1, tzinfo=vietnamese.ZONE)

_REFUSALS = (ValueError, refusals.Refused, ValidationError, DataError, IntegrityError)
_PHOTO_TOKEN = re.compile(r"\[{2,}(?=photo:)")


class Kind(StrEnum):
    """What became of a line."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one line, and why it was refused if it was."""

    line: int
    source_id: str
    kind: Kind
    reason: str = ""


class Loading:
    """One run over one file. `section` is for articles whose line names none."""

    def __init__(self, *, section: str, dry_run: bool = False):
        self.section = section
        self.dry_run = dry_run
        self.directory = Directory()
        self._dateline = _dateline(SiteSettings.load().dateline)
        self._seen: dict[str, int] = {}
        self._undated = _last_undated()

    def run(self, path: Path) -> Iterator[Outcome]:
        """Store the articles of a file, BATCH lines a transaction; yield what became of each line.

        Raises OSError where the file cannot be read.
        """
        numbered = lines.read(path)
        while batch := list(islice(numbered, BATCH)):
            yield from self._batch(batch)

    def _batch(self, batch: list[tuple[int, bytes | None]]) -> list[Outcome]:
        parsed = [self._parsed(number, raw) for number, raw in batch]
        with transaction.atomic():
            names = [item.source_id for item in parsed if isinstance(item, lines.Item)]
            known = _known(names)
            with indexing.gathered():
                outcomes = [
                    self._stored(number, item, known) if isinstance(item, lines.Item) else item
                    for (number, _raw), item in zip(batch, parsed, strict=True)
                ]
            if self.dry_run:
                transaction.set_rollback(True)
                self.directory.forget()
        return outcomes

    def _parsed(self, number: int, raw: bytes | None) -> lines.Item | Outcome:
        try:
            item = lines.parse(raw)
            self._check_single(item, number)
        except lines.Refused as refusal:
            return _refused(number, lines.source_id_of(raw), refusal)
        return item

    def _stored(self, number: int, item: lines.Item, known: dict[str, Article]) -> Outcome:
        try:
            with transaction.atomic():
                return Outcome(number, item.source_id, self._store(item, known))
        except _REFUSALS as refusal:
            self.directory.forget()
            return _refused(number, item.source_id, refusal)

    def _check_single(self, item: lines.Item, number: int) -> None:
        """Refuse a second article of one name: each run would change it back and forth."""
        first = self._seen.setdefault(item.source_id, number)
        if first != number:
            raise lines.Refused(_("source_id stands in line %(line)s already") % {"line": first})

    def _store(self, item: lines.Item, known: dict[str, Article]) -> Kind:
        if article := known.get(item.source_id):
            return Kind.UPDATED if self._update(article, item) else Kind.UNCHANGED
        self._create(item)
        return Kind.CREATED

    def _update(self, article: Article, item: lines.Item) -> bool:
        """Publish what the line says if that is not what was imported; return whether it was."""
        byline, text = bylines.split(item.byline), self._text(item)
        imported = article.revisions.filter(saved_by=None).order_by("-number").first()
        if imported:
            text = unchanged.with_printed_standfirst(text, item.standfirst, imported)
            if unchanged.says(imported, text, byline.credits, self.directory):
                return False
        _republish(article, replace(text, byline=self._credits(byline)))
        return True

    def _create(self, item: lines.Item) -> None:
        byline = self._credits(bylines.split(item.byline))
        revision = workflow.create_article(
            actor=None,
            text=replace(self._text(item), byline=byline),
            placement=self._placement(item),
            source_id=item.source_id,
        )
        starts_at = item.published_at or self._next_undated()
        backdate = workflow.Backdate(starts_at, item.date_precision)
        workflow.publish(actor=None, revision=revision, backdate=backdate)

    def _next_undated(self) -> dt.datetime:
        self._undated += dt.timedelta(seconds=1)
        return self._undated

    def _placement(self, item: lines.Item) -> workflow.Placement:
        day = item.published_at and item.published_at.astimezone(vietnamese.ZONE).date()
        tags = [
            *(self.directory.province(name, day) for name in item.provinces),
            *(self.directory.topic(name) for name in item.topics),
            *(self.directory.cluster(name) for name in item.clusters),
        ]
        return workflow.Placement(
            section=self.directory.section(item.section or self.section),
            tags=frozenset(tag.pk for tag in tags),
        )

    def _text(self, item: lines.Item) -> workflow.Text:
        """Return what the line says, without the names: asking for those makes them."""
        return workflow.Text(
            headline=item.headline,
            standfirst=self._dateline.sub("", item.standfirst, count=1),
            body=body(item.paragraphs),
            source_line=bylines.split(item.byline).source_line,
        )

    def _credits(self, byline: bylines.Byline) -> tuple[workflow.Credit, ...]:
        return tuple(
            workflow.Credit(self.directory.author(credit.name), credit.part)
            for credit in byline.credits
        )


def _refused(number: int, source_id: str, refusal: Exception) -> Outcome:
    reason = "; ".join(getattr(refusal, "messages", None) or [str(refusal)])
    return Outcome(number, source_id, Kind.REFUSED, reason)


def _known(source_ids: list[str]) -> dict[str, Article]:
    """Return those articles that were imported before, by source_id."""
    rows = Article.objects.select_related("newest_revision__saved_by")
    return {article.source_id: article for article in rows.filter(source_id__in=source_ids)}


def body(paragraphs: tuple[str, ...]) -> str:
    """Return plain paragraphs as HTML; nothing in them becomes markup or a photo."""
    blocks = (block for paragraph in paragraphs for block in paragraph.split("\n\n"))
    return "\n".join(f"<p>{_escaped(block)}</p>" for block in blocks)


def _escaped(text: str) -> str:
    text = html.escape(_PHOTO_TOKEN.sub("[", text), quote=False)
    return text.replace("\n", "<br>")


def _dateline(printed: str) -> re.Pattern[str]:
    """What matches the site's dateline before a standfirst, with or without a dash behind it."""
    return re.compile(rf"^{re.escape(printed)}\s*(?:[-–—]\s*)?" if printed else r"^(?!)")


def _last_undated() -> dt.datetime:
    """Return where the undated articles of earlier runs end."""
    undated = Publication.objects.filter(starts_at__lt=UNDATED_UNTIL)
    return undated.aggregate(last=Max("starts_at"))["last"] or UNDATED_FROM


def _republish(article: Article, text: workflow.Text) -> None:
    """Publish `text` now; raises Refused where a person has edited or withdrawn the article."""
    newest = article.newest_revision
    if newest.saved_by_id:
        message = _("%(who)s has edited the article here since it was imported")
        raise lines.Refused(message % {"who": newest.saved_by})
    now = timezone.now()
    if not article.publications.public(now).exists():
        raise lines.Refused(_("the article was withdrawn here"))
    revision = workflow.save_revision(actor=None, article=article, text=text, base=newest.number)
    workflow.publish(actor=None, revision=revision, backdate=workflow.Backdate(now))
