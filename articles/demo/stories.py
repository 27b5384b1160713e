"""The articles of the demo, brought into their states by the newsroom's own verbs.

Whoever may do a thing does it: a writer hands in, an editor approves, the secretary publishes.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from newsroom import vietnamese
from newsroom.models import User

from .. import workflow
from ..importing.directory import Directory
from ..models import Article, Author, Byline, Cluster, Revision
from ..permissions import Verb, can
from . import plan
from .album import Album

MORNING = dt.time(6, 30)


@dataclass(frozen=True)
class Desk:
    """What a story needs around it; `now` is the moment its days are counted back from."""

    now: dt.datetime
    accounts: dict[str, User]
    authors: dict[str, Author]
    clusters: dict[str, Cluster]
    directory: Directory
    album: Album

    def writer(self, row: dict[str, Any]) -> User:
        """Return who wrote the story; texts of contributors come in through the editor."""
        bylines = (self.authors[credit["name"]].account for credit in row["byline"])
        return next((account for account in bylines if account), self.accounts["bientap"])

    def reviewer(self, article: Article) -> User | None:
        """Return who may approve the article; None where only its own writers could."""
        candidates = (self.accounts["bientap"], self.accounts["thuky"])
        return next((user for user in candidates if can(user, Verb.APPROVE, article)), None)


def source_id(key: str) -> str:
    """Return what an article of the demo is known again by."""
    return f"demo:{key}"


def tell(row: dict[str, Any], desk: Desk) -> Article:
    """Make the article of one row of the plan, in the state the row names; return it."""
    at, precision = plan.published_at(row, desk.now)
    text = _text(row, desk, at)
    revision = workflow.create_article(
        actor=desk.writer(row),
        text=text,
        placement=_placement(row, desk, at),
        source_id=source_id(row["key"]),
    )
    story = _Story(row, desk, revision, text, workflow.Backdate(at, precision))
    _STATES[row.get("state", "published")](story)
    return revision.article


@dataclass(frozen=True)
class _Story:
    row: dict[str, Any]
    desk: Desk
    revision: Revision
    text: workflow.Text
    backdate: workflow.Backdate

    @property
    def writer(self) -> User:
        return self.desk.writer(self.row)

    @property
    def secretary(self) -> User:
        return self.desk.accounts["thuky"]

    def edited(self) -> Revision:
        """Save the text once more with the paragraph that came later."""
        at = self.backdate.starts_at
        later = f"{self.text.body}\n{plan.body([self.row['edit']], at, lambda _picture: '')}"
        return workflow.save_revision(
            actor=self.writer,
            article=self.revision.article,
            text=replace(self.text, body=later),
            base=self.revision.number,
        )


def _draft(story: _Story) -> None:
    """Leave the text as its writer saved it."""


def _in_review(story: _Story) -> None:
    workflow.submit(actor=story.writer, revision=story.revision)


def _returned(story: _Story) -> None:
    _in_review(story)
    reviewer = story.desk.reviewer(story.revision.article)
    workflow.return_(actor=reviewer, revision=story.revision, reason=story.row["reason"])


def _approved(story: _Story) -> None:
    _in_review(story)
    if reviewer := story.desk.reviewer(story.revision.article):
        workflow.approve(actor=reviewer, revision=story.revision)


def _scheduled(story: _Story) -> None:
    _approved(story)
    tomorrow = story.desk.now.astimezone(vietnamese.ZONE).date() + dt.timedelta(days=1)
    morning = dt.datetime.combine(tomorrow, MORNING, vietnamese.ZONE)
    workflow.publish(actor=story.secretary, revision=story.revision, at=morning)


def _published(story: _Story) -> None:
    _approved(story)
    workflow.publish(actor=story.secretary, revision=story.revision, backdate=story.backdate)


def _withdrawn(story: _Story) -> None:
    _published(story)
    workflow.withdraw(
        actor=story.secretary, article=story.revision.article, reason=story.row["reason"]
    )


def _live_with_edit(story: _Story) -> None:
    _published(story)
    story.edited()


def _updated(story: _Story) -> None:
    _published(story)
    later = story.backdate.starts_at + plan.span(story.row["edit_after"])
    backdate = workflow.Backdate(later, story.backdate.precision)
    workflow.publish(actor=story.secretary, revision=story.edited(), backdate=backdate)


_STATES = {
    "draft": _draft,
    "in_review": _in_review,
    "returned": _returned,
    "approved": _approved,
    "scheduled": _scheduled,
    "published": _published,
    "withdrawn": _withdrawn,
    "live_with_edit": _live_with_edit,
    "updated": _updated,
}


def _text(row: dict[str, Any], desk: Desk, at: dt.datetime) -> workflow.Text:
    writer = desk.writer(row)

    def token(description: str) -> str:
        words = dict(zip(("file", "alt", "caption", "credit"), description.split("|"), strict=True))
        return f"[[photo:{desk.album.photo(writer, words).pk}]]"

    return workflow.Text(
        headline=plan.dated(row["headline"], at),
        standfirst=plan.dated(row["standfirst"], at),
        body=plan.body(row["body"], at, token),
        source_line=row.get("source", ""),
        byline=tuple(
            workflow.Credit(desk.authors[credit["name"]], credit.get("part", Byline.Part.TEXT))
            for credit in row["byline"]
        ),
        **_lead_photo(row.get("photo"), desk, writer, at),
    )


def _lead_photo(
    picture: dict[str, str] | None, desk: Desk, writer: User, at: dt.datetime
) -> dict[str, Any]:
    if not picture:
        return {}
    words = {**picture, "caption": plan.dated(picture["caption"], at)}
    return {
        "photo": desk.album.photo(writer, words),
        "photo_alt": words["alt"],
        "photo_caption": words["caption"],
        "photo_credit": words["credit"],
    }


def _placement(row: dict[str, Any], desk: Desk, at: dt.datetime) -> workflow.Placement:
    day = at.astimezone(vietnamese.ZONE).date()
    tags = [
        *(desk.directory.heir(name, day) for name in row["provinces"]),
        *(desk.directory.topic(name) for name in row["topics"]),
        *([desk.clusters[row["cluster"]]] if "cluster" in row else []),
    ]
    return workflow.Placement(
        section=desk.directory.section(row["section"]), tags=frozenset(tag.pk for tag in tags)
    )
